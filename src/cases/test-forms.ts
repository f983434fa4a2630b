import assert from 'node:assert/strict'
import type { CaseDesk, Person } from './test-cases.ts'

/** The people of one case, by what they are to it. */
export type CaseTeam = {
  readonly rg: Person
  readonly rdp: Person
  readonly head: Person
  readonly leader: Person
  readonly director: Person
}

export type FormAnswer = {
  readonly status: number
  readonly codes: readonly string[]
  readonly message: string
  // biome-ignore lint/suspicious/noExplicitAny: what the API answers is what the tests are about
  readonly json: any
}

export async function teamOf(desk: CaseDesk, head = 'head-900016', leader = 'L-01'): Promise<CaseTeam> {
  return {
    rg: await desk.as('rg-ne'),
    rdp: await desk.as('dp-ne'),
    director: await desk.as('rd-ne'),
    head: await desk.as(head),
    leader: await desk.as(leader),
  }
}

/** A deployment from its start to the first day of its form: issued, the leader has to begin. */
export async function deploy(desk: CaseDesk, team: CaseTeam, given: { urn: number; leader?: string; body?: boolean }) {
  const { rg, rdp, head, leader, director } = team
  const today = desk.today()
  const reference = await rg.start({ urn: given.urn })
  const done = async (who: Person, step: string, fields: object = {}) => {
    const answer = await who.step(reference, step, fields)
    assert.equal(answer.status, 200, `${step}: ${answer.message}`)
  }
  if (given.body !== false)
    await done(rg, 'contact-body', { date: today, person: 'Officer', outcome: 'confirmed', key: 'authority' })
  await done(rg, 'hand-over', { details: 'd', context: 'c', strategic: 's' })
  await done(rdp, 'contact-school', { date: today })
  await done(head, 'engage', { outcome: 'engage' })
  await done(rdp, 'propose', { leader: given.leader ?? 'L-01', reason: 'Best fit' })
  await done(rdp, 'enquire')
  await done(leader, 'leader-answer', { outcome: 'accept', conflict: 'none' })
  await done(rdp, 'suggest')
  await done(head, 'agree', { outcome: 'confirm' })
  await done(rdp, 'inform')
  await done(director, 'approve', { outcome: 'approved' })
  await done(rdp, 'match-confirmed')
  await done(rdp, 'issue-leader')
  await done(rdp, 'issue-school')
  return reference
}

/** The first visit and what leads to it, so that the days of support begin once section 2 is complete. */
export async function visit({ leader }: CaseTeam, reference: string, day: string, person = 'head') {
  const steps: [string, object][] = [
    ['first-contact', { date: day, person }],
    ['arrange-meeting', { date: day }],
    ['first-visit', { date: day, mode: 'face-to-face', place: 'Office', attendees: 'Head' }],
  ]
  for (const [step, fields] of steps) {
    const answer = await leader.step(reference, step, fields)
    assert.equal(answer.status, 200, `${step}: ${answer.message}`)
  }
}

const answered = async (answer: Awaited<ReturnType<Person['get']>>): Promise<FormAnswer> => {
  // biome-ignore lint/suspicious/noExplicitAny: see FormAnswer
  const json = answer.json<any>()
  const refusals: { code: string; message: string }[] = json.refusals ?? []
  return {
    status: answer.status,
    codes: refusals.map(({ code }) => code),
    message: refusals.map(({ message }) => message).join(' | '),
    json,
  }
}

/** What one person does with the form of a case, by the API. */
export function formOfCase(person: Person, reference: string) {
  const path = `/api/v1/cases/${reference}/form`
  return {
    read: async () => answered(await person.get(path)),
    section: async (section: string, version?: number) =>
      answered(await person.get(`${path}/sections/${section}${version ? `?version=${version}` : ''}`)),
    save: async (section: string, body: object) => answered(await person.postJson(`${path}/sections/${section}`, body)),
    complete: async (section: string, body: object) =>
      answered(await person.postJson(`${path}/sections/${section}`, { ...body, complete: true })),
    sign: async (signature: string, body: object = {}) =>
      answered(await person.postJson(`${path}/signatures/${signature}`, body)),
    submit: async (body: object = {}) => answered(await person.postJson(`${path}/submissions`, body)),
    open: async () => answered(await person.postJson(path, {})),
  }
}

const AREAS = [
  'teaching-learning',
  'governance-trust',
  'behaviour',
  'attendance',
  'curriculum-teachers',
  'leadership',
  'finance',
  'wellbeing-safeguarding',
  'pupil-premium',
  'workload-staffing',
  'structure-culture',
  'other',
]

/** Section 2 with the areas named chosen, each with its ways of support and one source. */
export function scopeOf(chosen: Readonly<Record<string, readonly string[]>>, more: object = {}) {
  const rows = AREAS.map((area) => {
    const mechanisms = chosen[area]
    return [area, mechanisms ? { focus: 'yes', mechanisms, sources: ['school-data'] } : { focus: 'no' }]
  })
  return {
    fields: { why: 'consecutive-ri', approach: 'adequate', decision: 'update', ...more },
    rows: { areas: Object.fromEntries(rows) },
  }
}

export const MID = { fields: { progress: 'on-track', change: 'no' } }

/** Section 4 with every aim reached and the activities named completed, closed early. */
export function closureOf(activities: readonly string[], more: object = {}) {
  return {
    fields: {
      early: 'yes',
      'early-reason': 'The aims are reached',
      strategy: 'full',
      'strategy-level': 'school',
      further: 'none',
      joining: 'discussed',
      conversation: 'held',
      'conversation-date': '2024-03-01',
      'conversation-with': 'Head and chair',
      ...more,
    },
    rows: {
      aims: {
        priorities: { rating: 'achieved' },
        bespoke: { rating: 'achieved' },
        lasting: { rating: 'part' },
      },
      activities: Object.fromEntries(activities.map((key) => [key, { status: 'completed' }])),
      'next-steps': { 1: { what: 'Keep the weekly review', owner: 'school' } },
    },
  }
}

export const BANK = { fields: { 'account-name': 'Trust account', 'sort-code': '123456', 'account-number': '01234567' } }
