import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { longDate } from '../platform/words.ts'
import type { Log, Work } from '../programmes/index.ts'
import type { CaseRecord } from './case-store.ts'
import { isComplete } from './checklist-store.ts'
import { countPayable, type LogItem } from './log-item.ts'
import { readExtensions, readLog } from './log-store.ts'
import { openThemes } from './plan-themes.ts'
import { type MoreFacts, NO_MORE_FACTS } from './read-facts.ts'

/** The work of a pack, with the flow that it is of; undefined for a programme without. */
export function workOf({ pack, flow }: Pick<CaseRecord, 'pack' | 'flow'>): Work | undefined {
  const { work } = pack
  return work && work.flow === flow ? work : undefined
}

/**
 * What conditions may ask of the work of a case, as `items(LIST, WHAT)`:
 * a log: a state, `step:ID`, `phase:ID`, `kind:ID`, `own-kind:ID` (done by the leader in person), each a number of items;
 * a list to go through: `complete` (1 or 0), `answered`, or an item (1 when answered); `strategies` `open`; `themes` `open`;
 * `area` and a focus area: what is done or planned about it. Days in `delivered` and `validated` leave out help from outside.
 */
export async function workFacts(db: Db, record: CaseRecord): Promise<MoreFacts> {
  const work = workOf(record)
  const log = work && record.pack.process?.flows?.[record.flow]?.logs?.[work.log.of]
  if (!work || !log) return NO_MORE_FACTS
  const all = await readLog(db, record.id, work.log.of)
  const { planned, notNeeded, checks } = await readPlanned(db, record.id)
  const counts = new Map<string, number>()
  const count = (key: string, more = 1) => counts.set(key, (counts.get(key) ?? 0) + more)
  for (const key of all.flatMap((item) => keysOf(work, log, item))) count(`${work.log.of}/${key}`)
  count(work.log.of, all.length)
  const areas = [...all.flatMap(({ area }) => (area ? [area] : [])), ...planned]
  for (const area of areas) count(`area/${area}`)
  count('strategies/open', planned.length)
  count('themes/open', openThemes(work, { areas: planned, notNeeded }).length)
  for (const [id, list] of Object.entries(work.checklists)) {
    const answers = checks.get(id) ?? new Set<string>()
    count(`${id}/complete`, isComplete(list, answers) ? 1 : 0)
    for (const item of answers) count(`${id}/${item}`)
    count(`${id}/answered`, answers.size)
  }
  const days = (items: readonly LogItem[]) => items.reduce((sum, { halfDays }) => sum + halfDays, 0) / 2
  const own = all.filter(({ external }) => !external)
  return {
    items: counts,
    log: all,
    sections: new Map(),
    listed: new Map(
      log.states.map((state) => [
        `${work.log.of}/${state}`,
        all
          .filter((item) => item.state === state && !isLeftBehind(item))
          .map(({ on }) => longDate(on))
          .join(', '),
      ]),
    ),
    delivered: days(own.filter(({ state }) => state !== log.states[0])),
    validated: days(own.filter(({ counted }) => counted)),
  }
}

/** Areas of the strategies planned, themes that are not needed with their reason, and answers by list and item. */
async function readPlanned(db: Db, caseId: number) {
  const { rows } = await sql<{ planned: string[]; themes: [string, string][]; answers: [string, string][] }>`select
    array(select area from case_strategy where case_id = ${caseId} and dropped_on is null order by due_on, id) as planned,
    (select coalesce(jsonb_agg(jsonb_build_array(theme, reason)), '[]') from case_theme where case_id = ${caseId}) as themes,
    (select coalesce(jsonb_agg(jsonb_build_array(checklist, item)), '[]') from case_check
      where case_id = ${caseId} and value <> '') as answers`.execute(db)
  const { planned = [], themes = [], answers = [] } = rows[0] ?? {}
  const checks = new Map<string, Set<string>>()
  for (const [list, item] of answers) checks.set(list, (checks.get(list) ?? new Set()).add(item))
  return { planned, notNeeded: new Map(themes), checks }
}

/** A day that was done by a leader who left and was not validated: it is used, and nobody validates it any more. */
function isLeftBehind({ claimCaseId, counted }: LogItem): boolean {
  return claimCaseId !== null && !counted
}

