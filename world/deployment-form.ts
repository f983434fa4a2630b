import assert from 'node:assert/strict'
import { sql } from 'kysely'
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
  await desk.doStep(reference, 'governance-question', on, { external: 'effective', reason: 'The board asks well' })
  return reference
}

/** Days of the leader in person, six and then four: every kind that the end of the work asks for, and days of delivery. */
export const SIX_DAYS: readonly object[] = [
  { days: 1, step: 'start-up', kind: 'communication' },
  { days: 1, step: 'scoping', kind: 'scoping' },
  { days: 1, step: 'explore', kind: 'quality-assurance' },
  { days: 2, step: 'use-of-evidence', kind: 'bespoke' },
  { days: 1, step: 'closure', kind: 'reporting' },
]
export const FOUR_DAYS: readonly object[] = [{ days: 4, step: 'development', kind: 'bespoke' }]

/** Logs days of today as done and validated by the leader. */
export async function logDays(desk: CaseDesk, reference: string, days: readonly object[]): Promise<void> {
  const leader = await desk.as('L-01')
  for (const day of days) {
    const logged = await leader.postJson(`/api/v1/cases/${reference}/log`, {
      date: desk.today(),
      state: 'validated',
      mode: 'face-to-face',
      ...day,
    })
    assert.equal(logged.status, 201, logged.body)
  }
}

/** The invented head of one school, who is from now on the head of this one. */
export async function headOf(desk: CaseDesk, urn: number): Promise<Person> {
  await sql`update role_grant set scope_values = array[${String(urn)}] where role = 'head'
    and person_id = (select id from person where 'head-900016' = any (demonstration_ids))`.execute(
    desk.service.database.db,
  )
  return desk.as('head-900016')
}

/** What ends the work once days are logged: a strategy, and the closure with the school, whose head is `head`. */
export async function windUp(desk: CaseDesk, reference: string, head: Person): Promise<void> {
  const leader = await desk.as('L-01')
  const path = `/api/v1/cases/${reference}`
  const strategy = { area: 'behaviour', action: 'Agree a policy', owner: 'Head', due: '2024-07-19' }
  assert.equal((await leader.postJson(`${path}/strategies`, strategy)).status, 201)
  const closing = {
    'leader-evaluation': 'The aims are reached',
    'next-steps': 'Keep the weekly review',
    'exit-plan': 'The deputy takes over',
    'future-partnership': 'none',
  }
  const list = `${path}/lists/closure-with-school`
  assert.equal((await leader.postJson(list, closing)).status, 200)
  const ours = await head.postJson(list, { 'school-evaluation': 'It helped' })
  assert.equal(ours.status, 200, ours.body)
  for (const step of ['work', 'wind-up']) {
    const done = await leader.step(reference, step)
    assert.equal(done.status, 200, `${step}: ${done.message}`)
  }
}

/** The areas chosen where a test does not care, and the activities that follow from them. */
export const CHOSEN = { behaviour: ['shadowing', 'programme'], attendance: ['training'], leadership: ['coaching'] }
export const ACTIVITIES = ['behaviour-shadowing', 'behaviour-programme', 'attendance-training', 'leadership-coaching']

/** The same with ten days, sections 2 to 4 and 6 complete and the work ended on `day`: the leader has to sign. */
export async function completed(desk: CaseDesk, reference: string, subject: number, day: string): Promise<string> {
  await deployed(desk, reference, subject)
  desk.setToday(day)
  const leader = await desk.as('L-01')
  const form = formOfCase(leader, reference)
  const scoped = await form.complete('scope', scopeOf(CHOSEN))
  assert.equal(scoped.status, 200, scoped.message)
  await logDays(desk, reference, [...SIX_DAYS, ...FOUR_DAYS])
  await windUp(desk, reference, await desk.as('head-900016'))
  const sections: [string, object][] = [
    ['mid', MID],
    ['closure', closureOf(ACTIVITIES)],
    ['claim', {}],
  ]
  for (const [section, body] of sections) {
    const saved = await form.complete(section, body)
    assert.equal(saved.status, 200, `${section}: ${saved.message}`)
  }
  const done = await leader.step(reference, 'completion')
  assert.equal(done.status, 200, done.message)
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
