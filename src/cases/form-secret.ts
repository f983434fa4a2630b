import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { FormSection } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { Answers } from './case-state.ts'
import { type FormDesk, seesInFull } from './form-desk.ts'
import { findSection, secretAbout } from './form-state.ts'

/** What somebody sees of a secret: its last digits, or all of it. */
export type ShownSecret = {
  readonly masked: string | null
  readonly full: Answers | null
}

/** A secret for whoever may read the section: in full for the few named, and each such view is audited (TSI-140). */
export async function showSecret(
  { database, secrets }: CaseParts,
  desk: FormDesk,
  section: FormSection,
  by: Actor,
): Promise<ShownSecret> {
  const held = findSection(desk.stored, section.id)
  if (!held?.sealed) return { masked: null, full: null }
  const masked = `•••••${held.tail ?? ''}`
  if (!seesInFull(desk, by, section) || !secrets) return { masked, full: null }
  await database.db.transaction().execute((db) =>
    writeAudit(db, {
      actor: by,
      action: `Section ${section.number} seen in full`,
      record: 'case',
      recordKey: desk.record.reference,
    }),
  )
  const text = secrets.open(held.sealed, secretAbout(desk.stored.id, section.id, desk.stored.leaderKey))
  const full: Answers = JSON.parse(text)
  return { masked, full }
}
