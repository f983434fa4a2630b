import { type Actor, isMachine } from '../platform/actor.ts'
import type { AuditChange } from '../platform/audit-history.ts'
import type { CaseRecord } from './case-store.ts'
import { type DoneStep, doneStepsOf, flowOf } from './present-case.ts'
import type { SeenCase } from './read-case.ts'
import { hatInCase } from './who-sees.ts'

/** Whether somebody may read what was entered in a step or action of a case; that it was done, whoever sees the case knows. */
type Reading = (step: string) => boolean

/** Where the pack names who `reads` a step, nobody else does, whatever else they may do in the case. */
function readingOf(seen: SeenCase, actor: Actor): Reading {
  return (step) => {
    const { reads } = partOf(seen.record, step) ?? {}
    return reads === undefined || isMachine(actor) || hatInCase(actor, seen, reads) !== undefined
  }
}

function partOf(record: CaseRecord, step: string) {
  const flow = flowOf(record)
  return flow.steps[step] ?? flow.anytime?.[step]
}

/** What was done, as one person may read it: of a step that others read, that which the pack shares with everybody in the case. */
export function doneStepsFor(seen: SeenCase, actor: Actor): (DoneStep & { readonly isWithheld: boolean })[] {
  const mayRead = readingOf(seen, actor)
  return doneStepsOf(seen.record).map((one) => {
    if (mayRead(one.step)) return { ...one, isWithheld: false }
    const asked = partOf(seen.record, one.step)?.fields ?? {}
    const fields = Object.fromEntries(Object.entries(one.fields).filter(([name]) => asked[name]?.shared))
    return { ...one, fields, reasons: {}, note: null, isWithheld: true }
  })
}

/** The changes of a case as one person may read them: who did what and when, without reasons and notes that others read. */
export function changesFor(seen: SeenCase, actor: Actor, changes: readonly AuditChange[]): AuditChange[] {
  const mayRead = readingOf(seen, actor)
  const { steps, anytime = {} } = flowOf(seen.record)
  const all = Object.entries({ ...steps, ...anytime })
  const withheld = new Set(all.filter(([id]) => !mayRead(id)).map(([, { title }]) => title))
  return changes.map((change) => {
    if (!withheld.has(change.action)) return change
    const { note: _, ...kept } = change.new
    return { ...change, new: kept, reason: null }
  })
}
