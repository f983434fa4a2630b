import { judgeCondition, type Log, type Work } from '../programmes/index.ts'
import { enteredOf } from './log-fields.ts'
import type { LogItem } from './log-item.ts'
import { openWorkStep, type WorkDesk } from './work-desk.ts'

/** A watched share of the days done, in hundredths. `warning` is what to say while it is out of bounds, else null. */
export type ShareNow = {
  readonly id: string
  readonly title: string
  readonly percent: number
  readonly warning: string | null
  readonly tell: readonly string[]
}

type ShareDesk = { readonly work: Work; facts: WorkDesk['facts'] }

/** What conditions see of an item that is stored. */
export function answersOf(item: LogItem): Record<string, string | readonly string[]> {
  return {
    ...item.fields,
    id: String(item.id),
    date: item.on,
    days: String(item.halfDays / 2),
    step: item.step,
    area: item.area ?? '',
    performer: item.memberId === null ? '' : String(item.memberId),
    external: item.external ?? '',
    extension: item.extension ? 'yes' : '',
    state: item.state,
  }
}

/** The shares that the pack watches, over the days that are done. Nothing done: no share, no warning. */
export function sharesOf(desk: ShareDesk, log: Log, items: readonly LogItem[]): ShareNow[] {
  const done = items.filter((item) => item.state !== log.states[0] && !item.external)
  const all = sum(done)
  return Object.entries(desk.work.log.shares).map(([id, share]) => {
    const part = done.filter(
      (item) => judgeCondition(share.when, desk.facts(enteredOf(desk, answersOf(item)))) === 'met',
    )
    const now = all === 0 ? 1 : sum(part) / all
    const { 'more-than': least, 'at-most': most } = share
    const isOut = all > 0 && ((least !== undefined && now <= least) || (most !== undefined && now > most))
    return {
      id,
      title: share.title,
      percent: Math.round(now * 100),
      warning: isOut ? share.say : null,
      tell: share.tell,
    }
  })
}

function sum(items: readonly LogItem[]): number {
  return items.reduce((total, { halfDays }) => total + halfDays, 0)
}

/** Tells once when a share leaves its bounds, and when half of the agreed days are used. */
export async function tellShares(
  desk: WorkDesk,
  log: Log,
  { before, after }: { before: readonly LogItem[]; after: readonly LogItem[] },
): Promise<void> {
  const was = new Map(sharesOf(desk, log, before).map((one) => [one.id, one.warning]))
  for (const { id, warning, percent, tell } of sharesOf(desk, log, after)) {
    if (!warning || was.get(id)) continue
    for (const party of tell) await desk.tell(party, `${warning}: ${percent}%`)
  }
  const { share, say } = desk.work.log['half-way']
  const mark = desk.record.state.agreedHalfDays * share
  const used = (items: readonly LogItem[]) =>
    sum(items.filter((item) => item.state !== log.states[0] && !item.external))
  if (used(before) >= mark || used(after) < mark) return
  await desk.tell(desk.work.log['answers-for'], say)
  for (const step of log.next ?? []) await openWorkStep(desk, step)
}
