import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { changesBetween, type FieldChange, fieldsOf, type Leader } from './leader.ts'
import { lockLeaders, readLeaders } from './leader-store.ts'
import { inTransaction } from './leader-tables.ts'
import { parseDays } from './ledger.ts'
import { type Saved, storeChange } from './save-leader.ts'
import { findWord, type LeaderVocabulary, STATES } from './vocabulary.ts'

/** One change for several leaders; empty parts change nothing. */
export type BulkChange = {
  readonly state: string
  readonly term: string
  readonly days: string
  readonly addExpertise: readonly string[]
  readonly removeExpertise: readonly string[]
}

type Edit = (leader: Leader) => Leader

/** What a bulk change does to one leader, or every fault of the change itself. */
function decideBulkChange(change: BulkChange, vocabulary: LeaderVocabulary): Decision<Edit> {
  const refusals = checkBulkChange(change, vocabulary)
  if (refusals.length > 0) return refuse(...refusals)
  const { addExpertise, removeExpertise } = change
  const halfDays = parseDays(change.days)
  return accept((leader) => ({
    ...leader,
    state: findWord(STATES, change.state)?.id ?? leader.state,
    days: halfDays === undefined ? leader.days : { ...leader.days, [change.term]: halfDays },
    expertise: [...new Set([...leader.expertise, ...addExpertise])].filter((id) => !removeExpertise.includes(id)),
  }))
}

function checkBulkChange(change: BulkChange, { terms, focusAreas }: LeaderVocabulary): Refusal[] {
  const { state, term, days, addExpertise, removeExpertise } = change
  const refusals: Refusal[] = []
  const refuseIf = (wrong: boolean, field: string, message: string) => {
    if (wrong) refusals.push({ code: `bulk.${field}`, message, field })
  }
  const unknown = (id: string) => !focusAreas.some((area) => area.id === id)
  refuseIf(state !== '' && !findWord(STATES, state), 'state', `There is no state "${state}"`)
  refuseIf(term !== '' && days === '', 'days', 'Enter the days')
  refuseIf(days !== '' && parseDays(days) === undefined, 'days', 'Days must be a number of days or half days, like 7.5')
  refuseIf(days !== '' && !terms.some((one) => one.id === term), 'term', 'Choose the term that the days are for')
  refuseIf(addExpertise.some(unknown), 'addExpertise', 'Choose expertise from the list')
  const both = addExpertise.some((id) => removeExpertise.includes(id))
  refuseIf(both, 'removeExpertise', 'The same expertise cannot be both added and removed')
  const nothing = [state, term, days, ...addExpertise, ...removeExpertise].every((text) => text === '')
  refuseIf(nothing, 'state', 'Choose at least one change')
  return refusals
}

export type BulkRow = { readonly reference: string; readonly version: number; readonly changes: readonly FieldChange[] }

export type BulkAsked = {
  readonly references: readonly string[]
  readonly change: BulkChange
  readonly reason: string
  readonly vocabulary: LeaderVocabulary
}

/** What would change for whom; nothing is saved. */
export async function previewBulkChange({ db }: Pick<Database, 'db'>, asked: BulkAsked): Promise<Decision<BulkRow[]>> {
  const chosen = await readLeaders(db, asked.references)
  if (chosen.length === 0) return refuse(NOBODY)
  const decision = decideBulkChange(asked.change, asked.vocabulary)
  if (!decision.ok) return decision
  return accept(
    chosen.map(({ leader, editVersion }) => ({
      reference: leader.reference,
      version: editVersion,
      changes: changesBetween(fieldsOf(leader), fieldsOf(decision.value(leader)), asked.vocabulary),
    })),
  )
}

const NOBODY: Refusal = { code: 'bulk.nobody', message: 'Choose at least one leader', field: 'leader' }

/** Saves the change for all of them or, when one is refused, for none. `versions`: as the preview showed them. */
export async function saveBulkChange(
  { db }: Pick<Database, 'db'>,
  asked: BulkAsked & { readonly versions: Readonly<Record<string, number>>; readonly by: Actor },
): Promise<Decision<Saved[]>> {
  const decision = decideBulkChange(asked.change, asked.vocabulary)
  if (!decision.ok) return decision
  const refused: Refusal[] = []
  const saved: Saved[] = []
  try {
    await inTransaction(db, async (transaction) => {
      const known = await readLeaders(transaction, asked.references)
      await lockLeaders(
        transaction,
        known.map(({ id }) => id),
      )
      for (const before of await readLeaders(transaction, asked.references)) {
        const { reference } = before.leader
        if (asked.versions[reference] !== before.editVersion) {
          refused.push({ code: 'moved-on', message: `${reference} was changed by somebody else since the preview` })
          continue
        }
        const stored = await storeChange(transaction, { ...asked, before, after: decision.value(before.leader) })
        if (stored.ok) saved.push(stored.value)
        else refused.push(...stored.refusals.map((one) => ({ ...one, message: `${reference}: ${one.message}` })))
      }
      if (refused.length > 0) throw new Undone()
    })
  } catch (error) {
    if (!(error instanceof Undone)) throw error
  }
  if (refused.length > 0) return refuse(...refused)
  return saved.length > 0 ? accept(saved) : refuse(NOBODY)
}

/** Thrown to roll the transaction back when one of several leaders is refused. */
class Undone extends Error {}
