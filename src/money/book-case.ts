import {
  type CaseRecord,
  findCase,
  findPartner,
  hasPartialClaim,
  listPartialClaims,
  parentOfClaim,
  readCaseFacts,
  workTotals,
} from '../cases/index.ts'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import type { CaseFacts, MoneyClaim, MoneyGrant, Pack } from '../programmes/index.ts'
import { decidePostings, inPounds, NOTHING, type OthersShare, restAfter } from './ledger.ts'
import { addEntries, keepLine, listCaseLines, type MoneyLine, type NewLine } from './line-store.ts'
import type { MoneyParts } from './money-parts.ts'
import { decideClaim, decidePart, type MoneyFacts, type Standing } from './standing.ts'

/** A line as the facts of its case say it stands, with its row in the books where there is one already. */
export type JudgedLine = {
  readonly wanted: NewLine
  readonly standing: Standing
  readonly stored: MoneyLine | undefined
}

/** Every line of money of a case as it stands today: nothing is stored by asking. */
export async function judgeLines(parts: MoneyParts, db: Db, record: CaseRecord): Promise<JudgedLine[]> {
  const lines = Object.entries(record.pack.money?.lines ?? {}).filter(([, line]) => line.flow === record.flow)
  if (lines.length === 0) return []
  const stored = await listCaseLines(db, record.id)
  const facts = await readCaseFacts(parts, db, record)
  const known: Known = { parts, db, record, facts, stored, today: parts.clock.today().toString() }
  const judged = await Promise.all(
    lines.map(([id, line]) => (line.kind === 'grant' ? judgeGrant(known, id, line) : judgeClaim(known, id, line))),
  )
  return judged.flat()
}

type Known = {
  readonly parts: MoneyParts
  readonly db: Db
  readonly record: CaseRecord
  readonly facts: CaseFacts
  readonly stored: readonly MoneyLine[]
  readonly today: string
}

function moneyFacts({ record, facts, stored, today }: Known, line: string): MoneyFacts {
  return {
    facts,
    isPaid: (part) =>
      stored.some((one) => one.line === line && one.part === part && one.balances.paid > 0 && one.balances.due === 0),
    isReached: (step) =>
      facts.done(step) ||
      record.state.steps.some(
        (one) => one.step === step && one.state === 'open' && one.dueOn !== null && one.dueOn <= today,
      ),
  }
}

/** Days that a leader may claim are pence at the rate of the entitlement; half days make whole pence of whole pounds. */
const penceOf = (halfDays: number, ratePence: number): number => (halfDays * ratePence) / 2

/** The claim of the leader who works on the case, or the one of a leader who left, in the case beside it. */
function judgeClaim(known: Known, id: string, line: MoneyClaim): Promise<JudgedLine[]> {
  const parent = parentOfClaim(known.record)
  return parent ? judgePartial(known, parent, { id, line }) : judgeCurrent(known, id, line)
}

/**
 * The claim of the leader who works on the case, of what the claims of earlier leaders leave. A line of somebody who left holds what
 * is promised of it still, which is nothing once it is claimed beside the case.
 */
async function judgeCurrent(known: Known, id: string, line: MoneyClaim): Promise<JudgedLine[]> {
  const { db, record, facts, stored } = known
  const { leaderId } = record.state
  const ratePence = rateOf(record.pack, line.of) * 100
  const earlier = stored.filter((one) => one.line === id && one.leaderId !== null && one.leaderId !== leaderId)
  const left = await Promise.all(
    earlier.map(async (one): Promise<JudgedLine> => {
      const { payable } = await workTotals(db, record, { leaderId: one.leaderId ?? undefined })
      const pence = penceOf(payable, ratePence)
      const standing: Standing = { account: 'committed', pence, missing: ['claim of the earlier leader'], note: null }
      return { wanted: one, standing, stored: one }
    }),
  )
  if (leaderId === null) return left
  const others = left.map(({ standing, stored: one }) => ({ payable: standing.pence, gone: goneOf(one) }))
  const all = Math.round((facts.agreed + facts.extra) * ratePence)
  const most = restAfter(all, [...others, ...(await sharesBeside(known, ratePence))])
  const promised = record.state.status === 'closed' ? await workedPence(known, leaderId, ratePence) : most
  const pence = { promised: Math.min(promised, most), claimed: Math.min(Math.round(facts.claimed * 100), most) }
  const standing = decideClaim(line, moneyFacts(known, id), pence)
  const wanted = newLine(known, { id, part: '', title: line.title, kind: 'payable', leaderId })
  const own = stored.find((one) => one.line === id && one.leaderId === leaderId)
  return [...left, { wanted: { ...wanted, payee: facts.leader?.name ?? '' }, standing, stored: own }]
}

/** What is paid or on its way: it stays so, whatever the facts say now. */
function goneOf(line: MoneyLine | undefined): number {
  const { paid, 'with-payer': withPayer } = line?.balances ?? NOTHING
  return paid + withPayer
}

