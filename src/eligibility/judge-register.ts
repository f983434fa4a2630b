import type { Database } from '../platform/db.ts'
import { type Pack, packRef } from '../programmes/index.ts'
import {
  type EstablishmentAt,
  findSnapshot,
  getDataMark,
  listInspectionsTo,
  listOpenOn,
  type RegisterReader,
  readLineage,
  type SnapshotUsed,
} from '../register/index.ts'
import { type Evaluation, evaluate, evaluateTrust, type RecordedJudgement } from './evaluate.ts'
import { type HistoryEntry, type HistoryMode, readHistory } from './history.ts'
import { getJudgementMark, type Recorded, readRecorded, recordedOf } from './judgement-store.ts'
import { type Grade, type InspectionRow, prepareRegisterView, type RegisterView } from './register-view.ts'

/** A school that was open on the day, with what the pack's table says of it. */
export type JudgedSchool = {
  readonly school: EstablishmentAt
  readonly history: readonly HistoryEntry[]
  readonly evaluation: Evaluation
  /** What persons judged of it by the day. */
  readonly recorded: readonly RecordedJudgement[]
}

/** The whole register judged by one edition on one day; every answer holds "on the data held" named in `snapshots`. */
export type JudgedRegister = {
  readonly pack: Pack
  readonly on: string
  readonly snapshots: readonly SnapshotUsed[]
  readonly dataMark: string
  readonly schools: readonly JudgedSchool[]
  readonly recorded: Recorded
  /** Milliseconds spent reading facts and histories, and judging by rules, for the bench and the page's small print. */
  readonly millis: { readonly reading: number; readonly judging: number }
}

/** What an answer rests on, read once for a day: it serves any number of packs and what-if questions. */
export type FactsOn = {
  readonly on: string
  readonly snapshots: readonly SnapshotUsed[]
  readonly dataMark: string
  readonly open: readonly EstablishmentAt[]
  readonly view: RegisterView
  /** What persons judged by the day, in every programme. */
  readonly recorded: Recorded
  readonly reading: number
}

/** Reads everything that decides who qualifies on a day (ISO date): the register in one pass, and what persons judged. */
export async function readFactsOn(database: Database, on: string): Promise<FactsOn> {
  const [register, recorded] = await Promise.all([readRegisterOn(database, on), readRecorded(database, on)])
  return { ...register, recorded }
}

/** What the register has of a day, without what persons judged: also in a transaction that may still be undone. */
export type RegisterOn = Omit<FactsOn, 'recorded'>

export async function readRegisterOn(database: RegisterReader, on: string): Promise<RegisterOn> {
  const started = performance.now()
  const [snapshot, dataMark] = await Promise.all([findSnapshot(database, on), getDataMark(database)])
  const [open, inspections, lineage] = await Promise.all([
    listOpenOn(database, on, snapshot?.asAt),
    listInspectionsTo(database, on),
    readLineage(database),
  ])
  const view = prepareRegisterView({
    entries: lineage.establishments.map(({ urn, name, opened, closed }) => ({
      urn: String(urn),
      name,
      ...(opened && { opened }),
      ...(closed && { closed }),
    })),
    links: lineage.links.map((link) => ({ urn: String(link.urn), linkedUrn: String(link.linkedUrn), type: link.type })),
    inspections: inspections.map(
      ({ id, urn, date, publicationDate, kind, overall, urnAtTime, corrected }): InspectionRow => ({
        id: String(id),
        urn: String(urn),
        date,
        kind,
        ...(publicationDate && { publicationDate }),
        ...(overall !== null && { overall: overall as Grade }), // the table allows 1 to 4 only
        ...(urnAtTime !== null && { urnAtTime: String(urnAtTime) }),
        ...(corrected !== null && { corrected }),
      }),
    ),
    changes: lineage.changes.map(({ urn, predecessor, change }) => ({
      urn: String(urn),
      predecessor: String(predecessor),
      change,
    })),
  })
  return { on, snapshots: snapshot ? [snapshot] : [], dataMark, open, view, reading: performance.now() - started }
}

type Histories = { readonly ofOpen: readonly (readonly HistoryEntry[])[]; readonly reading: number }
const historiesOf = new WeakMap<RegisterView, Map<HistoryMode, Histories>>()

