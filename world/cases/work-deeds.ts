import type { CaseDays } from './case-days.ts'
import type { Deed } from './deed.ts'
import { chosenAreas, scopeBody } from './form-bodies.ts'
import type { Subject } from './opening-deeds.ts'
import { addDays, type CaseStory, dayIn, spreadDays, stageNumber } from './story.ts'

/** The days of a deployment in their order; those between are spent on what the school needs. */
const FIRST = [
  { step: 'start-up', kind: 'communication' },
  { step: 'scoping', kind: 'scoping' },
  { step: 'explore', kind: 'quality-assurance' },
]
const BETWEEN = ['use-of-evidence', 'approved-support', 'mid-review', 'development', 'strong-trusts']
const LAST = { step: 'closure', kind: 'reporting' }
/** Steps of the model by the number that a scene calls them. */
const BY_NUMBER = ['start-up', 'scoping', 'explore', ...BETWEEN, 'sustained', 'closure']
const KINDS: Readonly<Record<string, string>> = {
  'start-up': 'communication',
  scoping: 'scoping',
  explore: 'quality-assurance',
  closure: 'reporting',
}
const SPECIALISMS: Readonly<Record<string, string>> = { 'P-1': 'subject', 'P-2': 'timetabling', 'P-3': 'governing' }

/** The work of a case from the first visit on: form, plan, log of days, team and notes, as far as the scene tells. */
export function workDeeds(story: CaseStory, days: CaseDays, subject: Subject): Deed[] {
  const flagged = dayIn(story.absence_flag)
  const flag: Deed[] = flagged
    ? [{ do: 'step', step: 'flag-absence', by: 'rg', on: flagged, fields: { note: 'Absence is high in this school' } }]
    : []
  if (stageNumber(story) < 9) return flag
  return [
    ...flag,
    ...visitDeeds(story, days),
    ...scopeDeeds(story, days, subject),
    ...teamDeeds(story, days),
    ...planDeeds(story, days),
    ...dayDeeds(story, days),
    ...midDeeds(story, days),
    ...contactDeeds(story),
  ]
}

function isVisited(story: CaseStory): boolean {
  return story.visit === undefined ? isScoped(story) || story.used !== 0 : dayIn(story.visit) !== undefined
}

/** Section 2 is complete where the scene says so, and in every case whose work is under way. */
function isScoped(story: CaseStory): boolean {
  const { section2, used = 0, areas } = story
  if (section2 !== undefined) return section2 === 'complete'
  return stageNumber(story) > 9 || used > 0 || areas !== undefined || story.points?.includes('pre') === true
}

function visitDeeds(story: CaseStory, { visited: on }: CaseDays): Deed[] {
  const visit = { date: on, mode: 'face-to-face', place: 'At the school', attendees: 'Head and chair of governors' }
  return isVisited(story) ? [{ do: 'step', step: 'first-visit', by: 'sl', on, fields: visit }] : []
}

const GOVERNANCE = { external: 'effective', reason: 'The board asks well' }

function scopeDeeds(story: CaseStory, { visited: on, engaged }: CaseDays, { inTrust }: Subject): Deed[] {
  const begunOnly = story.section2 === 'incomplete'
  const butOne = story.section2?.startsWith('complete but') === true
  if (!isScoped(story) && !begunOnly && !butOne) return []
  const when = isVisited(story) ? on : engaged
  const body = { by: 'sl', on: when, section: 'scope' } as const
  if (begunOnly) return [{ ...body, do: 'section', fields: { fields: { approach: 'adequate' } }, complete: false }]
  return [
    { do: 'step', step: 'governance-question', by: 'sl', on: when, fields: GOVERNANCE },
    { ...body, do: 'section', fields: scopeBody(story, inTrust), complete: true },
  ]
}

function teamDeeds(story: CaseStory, { visited: on }: CaseDays): Deed[] {
  const people = [...(story.team ?? []), ...(story.shares ? ['outsider-1'] : [])]
  return people.map((person) => ({
    do: 'member',
    by: 'sl',
    on,
    person,
    specialism: SPECIALISMS[person] ?? 'subject',
  }))
}

