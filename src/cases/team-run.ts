import { sql } from 'kysely'
import { writeAudit } from '../platform/audit.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import type { Specialism } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { checkRefusals } from './decide-step.ts'
import { keepRefused, type LogAsk, OUTSIDE } from './log-run.ts'
import { belongsToLeader, findPerson, readTeam } from './team-store.ts'
import { changeWork, notYours, type WorkDesk } from './work-desk.ts'

/**
 * Adds somebody of the leader's own school or trust to the team. Codes: `performer.outside` (kept in the audit),
 * `person.unknown`, `team.twice`, `check.<id>`, `not-responsible`.
 */
export async function addMember(parts: CaseParts, ask: LogAsk): Promise<Decision<{ id: number }>> {
  const decision = await changeWork(parts, ask, (desk) => add(desk, ask))
  if (!decision.ok) await keepRefused(parts.database.db, ask, decision.refusals)
  return decision
}

async function add(desk: WorkDesk, { body, by }: LogAsk): Promise<Decision<{ id: number }>> {
  const { db, record, work, leader, today } = desk
  const who = notYours(desk, [work.team.by])
  if (who) return refuse(who)
  if (!leader) return refuse({ code: 'leader.none', message: 'This case has no leader at present' })
  const checked = checkRefusals(
    { facts: desk.facts(), cleared: new Set(), pack: record.pack },
    work.team.checks ?? [],
    {},
  )
  if (checked.length > 0) return refuse(...checked)
  const read = readMember(desk, body)
  if (!read.ok) return read
  const { email, specialism, about } = read.value
  const person = await findPerson(db, email)
  if (!person || !(await belongsToLeader(db, person.personId, leader.id, today)))
    return refuse({ code: OUTSIDE, message: `${person?.name ?? email} ${work.log.performers.say}`, field: 'person' })
  const team = await readTeam(db, record.id)
  if (team.some((one) => one.personId === person.personId && one.endedOn === null))
    return refuse({ code: 'team.twice', message: `${person.name} is in the team already`, field: 'person' })
  const { rows } = await sql<{ id: number }>`
    insert into case_member (case_id, leader_id, person_id, specialism, about, from_on, added_by)
    values (${record.id}, ${leader.id}, ${person.personId}, ${specialism.id}, ${about || null}, ${today}, ${by.name})
    returning id`.execute(db)
  await giveRole(desk, person.personId)
  await writeAudit(db, {
    actor: by,
    action: 'Team member added',
    record: 'case',
    recordKey: record.reference,
    new: { name: person.name, specialism: specialism.title },
  })
  return accept({ id: rows[0]?.id ?? 0 })
}

type Asked = { email: string; specialism: Specialism; about: string }

function readMember({ work }: WorkDesk, body: LogAsk['body']): Decision<Asked> {
  const email = String(body['person'] ?? '').trim()
  const specialism = work.team.specialisms.find(({ id }) => id === body['specialism'])
  const about = String(body['about'] ?? '').trim()
  if (!email) return refuse({ code: 'field.missing', message: 'Choose a person', field: 'person' })
  if (!specialism) {
    const titles = work.team.specialisms.map(({ title }) => title).join(', ')
    const allowed = work.team.specialisms.map(({ id }) => id)
    const message = `Specialism: choose one of ${titles}`
    return refuse({ code: 'field.not-a-choice', message, field: 'specialism', allowed })
  }
  if (specialism.note && !about)
    return refuse({ code: 'field.missing', message: `${specialism.title}: say which`, field: 'about' })
  return accept({ email, specialism, about })
}

/** A member needs the programme's role for members to sign in to the case; it shows nothing but cases of the own teams. */
async function giveRole({ db, record, work, today, by }: WorkDesk, personId: number): Promise<void> {
  const role = record.pack.process?.parties[work.team.as]?.roles[0]
  await sql`insert into role_grant (person_id, programme, role, scope_kind, scope_values, from_date, granted_by)
    select ${personId}, ${record.programme}, ${role}, 'named', array['assigned'], ${today}, ${by.name}
    where not exists (select from role_grant where person_id = ${personId} and programme = ${record.programme}
      and role = ${role} and scope_kind = 'named' and (to_date is null or to_date >= ${today}))`.execute(db)
}

/** Ends somebody's time in the team today; what they did stays theirs. */
export function endMember(parts: CaseParts, ask: LogAsk & { id: number }): Promise<Decision<{ id: number }>> {
  return changeWork(parts, ask, async (desk) => {
    const { db, record, today } = desk
    const who = notYours(desk, [desk.work.team.by])
    if (who) return refuse(who)
    const { rows } = await sql<{ name: string }>`update case_member m set ended_on = ${today}, ended_by = ${ask.by.name}
      from person p where p.id = m.person_id and m.id = ${ask.id} and m.case_id = ${record.id} and m.ended_on is null
      returning p.name`.execute(db)
    const [member] = rows
    if (!member) return refuse({ code: 'team.unknown', message: 'Nobody of this number is in the team' })
    await writeAudit(db, {
      actor: ask.by,
      action: 'Team member left',
      record: 'case',
      recordKey: record.reference,
      old: { name: member.name },
    })
    return accept({ id: ask.id })
  })
}
