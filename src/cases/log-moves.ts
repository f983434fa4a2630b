import { sql } from 'kysely'
import { writeAudit } from '../platform/audit.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { CaseParts } from './case-parts.ts'
import { checkRefusals, warningsOf } from './decide-step.ts'
import { enteredOf } from './log-fields.ts'
import { type LogItem, lastDayOf, lateness, wayTo } from './log-item.ts'
import { type LogAsk, type LogDesk, moveRefusal, reasonsOf, withLog } from './log-run.ts'
import { answersOf, tellShares } from './log-shares.ts'
import { insertMove, readLog, setState } from './log-store.ts'
import { isDay } from './read-answers.ts'
import { notYours } from './work-desk.ts'

export type ItemAsk = LogAsk & { readonly id: number }
type ItemChange = { readonly id: number; readonly state: string; readonly warnings?: readonly string[] }

const NO_ITEM: Refusal = { code: 'log.unknown', message: 'There is no such day in the log' }

/** Moves an item forward: delivered, validated. Who may and what must be true says the pack. */
export function moveItem(parts: CaseParts, ask: ItemAsk): Promise<Decision<ItemChange>> {
  return onOwnItem(parts, ask, async (desk, item) => {
    const to = String(ask.body['state'] ?? '')
    const way = wayTo(desk.log, item.state, to)
    if (!way)
      return refuse({
        code: 'log.no-way',
        message: `From ${item.state} this cannot become ${to || 'nothing'}`,
        field: 'state',
        allowed: desk.log.states.filter((state) => wayTo(desk.log, item.state, state)),
      })
    const refusals = way.flatMap((state) => stateRefusals(desk, item, state, reasonsOf(ask.body)))
    if (refusals.length > 0) return refuse(...refusals)
    for (const state of way) await insertMove(desk.db, { itemId: item.id, state, today: desk.today, by: ask.by })
    await setState(desk.db, { itemId: item.id, state: to, counted: to === desk.log.counts })
    await audit(desk, item, to)
    await tellShares(desk, desk.log, { before: desk.items, after: await readLog(desk.db, desk.record.id, desk.logId) })
    const facts = desk.facts(enteredOf(desk, { ...answersOf(item), state: to }))
    return accept({ id: item.id, state: to, warnings: warningsOf(facts, desk.log.checks) })
  })
}

function stateRefusals(desk: LogDesk, item: LogItem, state: string, reasons: Record<string, string>): Refusal[] {
  const who = moveRefusal(desk, state, item.memberId)
  if (who) return [who]
  if (item.on > desk.today)
    return [{ code: 'log.in-future', message: 'A day that was done must be today or in the past', field: 'date' }]
  const entered = enteredOf(desk, { ...answersOf(item), state })
  const given = { ...item.reasons, ...reasons }
  return checkRefusals(
    { facts: desk.facts(entered), cleared: new Set(), pack: desk.record.pack },
    desk.log.checks ?? [],
    given,
  )
}

/** Gives an item back, with the reason: it is planned again. The leader who answers for it is told, whoever did the work. */
export function returnItem(parts: CaseParts, ask: ItemAsk): Promise<Decision<ItemChange>> {
  return onItem(parts, ask, async (desk, item) => {
    const { by, tell } = desk.work.log.returns
    const reason = textOf(ask, 'reason')
    const [first = ''] = desk.log.states
    // What a leader who left did is not the next leader's to give back.
    const isLeft = item.claimCaseId !== null
    const who = notYours(desk, isLeft ? by.filter((party) => party !== desk.work.log['answers-for']) : by)
    if (who) return refuse(who)
    if (!reason) return refuse({ code: 'reason.missing', message: 'Say why it is given back', field: 'reason' })
    if (item.state === first) return refuse({ code: 'log.no-way', message: 'It is only planned' })
    await setState(desk.db, { itemId: item.id, state: first, counted: false })
    // Nobody is there any more to plan it again.
    if (isLeft) await takeOff(desk, item)
    await insertMove(desk.db, { itemId: item.id, state: first, today: desk.today, by: ask.by, note: reason })
    for (const party of tell) await desk.tell(party, `${item.on} given back by ${ask.by.name}: ${reason}`)
    await audit(desk, item, 'given back', reason)
    return accept({ id: item.id, state: first })
  })
}

/** Takes an item off that does not count yet. It stays in the history. */
export function withdrawItem(parts: CaseParts, ask: ItemAsk): Promise<Decision<ItemChange>> {
  return onOwnItem(parts, ask, async (desk, item) => {
    const who = moveRefusal(desk, item.state, item.memberId)
    if (who) return refuse(who)
    if (item.counted) return refuse({ code: 'log.counted', message: 'A day that counts is given back first' })
    await takeOff(desk, item)
    await audit(desk, item, 'taken off', textOf(ask, 'reason') || null)
    return accept({ id: item.id, state: item.state })
  })
}

async function takeOff({ db, today }: LogDesk, { id }: LogItem): Promise<void> {
  await sql`update case_log_item set withdrawn_on = ${today} where id = ${id}`.execute(db)
}

