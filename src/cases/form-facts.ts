import type { Db } from '../platform/db.ts'
import type { Form, Pack } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { type ClaimFacts, claimedOf, type StoredForm, sectionState } from './form-state.ts'
import { findForm } from './form-store.ts'
import { type MoreFacts, NO_MORE_FACTS } from './read-facts.ts'

/** The form that goes with the cases of a flow, with its id; undefined where the pack has none. */
export function formOf({ pack, flow }: Pick<CaseRecord, 'pack' | 'flow'>): { id: string; form: Form } | undefined {
  const found = Object.entries(pack.forms ?? {}).find(([, form]) => form.flow === flow)
  return found && { id: found[0], form: found[1] }
}

/** Everything that conditions ask beside the case itself: from the slices above, and from its form. */
export async function readMoreFacts(parts: CaseParts, db: Db, record: CaseRecord): Promise<MoreFacts> {
  const more = (await parts.moreFacts?.(db, record)) ?? NO_MORE_FACTS
  const found = formOf(record)
  const stored = found && (await findForm(db, record.id, record.state.leaderId))
  if (!found || !stored) return more
  const claim = await readClaimFacts(parts, db, record, more)
  return { ...more, ...formFacts(found.form, stored, claim) }
}

/** What may be claimed: as the slice of money says, else what was validated, up to the days agreed and approved. */
export async function readClaimFacts(
  parts: CaseParts,
  db: Db,
  record: CaseRecord,
  more: Pick<MoreFacts, 'validated'>,
): Promise<ClaimFacts> {
  const told = await parts.claimFacts?.(db, record)
  if (told) return told
  const { agreedHalfDays, extraHalfDays } = record.state
  const validated = Math.round(more.validated * 2)
  const most = agreedHalfDays + extraHalfDays
  return {
    claimableHalfDays: Math.min(validated, most),
    ratePounds: rateOf(record.pack),
    lines: [
      { title: 'Days validated', value: String(validated / 2) },
      { title: 'Days agreed and approved', value: String(most / 2) },
    ],
  }
}

function rateOf(pack: Pack): number {
  return Object.values(pack.entitlements ?? {}).find(({ rate }) => rate !== undefined)?.rate ?? 0
}

function formFacts(form: Form, stored: StoredForm, claim: ClaimFacts): Partial<MoreFacts> {
  const sections = new Map(form.sections.map((one) => [one.id, sectionState(form, stored, one, claim)]))
  const entries = new Map(
    stored.sections.flatMap(({ section, answers }) =>
      Object.entries(answers.fields ?? {}).map(([name, value]) => [
        `${section}/${name}`,
        typeof value === 'string' ? value : value.join(', '),
      ]),
    ),
  )
  return { sections, entries, claimed: claimedOf(form, stored, claim).pounds }
}
