import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { presentDone } from './case-page.ts'
import type { CaseRecord } from './case-store.ts'
import { parentOfClaim } from './part-of-case.ts'
import { flowOf } from './present-case.ts'
import { findCaseLeader, type SeenCase } from './read-case.ts'
import { doneStepsFor } from './who-reads.ts'

type ReadStep = ReturnType<typeof doneStepsFor>[number]

/** What somebody did in a case so that one beside it began, as far as the reader may read it. `reference`: the case it was done in. */
export type Asked = ReadStep & { readonly reference: string }

/** What was asked for with a case beside another; null for a case that stands alone, and for one that nobody asked for. */
export async function readAsked(db: Db, { record, whole }: SeenCase, actor: Actor): Promise<Asked | null> {
  const { parent, begunBySeq } = record
  // Nobody asked for the claim of a leader who left: it begins by itself.
  if (!parent || parentOfClaim(record)) return null
  const leader = await findCaseLeader(db, parent.state.leaderId)
  const found = doneStepsFor({ record: parent, leader, whole }, actor).find((one) => one.seq === begunBySeq)
  return found ? { ...found, reference: parent.reference } : null
}

export type DoneShown = ReturnType<typeof presentDone>

/** The same as a page and the file of the case print it. */
export function presentAskedFor(record: CaseRecord, asked: Asked | null, today: string): DoneShown | null {
  return asked && record.parent ? presentDone(record.parent, asked, today) : null
}

/**
 * What whoever does a step of a case beside another goes by: what was asked for, then the steps of the case itself that still
 * count, of several endings the last. Whoever sees only the own step reads what the pack shares with everybody. Empty for a
 * case that stands alone.
 */
export async function readKnown(db: Db, seen: SeenCase, actor: Actor, today: string): Promise<DoneShown[]> {
  const { record, whole } = seen
  if (!record.parent) return []
  const asked = await readAsked(db, seen, actor)
  const { steps } = flowOf(record)
  const counting = doneStepsFor(seen, actor).filter((one) => !one.superseded)
  const last = new Map(counting.map((one) => [`${one.step}/${one.key}`, one.seq]))
  const own = counting.filter((one) => !(one.step in steps) || last.get(`${one.step}/${one.key}`) === one.seq)
  const shown = [
    ...(asked ? [presentDone(record.parent, whole ? asked : sharedOnly(record.parent, asked), today)] : []),
    ...own.map((one) => presentDone(record, whole ? one : sharedOnly(record, one), today)),
  ]
  return whole ? shown : shown.filter(({ answers }) => answers.length > 0)
}

function sharedOnly(record: CaseRecord, one: ReadStep): ReadStep {
  const flow = flowOf(record)
  const asked = (flow.steps[one.step] ?? flow.anytime?.[one.step])?.fields ?? {}
  const fields = Object.fromEntries(Object.entries(one.fields).filter(([name]) => asked[name]?.shared))
  return { ...one, fields, reasons: {}, note: null }
}
