import type { Db } from '../platform/db.ts'
import { countOf, longDate } from '../platform/words.ts'
import type { Form, Pack } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { type ClaimFacts, claimedOf, type FormRow, type StoredForm, sectionState } from './form-state.ts'
import { findForm } from './form-store.ts'
import { daysText } from './log-item.ts'
import { parentOfClaim } from './part-of-case.ts'
import type { MoreFacts } from './read-facts.ts'
import { workFacts, workTotals } from './work-facts.ts'

/** The form that goes with the cases of a flow, with its id; undefined where the pack has none. */
export function formOf({ pack, flow }: Pick<CaseRecord, 'pack' | 'flow'>): { id: string; form: Form } | undefined {
  const found = Object.entries(pack.forms ?? {}).find(([, form]) => form.flow === flow)
  return found && { id: found[0], form: found[1] }
}

/** Sections of a case's form by their ids, with where they are (TSI-129). */
export function sectionLinks(
  record: CaseRecord,
  ids: readonly string[],
): (FormRow & { number: number; href: string })[] {
  const sections = formOf(record)?.form.sections.filter((one) => ids.includes(one.id)) ?? []
  return sections.map(({ id, number, title }) => ({
    key: id,
    number,
    title,
    href: `/cases/${record.reference}/form/sections/${id}`,
  }))
}

/** Everything that conditions ask beside the case itself: its work, what the slices above count, and its form. */
export async function readMoreFacts(parts: CaseParts, db: Db, record: CaseRecord): Promise<MoreFacts> {
  const work = await workFacts(db, record)
  const letters = await parts.letters?.states(db, record)
  const more = { ...work, ...(letters && { letters }) }
  const found = formOf(record)
  const stored = found && (await findForm(db, record.id, record.state.leaderId))
  if (!found || !stored) return more
  const claim = await readClaimFacts(db, record, work.log)
  return { ...more, ...formFacts(found.form, stored, claim), form: { stored, claim } }
}

/**
 * What the leader of the case may claim: the days validated that may be paid (TSI-055). In the claim of a leader who left, the days
 * that this leader validated before (TSI-081).
 */
async function readClaimFacts(db: Db, record: CaseRecord, log: MoreFacts['log']): Promise<ClaimFacts> {
  const parent = parentOfClaim(record)
  const whose = parent ? { claimCaseId: record.id } : { leaderId: record.state.leaderId ?? 0, log }
  const { validated, agreed, extra, payable, days, notPayable } = await workTotals(db, parent ?? record, whose)
  const dated = days.map(({ on, halfDays, what }) => ({ title: longDate(on), value: `${inDays(halfDays)}: ${what}` }))
  return {
    claimableHalfDays: payable,
    ratePounds: rateOf(record.pack),
    lines: [
      // Beside the case there is no log to look them up in.
      ...(parent ? dated : []),
      { title: 'Days validated', value: daysText(validated) },
      { title: 'Days agreed and approved', value: daysText(agreed + extra) },
      ...notPayable.map(({ on, halfDays, because }) => ({
        title: `Not claimed: ${longDate(on)}`,
        value: `${daysText(halfDays)}. ${because}`,
      })),
    ],
  }
}

function inDays(halfDays: number): string {
  return countOf(halfDays / 2, 'day')
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
