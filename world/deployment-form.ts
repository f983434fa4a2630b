import assert from 'node:assert/strict'
import type { CaseDesk, Person } from '../src/cases/test-cases.ts'

/** The people of one case, by what they are to it. */
export type CaseTeam = {
  readonly rg: Person
  readonly rdp: Person
  readonly head: Person
  readonly leader: Person
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
    head: await desk.as(head),
    leader: await desk.as(leader),
  }
}

/** A deployment whose form is open, on the day of the first visit: sections can be filled from here. */
export async function deployed(desk: CaseDesk, reference: string, subject: number, on = '2023-11-20'): Promise<string> {
  const days = { begun: subject === 900001 ? on : '2023-11-06', S07: on }
  const person = subject === 900002 ? 'ceo' : 'head'
  await desk.drive(reference, subject, { to: 'S09', leader: 'L-01', days, person, diocese: subject === 900009 })
  const visit = { date: on, mode: 'remote', attendees: 'Head' }
  await desk.doStep(reference, 'first-visit', on, visit)
  return reference
}

/** The areas chosen where a test does not care, and the activities that follow from them. */
export const CHOSEN = { behaviour: ['shadowing', 'programme'], attendance: ['training'], leadership: ['coaching'] }
export const ACTIVITIES = ['behaviour-shadowing', 'behaviour-programme', 'attendance-training', 'leadership-coaching']

/** The same with sections 2 to 4 and 6 complete and the work ended on `day`: the leader has to sign. */
export async function completed(desk: CaseDesk, reference: string, subject: number, day: string): Promise<string> {
  await deployed(desk, reference, subject)
  desk.setToday(day)
  const leader = await desk.as('L-01')
  const form = formOfCase(leader, reference)
  const sections: [string, object][] = [
    ['scope', scopeOf(CHOSEN)],
    ['mid', MID],
    ['closure', closureOf(ACTIVITIES)],
    ['claim', {}],
  ]
  for (const [section, body] of sections) {
    const saved = await form.complete(section, body)
    assert.equal(saved.status, 200, `${section}: ${saved.message}`)
  }
  for (const step of ['work', 'completion']) {
    const done = await leader.step(reference, step)
    assert.equal(done.status, 200, `${step}: ${done.message}`)
  }
  return reference
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
