import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { SentReminder } from './reminder.ts'

/** A reminder with the step that it was of, and how each letter got on with whom. */
export type StoredReminder = SentReminder & {
  readonly seq: number
  readonly step: string
  readonly key: string
  readonly messageId: number | null
  /** Why no letter could go. */
  readonly trouble: string | null
  readonly recipients: readonly {
    readonly name: string
    readonly roleTitle: string
    readonly because: string
    readonly state: string
    readonly trouble: string | null
  }[]
}

/** Every reminder of a case, or of one opening of a step, the oldest first. */
export async function listReminders(db: Db, caseId: number, seq?: number): Promise<StoredReminder[]> {
  const { rows } = await sql<StoredReminder>`
    select r.step_seq as seq, s.step, s.key, r.on_day as "on", r.of_itself as "ofItself", r.by_name as by,
      r.message_id as "messageId", r.trouble,
      array(select m.name from message_recipient m where m.message_id = r.message_id and m.part = 'to' order by m.position) as "to",
      (select coalesce(jsonb_agg(jsonb_build_object('name', m.name, 'roleTitle', m.role_title, 'because', m.because,
          'state', m.state, 'trouble', m.trouble) order by m.part desc, m.position), '[]')
        from message_recipient m where m.message_id = r.message_id) as recipients
    from case_reminder r join case_step s on s.case_id = r.case_id and s.seq = r.step_seq
    where r.case_id = ${caseId} ${seq === undefined ? sql`` : sql`and r.step_seq = ${seq}`}
    order by r.on_day, r.id`.execute(db)
  return rows
}

export type NewReminder = {
  readonly caseId: number
  readonly seq: number
  readonly on: string
  readonly ofItself: boolean
  readonly by: { readonly name: string; readonly personId: number | null }
} & ({ readonly messageId: number } | { readonly trouble: string })

export async function insertReminder(db: Db, reminder: NewReminder): Promise<void> {
  const { caseId, seq, on, ofItself, by } = reminder
  await sql`insert into case_reminder (case_id, step_seq, on_day, of_itself, by_name, by_id, message_id, trouble)
    values (${caseId}, ${seq}, ${on}, ${ofItself}, ${by.name}, ${by.personId},
      ${'messageId' in reminder ? reminder.messageId : null}, ${'trouble' in reminder ? reminder.trouble : null})`.execute(
    db,
  )
}

/** Late open steps of open cases of which a reminder of itself has still to go, the longest late first. */
export async function listUnreminded(db: Db, today: string): Promise<{ reference: string; seq: number }[]> {
  const { rows } = await sql<{ reference: string; seq: number }>`
    with reminding as materialized (
      select id, (content #>> '{process,reminders,times}')::int as times from pack_version
      where content #> '{process,reminders}' is not null)
    select c.reference, s.seq from case_step s join support_case c on c.id = s.case_id
      join reminding p on p.id = c.pack_version_id
    where s.state = 'open' and c.status = 'open' and s.due_on < ${today} and (s.delay_to is null or s.delay_to < ${today})
      and (select count(*) from case_reminder r where r.case_id = s.case_id and r.step_seq = s.seq and r.of_itself) < p.times
    order by s.due_on, s.id`.execute(db)
  return rows
}

/** The case and the opening of a step that a letter reminded of; undefined for every other letter. */
export async function findReminded(
  db: Db,
  messageId: number,
): Promise<{ reference: string; seq: number; state: string } | undefined> {
  const { rows } = await sql<{ reference: string; seq: number; state: string }>`
    select c.reference, r.step_seq as seq, s.state from case_reminder r join support_case c on c.id = r.case_id
      join case_step s on s.case_id = r.case_id and s.seq = r.step_seq
    where r.message_id = ${messageId}`.execute(db)
  return rows[0]
}
