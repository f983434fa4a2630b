import { sql } from 'kysely'
import { machineActor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { type Duty, flowOfDuty, getTerms, type Pack, packRef, type Term } from '../programmes/index.ts'
import { type Held, isWhile, listHeld } from '../standings/index.ts'
import type { CaseParts } from './case-parts.ts'
import { applyEvent, type CaseEvent } from './case-state.ts'
import { findCase, saveState } from './case-store.ts'
import { startCase } from './start-case.ts'

const BY = machineActor('Alongside', 'system')
/** The mark of a duty that was closed because its standing ended. */
const NOT_DUE = 'not-due'

/**
 * Opens what falls due: for every duty that runs and falls once in each term, a case for each school whose level asks for it, when
 * the term begins or the level does. A duty of this term whose level ended is closed with that reason; one that is past its day
 * stays. Answers how many cases were opened.
 */
export function followDuties(parts: CaseParts): Promise<number> {
  return runAsMachine(async () => {
    let opened = 0
    for (const pack of parts.packs)
      for (const [id, duty] of Object.entries(pack.process?.duties ?? {}))
        if (pack.process?.flows?.[flowOfDuty(id)]) opened += await followDuty(parts, { pack, id, duty })
    return opened
  })
}

type Followed = { readonly pack: Pack; readonly id: string; readonly duty: Duty }

async function followDuty(parts: CaseParts, followed: Followed): Promise<number> {
  const { pack, id, duty } = followed
  const standing = pack.process?.standings?.[duty.while?.standing ?? '']
  const today = parts.clock.today().toString()
  if (!standing || !duty.while?.standing || duty.clock.every !== 'term' || today < pack['academic-year'].from) return 0
  const { db } = parts.database
  const held = await listHeld(db, { pack, standing: duty.while.standing }, today)
  const asks = held.filter((one) => isWhile(standing.order, one, duty.while ?? {}))
  await closeOthers(parts, followed, new Set(asks.map(({ urn }) => urn)))
  const there = await listThere(db, pack, flowOfDuty(id))
  let opened = 0
  for (const one of asks) {
    const term = await termOf(parts, pack, one, today)
    if (!term || there.has(`${one.urn} ${periodOf(pack, term)}`)) continue
    const started = await startCase(parts, {
      programme: packRef(pack),
      flow: flowOfDuty(id),
      subject: { kind: 'school', urn: one.urn },
      by: BY,
      duty: { period: periodOf(pack, term), title: term.name, due: term.to },
    })
    if (started.ok) opened += 1
  }
  return opened
}

/** The term of the day by the authority's own dates; undefined in the holidays. */
async function termOf(
  { database }: CaseParts,
  pack: Pack,
  { authority }: Held,
  today: string,
): Promise<Term | undefined> {
  const { terms } = await getTerms(database, pack, authority)
  return terms.find(({ from, to }) => from <= today && today <= to)
}

function periodOf({ edition }: Pack, { id, from }: Term): string {
  return `${edition} ${id} ${from}`
}

/** "900208 2023 autumn 2026-09-01" of every case of a duty, but for those that were closed as not due. */
async function listThere(db: Db, { programme }: Pack, flow: string): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select urn || ' ' || period as key from support_case
    where programme = ${programme} and flow = ${flow} and period is not null and flags ->> ${NOT_DUE} is null`.execute(
    db,
  )
  return new Set(rows.map(({ key }) => key))
}

/** Closes what is not past its day and whose school is at no level any more that asks for it. */
async function closeOthers({ database, clock }: CaseParts, { pack, id, duty }: Followed, urns: ReadonlySet<number>) {
  const today = clock.today().toString()
  const { rows } = await sql<{ reference: string; urn: number }>`
    select c.reference, c.urn from support_case c join case_step s on s.case_id = c.id and s.state = 'open'
    where c.programme = ${pack.programme} and c.flow = ${flowOfDuty(id)} and c.status = 'open' and s.due_on >= ${today}`.execute(
    database.db,
  )
  const reason = `The school is at no level any more that asks for it: ${duty.title}`
  for (const { reference, urn } of rows)
    if (!urns.has(urn)) await inOneTransaction(database.db, (db) => closeDuty(db, { reference, today, reason }))
}

async function closeDuty(db: Db, { reference, today, reason }: { reference: string; today: string; reason: string }) {
  const record = await findCase(db, reference, true)
  if (record?.state.status !== 'open') return
  const seqs = record.state.steps.filter(({ state }) => state === 'open').map(({ seq }) => seq)
  const events: CaseEvent[] = [
    { type: 'effect', name: 'set-flag', words: [NOT_DUE], leaderId: null, fields: {} },
    { type: 'steps-withdrawn', seqs },
    { type: 'closed', on: today },
  ]
  const after = events.reduce(applyEvent, record.state)
  await saveState(db, record.state, after, { done: { by: BY, as: null, at: today }, actsOf: () => [] })
  await writeAudit(db, { actor: BY, action: 'Not due any more', record: 'case', recordKey: reference, reason })
}

/** Each case by itself, or all within the transaction that is under way. */
function inOneTransaction(db: Db, work: (transaction: Db) => Promise<void>): Promise<void> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
