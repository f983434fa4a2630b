import type { Decision } from '../platform/decision.ts'
import { packRef } from '../programmes/index.ts'
import { setStanding } from '../standings/index.ts'
import { beginByLevel } from './begin-by-level.ts'
import type { CaseParts, EffectCall } from './case-parts.ts'
import { followDuties } from './follow-duties.ts'

/** The fields by which steps say what is proposed or decided. */
const LEVEL = 'level'
const VARIANT = 'variant'
const FROM = 'from'
const WHY = 'why'

/**
 * `set-standing STANDING [LEVEL]`: the level named, or the one entered in the step, or the one that an earlier step proposed; from the
 * day entered, or today. The step's "why" and reasons are kept with it.
 */
export async function setStandingOf(parts: CaseParts, call: EffectCall): Promise<Decision<void>> {
  const { db, record, words, fields, reasons, today, by } = call
  const [standing = '', named] = words
  const level = named ?? (textOf(fields[LEVEL]) || proposed(call, LEVEL))
  // A variant belongs to the level that it was proposed with.
  const isAsProposed = level === proposed(call, LEVEL)
  const variant = textOf(fields[VARIANT]) || (isAsProposed ? proposed(call, VARIANT) : '')
  const done = await setStanding(parts, db, {
    ref: packRef(record),
    standing,
    urn: record.urn ?? 0,
    place: {
      region: record.region,
      authority: record.authorityCode,
      trust: record.trustUid,
      diocese: record.diocese,
      urn: record.urn,
    },
    asked: { level, variant: variant || null, from: textOf(fields[FROM]) || today },
    reason: [textOf(fields[WHY]), ...Object.values(reasons)].filter(Boolean).join('; '),
    case: record.reference,
    by,
  })
  // What the new level asks for falls due at once, in the same transaction.
  if (!done.ok) return done
  const within = { ...parts, database: { ...parts.database, db } }
  await beginByLevel(within)
  await followDuties(within)
  return done
}

function proposed({ record }: EffectCall, field: string): string {
  const step = record.state.steps.findLast((one) => one.state === 'done' && !one.superseded && one.fields[LEVEL])
  return textOf(step?.fields[field])
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : ''
}
