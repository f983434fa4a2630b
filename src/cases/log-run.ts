import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { longDate } from '../platform/words.ts'
import type { Log } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { Answers } from './case-state.ts'
import { checkRefusals, isDuring, warningsOf } from './decide-step.ts'
import { CORE, coreFields, enteredOf } from './log-fields.ts'
import { isExtraByItself, itemRefusals, type LogItem, lateness, type NewItem } from './log-item.ts'
import { type ShareNow, sharesOf, tellShares } from './log-shares.ts'
import { insertItem, insertMove, readExtensions, readLog } from './log-store.ts'
import { askedFields, readAnswers, typedAnswers } from './read-answers.ts'
import { belongsToLeader, findPerson, type Member, readTeam } from './team-store.ts'
import { changeWork, partyTitles, type WorkDesk } from './work-desk.ts'

export type LogAsk = {
  readonly reference: string
  readonly body: Readonly<Record<string, unknown>>
  readonly by: Actor
  readonly submission?: string | undefined
}

/** A case's log with what it is judged by. */
export type LogDesk = WorkDesk & {
  readonly logId: string
  readonly log: Log
  readonly items: readonly LogItem[]
  readonly team: readonly Member[]
  readonly allowance: { readonly agreed: number; readonly extensions: Awaited<ReturnType<typeof readExtensions>> }
  readonly shares: readonly ShareNow[]
}

export async function openLog(desk: WorkDesk): Promise<LogDesk> {
  const logId = desk.work.log.of
  const log = desk.flow.logs?.[logId]
  if (!log) throw new Error(`The flow has no log ${logId}`)
  const items = await readLog(desk.db, desk.record.id, logId)
  const team = await readTeam(desk.db, desk.record.id)
  const extensions = await readExtensions(desk.db, desk.record.id)
  const allowance = { agreed: desk.record.state.agreedHalfDays, extensions }
  return { ...desk, logId, log, items, team, allowance, shares: sharesOf(desk, log, items) }
}

/** Runs a change of a case's log in one transaction; `work` decides and stores. */
export function withLog<T>(
  parts: CaseParts,
  { reference, by, submission }: Omit<LogAsk, 'body'>,
  work: (desk: LogDesk) => Promise<Decision<T>>,
): Promise<Decision<T>> {
  return changeWork(parts, { reference, by, submission }, async (desk) => work(await openLog(desk)))
}

export const OUTSIDE = 'performer.outside'

/** `warnings`: what was noticed and bars nothing. */
export type ItemAdded = { readonly id: number; readonly warnings: readonly string[] }

/**
 * Logs an item: read, judged by the engine and by the pack's checks, stored, told and audited in one transaction. Codes:
 * `performer.outside` (also kept in the audit), `log.too-many`, `log.not-approved`, `not-responsible`, `check.<id>`, `reason.<id>`.
 */
export async function addItem(parts: CaseParts, ask: LogAsk): Promise<Decision<ItemAdded>> {
  const decision = await withLog(parts, ask, (desk) => add(desk, ask))
  if (!decision.ok) await keepRefused(parts.database.db, ask, decision.refusals)
  return decision
}

/** That somebody outside was to be paid for is kept, though nothing else is (TSI-195). */
export async function keepRefused(
  db: Db,
  { reference, by, body }: Pick<LogAsk, 'reference' | 'by' | 'body'>,
  refusals: readonly Refusal[],
): Promise<void> {
  const outside = refusals.find(({ code }) => code === OUTSIDE)
  if (!outside) return
  await db.transaction().execute((transaction) =>
    writeAudit(transaction, {
      actor: by,
      action: 'Refused: somebody outside',
      record: 'case',
      recordKey: reference,
      new: { performer: String(body['performer'] ?? body['person'] ?? '') },
      reason: outside.message,
    }),
  )
}

async function add(desk: LogDesk, { body, by }: LogAsk): Promise<Decision<ItemAdded>> {
  const { record, log, logId, leader, today } = desk
  const closed = duringRefusal(desk)
  if (closed) return refuse(closed)
  if (!leader || record.state.leaderId === null)
    return refuse({ code: 'leader.none', message: 'This case has no leader at present' })
  const performer = await readPerformer(desk, body, by)
  if (!performer.ok) return performer
  const read = readItem(desk, body, performer.value)
  if (!read.ok) return read
  const { item, fields, entered, reasons } = read.value
  const who = moveRefusal(desk, item.state, item.memberId)
  if (who) return refuse(who)
  const outside = await outsideRefusal(desk, item)
  const facts = desk.facts(entered)
  const refusals = [
    ...(outside ? [outside] : []),
    ...itemRefusals(item, desk.items, desk),
    ...checkRefusals({ facts, cleared: new Set(), pack: record.pack }, log.checks ?? [], reasons),
  ]
  if (refusals.length > 0) return refuse(...refusals)
  const counted = item.state === log.counts
  const id = await insertItem(desk.db, {
    caseId: record.id,
    log: logId,
    leaderId: leader.id,
    item,
    fields,
    reasons,
    counted,
    today,
    by,
  })
  await insertMove(desk.db, { itemId: id, state: item.state, today, by })
  await writeAudit(desk.db, {
    actor: by,
    action: `${log.title}: ${item.state}`,
    record: 'case',
    recordKey: record.reference,
    new: { day: item.on, halfDays: item.halfDays, step: item.step, ...(item.external && { external: item.external }) },
    reason: Object.values(reasons).join('; ') || null,
  })
  await tellAfter(desk, { ...item, lateTo: null, lateRefusal: null })
  return accept({ id, warnings: warningsOf(facts, log.checks) })
}

