import { sql } from 'kysely'
import type { CaseDesk, Person } from './test-cases.ts'

export type WorkingCase = {
  readonly reference: string
  readonly id: number
  readonly rg: Person
  readonly rdp: Person
  readonly leader: Person
  readonly head: Person
  /** Adds an item to the log and answers what came back. */
  log(by: Person, fields: object): Promise<Logged>
  read<T>(by: Person, part: string): Promise<T>
  send(by: Person, part: string, fields?: object): Promise<Logged>
}
export type Logged = {
  readonly status: number
  readonly id: number
  readonly codes: readonly string[]
  readonly message: string
  readonly fields: readonly string[]
}

/** The days on which a case goes from its start to the first visit. */
const START = '2023-12-04'
const VISIT = '2023-12-11'

/** A case of the invented England whose first visit is done and whose form is scoped: days can be logged. */
export async function openWorkingCase(
  desk: Pick<CaseDesk, 'service' | 'as' | 'setToday'>,
  {
    urn,
    trust,
    leader: reference,
    school,
    scoped = true,
    start: today = START,
    visit = VISIT,
  }: { urn?: number; trust?: string; leader: string; school: string; scoped?: boolean; start?: string; visit?: string },
): Promise<WorkingCase> {
  desk.setToday(today)
  const [rg, rdp, leader, head, director] = [
    await desk.as('rg-ne'),
    await desk.as('dp-ne'),
    await desk.as(reference),
    await desk.as(school),
    await desk.as('rd-ne'),
  ]
  const ref = await rg.start(urn === undefined ? { trust } : { urn })
  const must = async (answer: Promise<{ status: number; message: string }>) => {
    const { status, message } = await answer
    if (status !== 200) throw new Error(message)
  }
  const open = async () => (await rg.read(ref)).open.map(({ step, key }) => ({ step, key }))
  for (const { step, key } of await open())
    if (key) await must(rg.step(ref, step, { key, date: today, person: 'Officer', outcome: 'confirmed' }))
  await must(rg.step(ref, 'hand-over', { details: 'd', context: 'What both sides should know', strategic: 's' }))
  await must(rdp.step(ref, 'contact-school', { date: today }))
  await must(head.step(ref, 'engage', { outcome: 'engage', context: 'We have a new head of maths' }))
  await must(
    rdp.step(ref, 'propose', { leader: reference, 'reason-nle': 'Nobody else is near', 'reason-capacity': 'Agreed' }),
  )
  await must(rdp.step(ref, 'enquire', { reason: 'Agreed with the leader' }))
  await must(leader.step(ref, 'leader-answer', { outcome: 'accept', conflict: 'none' }))
  await must(rdp.step(ref, 'match-confirmed', {}))
  await must(rdp.step(ref, 'suggest', {}))
  await must(head.step(ref, 'agree', { outcome: 'confirm' }))
  await must(rdp.step(ref, 'inform', {}))
  await must(director.step(ref, 'approve', { outcome: 'approved', reason: 'Agreed with the leader' }))
  await must(rdp.step(ref, 'issue-leader', {}))
  await must(rdp.step(ref, 'issue-school', {}))
  const whom = urn === undefined || trust ? 'ceo' : 'head'
  await must(leader.step(ref, 'first-contact', { date: today, person: whom, 'reason-contact': 'They were in' }))
  await must(leader.step(ref, 'arrange-meeting', { date: visit }))
  desk.setToday(visit)
  const { db } = desk.service.database
  // The form is another slice's: here it counts as scoped.
  if (scoped)
    await sql`update case_step s set state = 'done', done_on = ${visit} from support_case c
      where c.id = s.case_id and c.reference = ${ref} and s.step = 'scoping'`.execute(db)
  await must(
    leader.step(ref, 'first-visit', { date: visit, mode: 'face-to-face', place: 'At the school', attendees: 'Head' }),
  )
  const { rows } = await sql<{ id: number }>`select id from support_case where reference = ${ref}`.execute(db)
  const send = async (by: Person, part: string, fields: object = {}): Promise<Logged> => {
    const answer = await by.postJson(`/api/v1/cases/${ref}${part}`, fields)
    const body = answer.json<{ id?: number; refusals?: { code: string; message: string; field?: string }[] }>()
    const refusals = body.refusals ?? []
    return {
      status: answer.status,
      id: body.id ?? 0,
      codes: refusals.map(({ code }) => code),
      fields: refusals.map(({ field }) => field ?? ''),
      message: refusals.map(({ message }) => message).join(' | '),
    }
  }
  return {
    reference: ref,
    id: rows[0]?.id ?? 0,
    rg,
    rdp,
    leader,
    head,
    send,
    log: (by, fields) => send(by, '/log', fields),
    read: async <T>(by: Person, part: string) => (await by.get(`/api/v1/cases/${ref}${part}`)).json<T>(),
  }
}

export type LogView = {
  agreedDays: number
  usedDays: number
  plannedDays: number
  validatedDays: number
  claimableDays: number
  waitingForValidation: string[]
  notClaimable: { on: string; because: string }[]
  shares: { id: string; percent: number; warning: string | null }[]
  items: {
    id: number
    date: string
    state: string
    step: string
    area: string | null
    by: string
    claimable: number
    amount: number
    timeframe: string | null
    monitoring: { words: string }[]
    history: { state: string; by: string; on: string }[]
    engagement?: string | null
    confirmedOn: string | null
  }[]
}