function keysOf({ model }: Work, log: Log, item: LogItem): string[] {
  const phase = model.steps.find(({ id }) => id === item.step)?.phase
  const kind = String(item.fields['kind'] ?? '')
  const isDone = item.state !== log.states[0]
  return [
    ...(isLeftBehind(item) ? [] : [item.state]),
    `step:${item.step}`,
    ...(phase ? [`phase:${phase}`] : []),
    ...(kind ? [`kind:${kind}`] : []),
    ...(kind && isDone && item.memberId === null && !item.external ? [`own-kind:${kind}`] : []),
  ]
}

/** Half days of the work of a case, or of one leader in it. `payable` is what may be claimed, `because` why a day may not. */
export type WorkTotals = {
  readonly agreed: number
  readonly extra: number
  readonly planned: number
  readonly delivered: number
  readonly validated: number
  readonly payable: number
  /** The days validated, with the step of the model that each belongs to. */
  readonly days: readonly { readonly on: string; readonly halfDays: number; readonly what: string }[]
  readonly notPayable: readonly { readonly on: string; readonly halfDays: number; readonly because: string }[]
  /** Days done but not validated yet, which may not be claimed (TSI-061). */
  readonly unvalidated: readonly string[]
}

const NOTHING: WorkTotals = {
  agreed: 0,
  extra: 0,
  planned: 0,
  delivered: 0,
  validated: 0,
  payable: 0,
  days: [],
  notPayable: [],
  unvalidated: [],
}

/**
 * Whose days are counted, while the caps hold for the case: those that one leader answers for and has not left behind, or those of
 * the claim of a leader who left (the id of the case beside). All days without either.
 */
export type WhoseDays = { readonly leaderId?: number | undefined; readonly claimCaseId?: number | undefined }

/** Counts a case's days in half days. `log`: its items, where they are at hand. */
export async function workTotals(
  db: Db,
  record: CaseRecord,
  { log: held, ...whose }: WhoseDays & { log?: readonly LogItem[] | undefined } = {},
): Promise<WorkTotals> {
  const work = workOf(record)
  const log = work && record.pack.process?.flows?.[record.flow]?.logs?.[work.log.of]
  if (!work || !log) return NOTHING
  const items = held ?? (await readLog(db, record.id, work.log.of))
  const extensions = await readExtensions(db, record.id)
  return totalsOf(items, {
    agreed: record.state.agreedHalfDays,
    extensions,
    first: log.states[0] ?? '',
    late: work.log.late.say,
    titleOf: (id) => work.model.steps.find((step) => step.id === id)?.title ?? id,
    ...whose,
  })
}

function dayOf({ on, halfDays, step }: LogItem, titleOf: (step: string) => string) {
  return { on, halfDays, what: titleOf(step) }
}

export function isOfWhom({ leaderId, claimCaseId }: WhoseDays, item: LogItem): boolean {
  if (claimCaseId !== undefined) return item.claimCaseId === claimCaseId
  return leaderId === undefined || (item.leaderId === leaderId && item.claimCaseId === null)
}

/** The same from what is at hand. `first` is the state of what is only planned. */
export function totalsOf(
  items: readonly LogItem[],
  {
    agreed,
    extensions,
    first,
    late,
    titleOf = (step) => step,
    ...whose
  }: WhoseDays & {
    agreed: number
    extensions: Awaited<ReturnType<typeof readExtensions>>
    first: string
    late: string
    titleOf?: (step: string) => string
  },
): WorkTotals {
  const isOf = (item: LogItem) => isOfWhom(whose, item)
  const own = items.filter((item) => isOf(item) && !item.external)
  const sum = (some: readonly { halfDays: number }[]) => some.reduce((total, { halfDays }) => total + halfDays, 0)
  const paid = countPayable(items, { agreed, extensions }, late).items.filter(({ item }) => isOf(item))
  return {
    agreed,
    extra: sum(extensions),
    planned: sum(own.filter(({ state }) => state === first)),
    delivered: sum(own.filter(({ state }) => state !== first)),
    validated: sum(own.filter(({ counted }) => counted)),
    payable: sum(paid),
    days: paid.map(({ item }) => item).flatMap((item) => (item.counted ? [dayOf(item, titleOf)] : [])),
    notPayable: paid.flatMap(({ item, because }) =>
      because ? [{ on: item.on, halfDays: item.halfDays, because }] : [],
    ),
    unvalidated: own.filter((item) => item.state !== first && !item.counted && !isLeftBehind(item)).map(({ on }) => on),
  }
}
