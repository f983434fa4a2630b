import { sql } from 'kysely'
import { writeAudit } from '../platform/audit.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import type { CaseParts } from './case-parts.ts'
import type { LogAsk } from './log-run.ts'
import { changeWork, notYours, type WorkDesk } from './work-desk.ts'

export type CaseNote = {
  readonly id: number
  readonly audience: 'shared' | 'internal'
  readonly words: string
  readonly on: string
  readonly by: string
}

/** Whether the asker is one of those who run the programme and read its internal notes (TSI-056), or who look into a case later. */
export function readsInternal({ work: { notes }, isOf }: WorkDesk): boolean {
  return [...notes.internal, ...(notes.reads ?? [])].some((party) => isOf(party))
}

/** The notes of a case that the asker may read; internal ones leave the database for those alone who may. */
export async function readCaseNotes(desk: WorkDesk): Promise<CaseNote[]> {
  const { rows } = await sql<CaseNote>`select id, audience, words, made_on as on, made_by as by from case_note
    where case_id = ${desk.record.id} and (audience = 'shared' or ${readsInternal(desk)}) order by id`.execute(desk.db)
  return rows
}

/** What was said in the steps of the case for everybody to read: the fields that the pack marks as shared. */
export function sharedContext({
  record,
  flow,
}: WorkDesk): { title: string; words: string; on: string; by: string | null }[] {
  return record.state.steps.flatMap((one) => {
    const step = flow.steps[one.step] ?? flow.anytime?.[one.step]
    if (one.state !== 'done' || one.superseded || !step) return []
    return Object.entries(step.fields ?? {}).flatMap(([name, field]) => {
      const words = one.fields[name]
      if (!field.shared || typeof words !== 'string' || !words) return []
      return [{ title: `${step.title}: ${field.title}`, words, on: one.doneOn ?? '', by: one.doneBy }]
    })
  })
}

const AUDIENCES = ['shared', 'internal'] as const

/** Adds a note: shared with everybody who sees the case, or kept among those who run the programme. */
export function addCaseNote(parts: CaseParts, ask: LogAsk): Promise<Decision<{ id: number }>> {
  return changeWork(parts, ask, async (desk) => {
    const audience = AUDIENCES.find((one) => one === (ask.body['audience'] || 'shared'))
    if (!audience)
      return refuse({
        code: 'field.not-a-choice',
        message: 'Say who may read it: everybody who sees this case, or those who run the programme',
        field: 'audience',
        allowed: AUDIENCES,
      })
    const { by, internal } = desk.work.notes
    const who = notYours(desk, audience === 'internal' ? internal : by)
    if (who) return refuse(who)
    const words = String(ask.body['words'] ?? '').trim()
    if (!words) return refuse({ code: 'field.missing', message: 'Write the note', field: 'words' })
    const { rows } = await sql<{
      id: number
    }>`insert into case_note (case_id, audience, words, made_on, made_by, made_by_id)
      values (${desk.record.id}, ${audience}, ${words}, ${desk.today}, ${ask.by.name}, ${ask.by.personId})
      returning id`.execute(desk.db)
    await writeAudit(desk.db, {
      actor: ask.by,
      action: `Note added, ${audience}`,
      record: 'case',
      recordKey: desk.record.reference,
      new: { note: rows[0]?.id },
    })
    return accept({ id: rows[0]?.id ?? 0 })
  })
}