/** One strategy for each area that is worked on; three of four carry what is expected of them. */
function planDeeds(story: CaseStory, { visited: on }: CaseDays): Deed[] {
  if (!isScoped(story) || story.strategies === 0) return []
  const wanted = Number(story.plan?.match(/^(\d+) activities/)?.[1] ?? 1)
  const expecting = Number(story.plan?.match(/\((\d+) with expected/)?.[1] ?? wanted)
  const areas = chosenAreas(story)
  return Array.from({ length: wanted }, (_, place) => ({
    do: 'strategy',
    by: 'sl',
    on,
    fields: {
      area: areas[place % areas.length],
      action: ACTIONS[place % ACTIONS.length],
      owner: 'Head',
      due: addDays(on, 100),
      ...(place < expecting && { expected: 'Fewer lessons are disturbed' }),
    },
  }))
}

const ACTIONS = [
  'Agree what is expected in every lesson',
  'Coach the leaders of subjects',
  'Call home on the first day',
  'Plan by units',
]

/** The days of the log: as the scene lists them, else as many as it counts. */
function dayDeeds(story: CaseStory, days: CaseDays): Deed[] {
  if (story.days)
    return story.days.map(([date, length, step, , state]) => {
      const of = BY_NUMBER[Number(step.replace('step ', '')) - 1] ?? 'development'
      return dayDeed(date, { days: String(length), step: of, kind: KINDS[of] ?? 'bespoke', state })
    })
  const { used = 0 } = story
  const count = Math.ceil(used)
  const closes = stageNumber(story) >= 12 || (stageNumber(story) === 10 && used >= (story.agreed ?? 10))
  return spreadDays(days.visited, days.worked, count).map((date, place) => {
    const what = kindOf(place, count, closes)
    const length = place === count - 1 && used < count ? '0.5' : '1'
    return dayDeed(date, { days: length, ...what, ...(story.shares && sharedDay(place)) })
  })
}

function dayDeed(on: string, fields: Readonly<Record<string, unknown>>): Deed {
  return { do: 'day', by: 'sl', on, fields: { date: on, state: 'validated', mode: 'face-to-face', ...fields } }
}

function kindOf(place: number, count: number, closes: boolean) {
  if (closes && place === count - 1) return LAST
  return FIRST[place] ?? { step: BETWEEN[(place - FIRST.length) % BETWEEN.length] ?? '', kind: 'bespoke' }
}

/** Six of ten days by somebody of the own staff, six remote: the first four by the leader in person. */
function sharedDay(place: number) {
  return {
    ...(place >= 4 && { performer: 'outsider-1' }),
    ...(place >= 4 && { mode: 'remote', 'mode-reason': 'valuable' }),
  }
}

/** Section 3, where the scene names it, and before the end of every deployment. */
function midDeeds(story: CaseStory, { worked }: CaseDays): Deed[] {
  const said = story.sections?.['3']
  const isComplete = said ? said.startsWith('complete') : story.points?.includes('mid') || stageNumber(story) >= 12
  if (!isComplete) return []
  const body = { fields: { progress: 'on-track', change: 'no' } }
  return [{ do: 'section', section: 'mid', by: 'sl', on: dayIn(said) ?? worked, fields: body, complete: true }]
}

/** Calls of the delivery partner, and notes of the case: shared or kept among those who run the programme. */
function contactDeeds(story: CaseStory): Deed[] {
  const called = story.last_rdp_contact
  return called
    ? [
        {
          do: 'step',
          step: 'keep-contact',
          by: 'rdp',
          on: called,
          fields: { date: called, channel: 'phone', note: 'The work goes as planned' },
        },
      ]
    : []
}

/** Notes that the scene quotes, and those that it only counts. */
export function noteDeeds(story: CaseStory, { begun, visited }: CaseDays): Deed[] {
  const quoted = (story.context_notes ?? []).map((note): Deed => {
    const text = note.replace(/^(shared|internal:?)\s*/, '').replaceAll("'", '')
    const audience = note.startsWith('internal') ? 'internal' : 'shared'
    return { do: 'note', by: 'rg', on: story.approved ?? begun, fields: { audience, words: text } }
  })
  if (!story.notes) return quoted
  return [
    ...quoted,
    { do: 'note', by: 'rg', on: visited, fields: { audience: 'internal', words: 'The chair changes in summer' } },
    { do: 'note', by: 'sl', on: visited, fields: { audience: 'shared', words: 'The deputy is our contact' } },
  ]
}