/** A note of what the leader saw while work was under way, dated (TSI-061). */
export function noteItem(parts: CaseParts, ask: ItemAsk): Promise<Decision<ItemChange>> {
  return onOwnItem(parts, ask, async (desk, item) => {
    const leaders = desk.work.log['answers-for']
    const who = notYours(desk, [leaders])
    if (who) return refuse(who)
    const words = textOf(ask, 'note')
    const on = textOf(ask, 'date') || desk.today
    if (!words) return refuse({ code: 'note.missing', message: 'Write the note', field: 'note' })
    if (!isDay(on) || on > desk.today)
      return refuse({
        code: 'field.in-future',
        message: 'Date must be a real date, today or in the past',
        field: 'date',
      })
    await sql`insert into case_log_note (item_id, on_date, words, made_by, made_by_id)
      values (${item.id}, ${on}, ${words}, ${ask.by.name}, ${ask.by.personId})`.execute(desk.db)
    await audit(desk, item, 'note')
    return accept({ id: item.id, state: item.state })
  })
}

/** How the school took part: the leader's word, which some are told of (TSI-099). */
export function recordEngagement(parts: CaseParts, ask: ItemAsk): Promise<Decision<ItemChange>> {
  return onOwnItem(parts, ask, async (desk, item) => {
    const { by, options } = desk.work.log.engagement
    const who = notYours(desk, [by])
    if (who) return refuse(who)
    const chosen = options.find(({ id }) => id === textOf(ask, 'engagement'))
    if (!chosen)
      return refuse({
        code: 'field.not-a-choice',
        message: `Choose one of ${options.map(({ title }) => title).join(', ')}`,
        field: 'engagement',
        allowed: options.map(({ id }) => id),
      })
    const note = textOf(ask, 'note')
    await sql`update case_log_item set engagement = ${chosen.id}, engagement_note = ${note || null}
      where id = ${item.id}`.execute(desk.db)
    for (const party of chosen.tell ?? []) await desk.tell(party, `Visit of ${item.on}: engagement ${chosen.title}`)
    await audit(desk, item, 'engagement')
    return accept({ id: item.id, state: item.state })
  })
}

/** The school confirms that the visit took place. */
export function confirmVisit(parts: CaseParts, ask: ItemAsk): Promise<Decision<ItemChange>> {
  return onItem(parts, ask, async (desk, item) => {
    const { party } = desk.work.log['confirmed-by']
    const who = notYours(desk, [party])
    if (who) return refuse(who)
    if (item.state === desk.log.states[0])
      return refuse({ code: 'log.no-way', message: 'This visit is only planned so far' })
    await sql`update case_log_item set confirmed_on = ${desk.today}, confirmed_by = ${ask.by.name}
      where id = ${item.id}`.execute(desk.db)
    await audit(desk, item, 'confirmed')
    return accept({ id: item.id, state: item.state })
  })
}

/** The answer to an extra day past its time: a new last day, or a refusal with the reason (TSI-053). */
export function answerLate(parts: CaseParts, ask: ItemAsk): Promise<Decision<ItemChange>> {
  return onItem(parts, ask, async (desk, item) => {
    const answer = { until: textOf(ask, 'until'), reason: textOf(ask, 'reason') }
    const refusal = lateRefusal(desk, item, answer)
    if (refusal) return refuse(refusal)
    const { until, reason } = answer
    await sql`update case_log_item set late_to = ${until || null}, late_refusal = ${until ? null : reason},
      late_answered_by = ${ask.by.name} where id = ${item.id}`.execute(desk.db)
    const words = until ? `${item.on}: extra days may be worked until ${until}` : `${item.on} refused: ${reason}`
    await desk.tell(desk.work.log['answers-for'], words)
    await audit(desk, item, until ? `time given until ${until}` : 'refused', reason || null)
    return accept({ id: item.id, state: item.state })
  })
}

function lateRefusal(
  desk: LogDesk,
  item: LogItem,
  { until, reason }: { until: string; reason: string },
): Refusal | undefined {
  const who = notYours(desk, [desk.work.log.late['answered-by']])
  if (who) return who
  const { extensions } = desk.allowance
  if (lateness(item, extensions) !== 'open') return { code: 'log.not-late', message: 'This day waits for no answer' }
  if (!until && !reason)
    return { code: 'answer.missing', message: 'Give a new last day, or refuse with a reason', field: 'until' }
  if (until && (!isDay(until) || until <= (lastDayOf(extensions) ?? '')))
    return {
      code: 'field.not-a-date',
      message: 'The new last day must be a real date after the one that was given',
      field: 'until',
    }
  return undefined
}

function onItem(
  parts: CaseParts,
  ask: ItemAsk,
  change: (desk: LogDesk, item: LogItem) => Promise<Decision<ItemChange>>,
): Promise<Decision<ItemChange>> {
  return withLog(parts, ask, async (desk) => {
    const item = desk.items.find(({ id }) => id === ask.id)
    return item ? change(desk, item) : refuse(NO_ITEM)
  })
}

/** The same for what only the leader of the day does: a day of one who left stays as it is. */
function onOwnItem(...[parts, ask, change]: Parameters<typeof onItem>): Promise<Decision<ItemChange>> {
  return onItem(parts, ask, async (desk, item) =>
    item.claimCaseId === null
      ? change(desk, item)
      : refuse({ code: 'log.leader-left', message: `${item.leaderName} left the case: this day stays as it is` }),
  )
}

function textOf({ body }: ItemAsk, name: string): string {
  return typeof body[name] === 'string' ? String(body[name]).trim() : ''
}

function audit(
  { db, record, log, by }: LogDesk,
  item: LogItem,
  what: string,
  reason: string | null = null,
): Promise<void> {
  return writeAudit(db, {
    actor: by,
    action: `${log.title}: ${what}`,
    record: 'case',
    recordKey: record.reference,
    old: { state: item.state },
    new: { day: item.on, halfDays: item.halfDays },
    reason,
  })
}
