import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { Flow } from '../programmes/index.ts'
import { presentDone } from './case-page.ts'
import type { StepState } from './case-state.ts'
import type { CaseRecord } from './case-store.ts'
import { flowOf } from './present-case.ts'
import { findCaseLeader, type SeenCase } from './read-case.ts'
import { doneStepsFor } from './who-reads.ts'

type ReadStep = ReturnType<typeof doneStepsFor>[number]

/** What somebody did in a case so that one beside it began, as far as the reader may read it. `reference`: the case it was done in. */
export type Asked = ReadStep & { readonly reference: string }

/** What was asked for with a case beside another; null for a case that stands alone, and for one that nobody asked for. */
export async function readAsked(db: Db, { record, whole }: SeenCase, actor: Actor): Promise<Asked | null> {
  const { parent } = record
  const seq = askingStep(record)?.seq
  if (!parent || seq === undefined) return null
  const leader = await findCaseLeader(db, parent.state.leaderId)
  const found = doneStepsFor({ record: parent, leader, whole }, actor).find((one) => one.seq === seq)
  return found ? { ...found, reference: parent.reference } : null
}

/**
 * The step of the case beside which this one began: each that begins such a case began one, so the third of them began the
 * third. Where that does not come out at the day on which this one began, the last such step up to that day.
 */
function askingStep(record: CaseRecord): StepState | undefined {
  const { parent, flow, startedOn, reference } = record
  if (!parent) return undefined
  const steps = parent.state.steps.filter((one) => one.state === 'done' && begins(flowOf(parent), one, flow))
  const place = parent.children.filter((one) => one.flow === flow).findIndex((one) => one.reference === reference)
  const [exact] = steps.slice(place, place + 1)
  if (exact?.doneOn === startedOn) return exact
  return steps.findLast(({ doneOn }) => doneOn !== null && doneOn <= startedOn)
}

function begins({ steps, anytime = {}, children = {} }: Flow, { step, outcome }: StepState, flow: string): boolean {
  const asked = steps[step]
  const effects = [...((asked ?? anytime[step])?.do ?? []), ...(asked?.outcomes?.[outcome]?.do ?? [])]
  return effects.some((effect) => {
    const [name, child = ''] = effect.split(' ')
    return name === 'start-child' && children[child]?.flow === flow
  })
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
