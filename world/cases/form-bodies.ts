import type { CaseStory } from './story.ts'

/** Focus areas by the names that the source gives them. */
const AREAS: Readonly<Record<string, string>> = {
  'Teaching & Learning': 'teaching-learning',
  'Governance / Trust': 'governance-trust',
  Behaviour: 'behaviour',
  'Absence / Attendance': 'attendance',
  'Curriculum and teacher development': 'curriculum-teachers',
  'Leadership & Management': 'leadership',
  'Financial management': 'finance',
  'Pupil wellbeing, mental health and safeguarding': 'wellbeing-safeguarding',
  'Pupil premium': 'pupil-premium',
  'Teacher workload / recruitment & retention': 'workload-staffing',
  'Structure & Culture': 'structure-culture',
  Other: 'other',
}
/** Ways of support in every area of an invented case. */
const MEANS = ['coaching', 'training'] as const
const USUAL = ['behaviour', 'leadership']

export function chosenAreas({ areas, section2_areas: named }: CaseStory): string[] {
  const said = areas ?? named?.yes
  if (!said) return USUAL
  return said.map((name) => {
    const id = AREAS[name]
    if (!id) throw new Error(`There is no focus area "${name}"`)
    return id
  })
}

/** Section 2 with the areas that the scene names. What it says of subjects stands in the further words. */
export function scopeBody(story: CaseStory, inTrust: boolean) {
  const chosen = chosenAreas(story)
  const rows = Object.values(AREAS).map((id) => [
    id,
    chosen.includes(id) ? { focus: 'yes', mechanisms: MEANS, sources: ['school-data'] } : { focus: 'no' },
  ])
  const subjects = story.subjects?.join(', ')
  return {
    fields: {
      why: story.basis === 'criterion 2' || story.subject === '900014' ? 'inadequate' : 'consecutive-ri',
      approach: inTrust ? 'strong' : 'adequate',
      decision: 'update',
      ...(subjects && { 'why-note': `Subjects: ${subjects}` }),
    },
    rows: { areas: Object.fromEntries(rows) },
  }
}

/** Section 4 with every activity of section 2 completed. */
export function closureBody(story: CaseStory, { inTrust, on }: { inTrust: boolean; on: string }) {
  const { used = 10, agreed = 10 } = story
  const activities = chosenAreas(story).flatMap((area) => MEANS.map((means) => [`${area}-${means}`, COMPLETED]))
  const applies = story.application !== undefined && story.application !== 'none'
  return {
    fields: {
      ...(used < agreed && { early: 'yes', 'early-reason': 'The aims are reached' }),
      strategy: 'full',
      'strategy-level': inTrust ? 'trust' : 'school',
      further: applies ? 'funded-partnership' : 'none',
      ...(!inTrust && { joining: 'discussed' }),
      ...(story.conversation === 'none'
        ? {}
        : { conversation: 'held', 'conversation-date': on, 'conversation-with': 'Head and chair' }),
    },
    rows: {
      aims: {
        priorities: { rating: 'achieved' },
        bespoke: { rating: 'achieved' },
        lasting: { rating: 'part' },
      },
      activities: Object.fromEntries(activities),
      'next-steps': { 1: { what: 'Keep the weekly review', owner: 'school' } },
    },
  }
}

const COMPLETED = { status: 'completed' }

/** An invented account; the numbers belong to nobody. */
export const BANK = {
  fields: { 'account-name': 'Invented trust account', 'sort-code': '123456', 'account-number': '01234567' },
}

export const CLOSING_LIST = {
  'leader-evaluation': 'The aims are reached',
  'next-steps': 'Keep the weekly review',
  'exit-plan': 'The deputy takes over',
  'future-partnership': 'none',
}
