import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { Pack } from '../programmes/index.ts'
import { isAbout, type SubjectKey } from './judgement-store.ts'
import type { SubjectKind } from './subject.ts'

export type RequestState = 'requested' | 'approved' | 'refused'

/** Something that was asked for, as it stands; `decision` once it is decided. */
export type RequestRecord = {
  readonly id: number
  readonly programme: string
  readonly edition: string
  readonly row: string
  readonly urn: number | null
  readonly uid: string | null
  readonly name: string
  readonly kind: SubjectKind
  readonly region: string | null
  readonly origin: string
  readonly reason: string
  readonly askedOn: string
  readonly askedAs: string
  readonly askedBy: string
  readonly onBehalf: boolean
  readonly state: RequestState
  readonly decision: {
    readonly on: string
    readonly role: string
    readonly by: string
    readonly rationale: string
  } | null
}

const SELECT = sql`
  select r.id, r.programme, r.edition, r.row_id as "row", e.urn, r.trust_uid as uid, coalesce(e.name, g.name) as name, r.kind,
    r.region, r.origin, r.reason, r.asked_on as "askedOn", r.asked_as as "askedAs", r.asked_by as "askedBy",
    r.on_behalf as "onBehalf", r.state,
    case when j.id is not null then jsonb_build_object('on', j.judged_on, 'role', j.judged_as_title, 'by', j.judged_by,
      'rationale', j.rationale) end as decision
  from eligibility_request r
    left join establishment e on e.id = r.establishment_id
    left join establishment_group g on g.uid = r.trust_uid
    left join eligibility_judgement j on j.request_id = r.id`

export async function findRequest(db: Db, id: number): Promise<RequestRecord | undefined> {
  const { rows } = await sql<RequestRecord>`${SELECT} where r.id = ${id}`.execute(db)
  return rows[0]
}

/** Locks a request for its decision. */
export async function lockRequest(db: Db, id: number): Promise<void> {
  await sql`select from eligibility_request where id = ${id} for update`.execute(db)
}

/** Requests of an edition, those that wait first, then newest first; of one school or trust where it is named. */
export async function listRequests(db: Db, pack: Pack, subject?: SubjectKey): Promise<RequestRecord[]> {
  const about = subject ? sql`and r.id in (select id from eligibility_request where ${isAbout(subject)})` : sql``
  const { rows } = await sql<RequestRecord>`${SELECT}
    where r.programme = ${pack.programme} and r.edition = ${pack.edition} ${about}
    order by r.state <> 'requested', r.id desc limit 500`.execute(db)
  return rows
}

const MOST_WAITING = 100

/** Requests of all programmes that wait for a decision, the longest waiting first. */
export async function listWaitingRequests(db: Db): Promise<RequestRecord[]> {
  const { rows } = await sql<RequestRecord>`${SELECT}
    where r.state = 'requested' order by r.asked_on, r.id limit ${MOST_WAITING}`.execute(db)
  return rows
}

export type NewRequest = Pick<
  RequestRecord,
  'row' | 'kind' | 'region' | 'origin' | 'reason' | 'askedOn' | 'askedAs' | 'askedBy' | 'onBehalf'
> & { readonly subject: SubjectKey; readonly personId: number | null }

/** Undefined when another request for the same waits. */
export async function insertRequest(db: Db, pack: Pack, given: NewRequest): Promise<number | undefined> {
  const { subject } = given
  const [urn, uid] = subject.kind === 'school' ? [subject.urn, null] : [null, subject.uid]
  const { rows } = await sql<{ id: number }>`
    insert into eligibility_request (programme, edition, row_id, establishment_id, trust_uid, kind, region, origin, reason,
      asked_on, asked_as, asked_by, person_id, on_behalf)
    values (${pack.programme}, ${pack.edition}, ${given.row}, (select id from establishment where urn = ${urn}), ${uid},
      ${given.kind}, ${given.region}, ${given.origin}, ${given.reason}, ${given.askedOn}, ${given.askedAs}, ${given.askedBy},
      ${given.personId}, ${given.onBehalf})
    on conflict do nothing returning id`.execute(db)
  return rows[0]?.id
}

export async function setRequestState(db: Db, id: number, state: RequestState): Promise<void> {
  await sql`update eligibility_request set state = ${state} where id = ${id}`.execute(db)
}