/** Whoever is told when an item came in: extra days past their time, shares that left their bounds, reasons given. */
async function tellAfter(desk: LogDesk, item: NewItem & Pick<LogItem, 'lateTo' | 'lateRefusal'>): Promise<void> {
  const { work, record } = desk
  if (lateness(item, desk.allowance.extensions) === 'open')
    for (const party of work.log.late.tell) await desk.tell(party, `${longDate(item.on)}: ${work.log.late.say}`)
  const items = await readLog(desk.db, record.id, desk.logId)
  await tellShares(desk, desk.log, { before: desk.items, after: items })
}

function duringRefusal({ flow, log, record }: LogDesk): Refusal | undefined {
  const { status, stage } = record.state
  if (status === 'closed') return { code: 'case.closed', message: 'This case is closed; no day can be added' }
  if (isDuring(flow, log.during, stage)) return undefined
  return {
    code: 'log.not-now',
    message: `${log.title}: possible in ${log.during.replace('..', ' to ')} only; the case is in ${stage}`,
  }
}

/** The team member named; a member of the team who logs is that member. Null: the leader in person. */
async function readPerformer(desk: LogDesk, body: LogAsk['body'], by: Actor): Promise<Decision<string>> {
  const named = String(body['performer'] ?? '').trim()
  if (!desk.isOf(desk.work.log['answers-for']) && by.personId !== null) return accept(String(desk.memberId ?? ''))
  if (named === '' || /^\d+$/.test(named)) return accept(named)
  const person = await findPerson(desk.db, named)
  const member = desk.team.find((one) => one.personId === person?.personId && one.endedOn === null)
  if (member) return accept(String(member.id))
  const { say } = desk.work.log.performers
  if (!person || !desk.leader || !(await belongsToLeader(desk.db, person.personId, desk.leader.id, desk.today)))
    return refuse({ code: OUTSIDE, message: `${named} ${say}`, field: 'performer' })
  return refuse({ code: 'performer.not-in-team', message: `Add ${person.name} to the team first`, field: 'performer' })
}

type ReadItem = { item: NewItem; fields: Answers; entered: Answers; reasons: Record<string, string> }

function readItem(desk: LogDesk, body: LogAsk['body'], performer: string): Decision<ReadItem> {
  const { log, team } = desk
  const core = coreFields(desk, log, team)
  const given = { ...body, performer, state: body['state'] || log.states[1] || '' }
  const typed = withExtra(desk, typedAnswers({ ...core, ...log.fields }, given))
  const entered = enteredOf(desk, typed)
  const asked = { ...core, ...askedFields(log.fields ?? {}, desk.facts(entered)) }
  const kept = Object.fromEntries(Object.entries(typed).filter(([name]) => name in asked))
  const answers = readAnswers(asked, kept, desk.today)
  if (!answers.ok) return answers
  const text = (name: (typeof CORE)[number]) => String(kept[name] ?? '')
  const fields = Object.fromEntries(Object.entries(kept).filter(([name]) => !CORE.some((core) => core === name)))
  return accept({
    item: {
      state: text('state'),
      on: text('date'),
      halfDays: Math.round(Number(text('days')) * 2),
      step: text('step'),
      area: text('area') || null,
      memberId: performer ? Number(performer) : null,
      external: text('external') || null,
      extension: text('extension') === 'yes',
    },
    fields,
    entered: enteredOf(desk, { ...kept, performer }),
    reasons: reasonsOf(body),
  })
}

/** A day that is not marked is an extra one where no agreed day is left: nobody loses what a box folded away would have told. */
function withExtra(desk: LogDesk, typed: Answers): Answers {
  const on = String(typed['date'] ?? '')
  const external = String(typed['external'] ?? '') || null
  if (typed['extension'] || !isExtraByItself(desk.items, { on, external }, desk.allowance)) return typed
  return { ...typed, extension: 'yes' }
}

export function reasonsOf(body: LogAsk['body']): Record<string, string> {
  const names = Object.keys(body).filter((name) => name === 'reason' || name.startsWith('reason-'))
  const given = names.map((name) => [name.replace(/^reason-/, ''), String(body[name] ?? '').trim()] as const)
  return Object.fromEntries(given.filter(([, words]) => words !== ''))
}

/** Who may bring an item into a state: a party of the move; a member of the team only with own work. */
export function moveRefusal(desk: LogDesk, state: string, memberId: number | null): Refusal | undefined {
  const parties = desk.log.moves[state] ?? []
  const allowed = parties.some(
    (party) =>
      desk.isOf(party) && (party !== desk.work.team.as || desk.memberId === memberId || desk.by.personId === null),
  )
  if (allowed) return undefined
  return {
    code: 'not-responsible',
    message: `Not yours to do. Responsible: ${partyTitles(desk.record, parties)}`,
  }
}

/** A performer must belong to the leader's own trust or school on the day of the work (TSI-195). */
async function outsideRefusal({ db, team, leader, work }: LogDesk, item: NewItem): Promise<Refusal | undefined> {
  if (item.memberId === null || !leader) return undefined
  const member = team.find((one) => one.id === item.memberId)
  if (member && (await belongsToLeader(db, member.personId, leader.id, item.on))) return undefined
  return {
    code: OUTSIDE,
    message: `${member?.name ?? 'Whoever did it'} ${work.log.performers.say}`,
    field: 'performer',
  }
}