/** The history of each school of `facts.open`, in that order. Kept with the register's part: all packs and questions share it. */
function getHistories(facts: FactsOn, mode: HistoryMode): Histories {
  const held = historiesOf.get(facts.view) ?? new Map<HistoryMode, Histories>()
  historiesOf.set(facts.view, held)
  const found = held.get(mode)
  if (found) return found
  const started = performance.now()
  const ofOpen = facts.open.map(({ urn }) => readHistory(String(urn), facts.view, { mode, asAt: facts.on }))
  const fresh = { ofOpen, reading: performance.now() - started }
  held.set(mode, fresh)
  return fresh
}

/** Judges every school that was open on the day. Pure over the facts: the same facts and pack give the same answers. */
export function judgeSchools(pack: Pack, facts: FactsOn): JudgedRegister {
  const histories = getHistories(facts, pack.eligibility.history)
  const started = performance.now()
  const schools = facts.open.map((school, place) => {
    const history = histories.ofOpen[place] ?? []
    const subject = { kind: 'school', urn: String(school.urn), name: school.name } as const
    const recorded = recordedOf(facts.recorded, pack, { kind: 'school', urn: school.urn })
    return { school, history, recorded, evaluation: evaluate(pack, { subject, history, recorded }) }
  })
  const { on, snapshots, dataMark, recorded } = facts
  const millis = { reading: facts.reading + histories.reading, judging: performance.now() - started }
  return { pack, on, snapshots, dataMark, schools, recorded, millis }
}

/** A trust on the day, judged through the schools that were its members. */
export type JudgedTrust = {
  readonly uid: string
  readonly name: string
  readonly evaluation: Evaluation
  readonly members: readonly JudgedSchool[]
}

export function judgeTrusts(judged: JudgedRegister): JudgedTrust[] {
  const members = new Map<string, JudgedSchool[]>()
  for (const one of judged.schools) {
    if (one.school.trustUid === null) continue
    const held = members.get(one.school.trustUid)
    if (held) held.push(one)
    else members.set(one.school.trustUid, [one])
  }
  return [...members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([uid, schools]) => {
      const name = schools[0]?.school.trust ?? uid
      const subject = { kind: 'trust' as const, urn: uid, name }
      const evaluation = evaluateTrust(
        judged.pack,
        { subject, recorded: recordedOf(judged.recorded, judged.pack, { kind: 'trust', uid }) },
        schools.map((one) => one.evaluation),
      )
      return { uid, name, evaluation, members: schools }
    })
}

const MOST_KEPT = 4
type Kept = {
  readonly key: string
  readonly register: Promise<RegisterOn>
  last: { mark: string; facts: FactsOn } | null
}
const keptFor = new WeakMap<Database['pool'], Kept[]>()

/**
 * As `readFactsOn`, kept for the last few days asked: the register while nothing new was taken in, the whole while no person
 * judged anything since.
 */
export async function getFactsOn(database: Database, on: string): Promise<FactsOn> {
  const [data, mark] = await Promise.all([getDataMark(database), getJudgementMark(database)])
  const kept = getKept(database, on, data)
  const register = await kept.register
  if (kept.last?.mark !== mark) kept.last = { mark, facts: { ...register, recorded: await readRecorded(database, on) } }
  return kept.last.facts
}

function getKept(database: Database, on: string, data: string): Kept {
  const key = `${on} ${data}`
  const kept = keptFor.get(database.pool) ?? []
  const found = kept.find((one) => one.key === key)
  if (found) return found
  const fresh: Kept = { key, register: readRegisterOn(database, on), last: null }
  keptFor.set(database.pool, [fresh, ...kept].slice(0, MOST_KEPT))
  fresh.register.catch(() => keptFor.delete(database.pool))
  return fresh
}

const judgedFor = new WeakMap<FactsOn, Map<string, JudgedRegister>>()

/** The register judged by a pack as it stands, kept with its facts. A changed pack (what-if) is judged anew. */
export async function getJudged(database: Database, pack: Pack, on: string): Promise<JudgedRegister> {
  const facts = await getFactsOn(database, on)
  const held = judgedFor.get(facts) ?? new Map<string, JudgedRegister>()
  judgedFor.set(facts, held)
  const key = packRef(pack)
  const found = held.get(key)
  // The same rules may stand in several packs: one with everything, one with what of it runs.
  const isSame = found?.pack.eligibility === pack.eligibility && found.pack['academic-year'] === pack['academic-year']
  if (found && isSame) return found
  const judged = judgeSchools(pack, facts)
  held.set(key, judged)
  return judged
}