/** The shares of leaders who left, from their claims beside the case (TSI-081). */
async function sharesBeside({ db, record }: Known, ratePence: number): Promise<OthersShare[]> {
  if (!hasPartialClaim(record)) return []
  const claims = await listPartialClaims(db, record)
  return Promise.all(
    claims.map(async ({ id }) => {
      const { payable } = await workTotals(db, record, { claimCaseId: id })
      const gone = (await listCaseLines(db, id)).reduce((sum, one) => sum + goneOf(one), 0)
      return { payable: penceOf(payable, ratePence), gone }
    }),
  )
}

/** The claim of a leader who left: the own validated days and nothing else, less what was paid to the same leader in the case itself. */
async function judgePartial(
  known: Known,
  parent: CaseRecord,
  { id, line }: { id: string; line: MoneyClaim },
): Promise<JudgedLine[]> {
  const { db, record, facts, stored } = known
  const { leaderId } = record.state
  if (leaderId === null) return []
  const ratePence = rateOf(record.pack, line.of) * 100
  const { payable } = await workTotals(db, parent, { claimCaseId: record.id })
  const own = (await listCaseLines(db, parent.id)).filter((one) => one.leaderId === leaderId)
  // Where the leader came back, the line in the case is for other days.
  const before = parent.state.leaderId === leaderId ? 0 : own.reduce((sum, one) => sum + goneOf(one), 0)
  const most = Math.max(0, penceOf(payable, ratePence) - before)
  const claimed = Math.min(Math.round(facts.claimed * 100), most)
  const standing = decideClaim(line, moneyFacts(known, id), { promised: most, claimed })
  const wanted = newLine(known, { id, part: '', title: line.title, kind: 'payable', leaderId })
  return [
    { wanted: { ...wanted, payee: facts.leader?.name ?? '' }, standing, stored: stored.find((one) => one.line === id) },
  ]
}

/** What a case that ended before its claim still owes: the days that were validated. The rest is promised no more. */
async function workedPence({ db, record }: Known, leaderId: number, ratePence: number): Promise<number> {
  const { payable } = await workTotals(db, record, { leaderId })
  return penceOf(payable, ratePence)
}

/** The parts of a grant to a trust, which may have been entered by its name: it is paid under its number. */
async function judgeGrant(known: Known, id: string, line: MoneyGrant): Promise<JudgedLine[]> {
  const { db, facts, stored } = known
  const entered = line.to.map((place) => facts.answer(...placeOf(place))).find(Boolean) ?? ''
  const payee = (await findPartner(db, entered))?.key ?? entered
  return line.parts.map((part) => ({
    wanted: {
      ...newLine(known, { id, part: part.id, title: `${line.title}: ${part.title}`, kind: 'grant', leaderId: null }),
      payee,
    },
    standing: decidePart(line, part, moneyFacts(known, id)),
    stored: stored.find((one) => one.line === id && one.part === part.id),
  }))
}

function placeOf(place: string): [string, string] {
  const [step = '', field = ''] = place.split('/')
  return [step, field]
}

type About = Pick<NewLine, 'part' | 'title' | 'kind' | 'leaderId'> & { id: string }

function newLine({ record, today }: Known, { id, ...about }: About): NewLine {
  return { caseId: record.id, line: id, payee: '', madeOn: today, ...about }
}

function rateOf({ entitlements }: Pack, id: string): number {
  return entitlements?.[id]?.rate ?? 0
}

/** Brings the books of a case to what its facts say, in the caller's transaction; what changes is audited. */
export async function bookCase(
  parts: MoneyParts,
  db: Db,
  record: CaseRecord,
  by: Actor,
  words = 'As the case stands',
): Promise<void> {
  for (const { wanted, standing, stored } of await judgeLines(parts, db, record)) {
    const postings = decidePostings(stored?.balances ?? NOTHING, standing)
    if (postings.length === 0) continue
    const id = await keepLine(db, wanted, standing.pence)
    const on = parts.clock.today().toString()
    await addEntries(db, id, postings, { on, words, by })
    const said = postings.map(({ from, to, pence }) => `${inPounds(pence)} from ${from} to ${to}`).join('; ')
    await writeAudit(db, {
      actor: by,
      action: 'Money booked',
      record: 'case',
      recordKey: record.reference,
      new: { line: wanted.title, moved: said },
    })
  }
}

/** The same for the claims of leaders who left, which begin and are counted with the case itself. */
export async function bookClaimsBeside(parts: MoneyParts, db: Db, record: CaseRecord, by: Actor): Promise<void> {
  for (const { reference } of await listPartialClaims(db, record)) await bookCaseOf(parts, db, reference, by)
}

/** The same for a case by its reference. */
export async function bookCaseOf(parts: MoneyParts, db: Db, reference: string, by: Actor): Promise<void> {
  const record = await findCase(db, reference, true)
  if (record) await bookCase(parts, db, record, by)
}
