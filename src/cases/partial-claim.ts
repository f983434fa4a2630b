import { sql } from 'kysely'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision } from '../platform/decision.ts'
import type { CaseParts, EffectCall } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { openChild } from './child-case.ts'
import { copiesOf } from './form-copies.ts'
import { formOf } from './form-facts.ts'
import { secretAbout } from './form-state.ts'
import { findForm, insertForm } from './form-store.ts'
import { readLog } from './log-store.ts'
import { passSteps } from './pass-steps.ts'
import { workOf } from './work-facts.ts'

/**
 * A leader leaves the case: days that were only planned are taken off, the team is dissolved, and the days that were done go to a
 * claim of that leader's own beside the case (TSI-081), which keeps the leader's part of the form. Nothing begins without such days.
 */
export async function beginPartClaim(parts: CaseParts, call: EffectCall): Promise<Decision<void>> {
  const { db, record, leader, words, by } = call
  if (!leader) return accept(undefined)
  const done = await leaveLog(call, leader.id)
  await sql`update case_member set ended_on = ${call.today}, ended_by = ${by.name}
    where case_id = ${record.id} and leader_id = ${leader.id} and ended_on is null`.execute(db)
  if (done.length > 0) {
    const child = await openChild(call, { name: words[0] ?? '', leaderId: leader.id })
    if (!child.ok) return child
    await sql`update case_log_item set claim_case_id = ${child.value.id} where id = any(${[...done]})`.execute(db)
    await keepForm(parts, db, { child: child.value, parent: record, leaderId: leader.id, on: call.today })
  }
  await passSteps(db, record, { from: leader.id, to: null, today: call.today })
  // The next leader is judged by the own type.
  await sql`update support_case set matched_as = null where id = ${record.id}`.execute(db)
  return accept(undefined)
}

/** Takes off what the leader only planned. Answers the ids of the days that were done. */
async function leaveLog({ db, record, today, by }: EffectCall, leaderId: number): Promise<readonly number[]> {
  const work = workOf(record)
  const log = work && record.pack.process?.flows?.[record.flow]?.logs?.[work.log.of]
  if (!work || !log) return []
  const items = await readLog(db, record.id, work.log.of)
  const own = items.filter((item) => item.leaderId === leaderId && item.claimCaseId === null && !item.external)
  const planned = own.filter(({ state }) => state === log.states[0])
  if (planned.length > 0) {
    await sql`update case_log_item set withdrawn_on = ${today}
      where id = any(${planned.map(({ id }) => id)})`.execute(db)
    await writeAudit(db, {
      actor: by,
      action: `${log.title}: planned days taken off`,
      record: 'case',
      recordKey: record.reference,
      old: { days: planned.map(({ on }) => on) },
      reason: 'The leader leaves the case',
    })
  }
  return own.flatMap(({ id, state }) => (state === log.states[0] ? [] : [id]))
}

type Kept = { child: CaseRecord; parent: CaseRecord; leaderId: number; on: string }

/** The form of the claim, with what was copied when the deployment began and the secrets that the leader entered already. */
async function keepForm({ secrets }: CaseParts, db: Db, { child, parent, leaderId, on }: Kept): Promise<void> {
  const found = formOf(child)
  if (!found) return
  const held = await findForm(db, parent.id, leaderId)
  const copies = held?.copies ?? (await copiesOf(db, child, { form: found.form, leaderId, on }))
  await insertForm(db, { caseId: child.id, form: found.id, copies, on })
  const made = await findForm(db, child.id, leaderId)
  if (!held || !made || !secrets) return
  for (const { id, kind } of found.form.sections) {
    const saved = kind === 'secret' ? held.sections.find(({ section }) => section === id) : undefined
    if (!saved?.sealed) continue
    const text = secrets.open(saved.sealed, secretAbout(held.id, id, leaderId))
    const sealed = secrets.seal(text, secretAbout(made.id, id, leaderId))
    await sql`insert into case_form_section (form_id, section, leader_key, version, state, answers, sealed, tail, saved_at,
        saved_on, saved_by, saved_by_id)
      select ${made.id}, section, leader_key, 1, state, answers, ${sealed}, tail, saved_at, saved_on, saved_by, saved_by_id
      from case_form_section where form_id = ${held.id} and section = ${id} and leader_key = ${leaderId}
        and version = ${saved.version}`.execute(db)
  }
}
