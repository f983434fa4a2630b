import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { Pack } from '../programmes/index.ts'
import type { Answers, CaseState, CaseStatus, StepState } from './case-state.ts'

/** A case as stored, with the rules it began under and the names that its pages show. Days are in half days. */
export type CaseRecord = {
  readonly id: number
  readonly reference: string
  readonly programme: string
  readonly edition: string
  readonly flow: string
  readonly pack: Pack
  readonly parentId: number | null
  /** The `seq` of what was done in the case beside which this one stands, so that it began; null for every other case. */
  readonly begunBySeq: number | null
  readonly subjectKind: 'school' | 'trust'
  readonly kind: 'single school' | 'school in trust' | 'trust'
  readonly establishmentId: number | null
  readonly urn: number | null
  readonly trustUid: string | null
  readonly trustName: string | null
  readonly name: string
  readonly phase: string | null
  readonly type: string | null
  readonly typeGroup: string | null
  readonly lowAge: number | null
  readonly region: string | null
  readonly authorityCode: string | null
  readonly authorityName: string | null
  readonly diocese: string | null
  readonly matchedAs: string | null
  readonly basis: Basis
  readonly byException: boolean
  readonly startedOn: string
  readonly startedBy: string
  readonly closedOn: string | null
  readonly version: number
  readonly state: CaseState
  /** The case that this one stands beside. */
  readonly parent: CaseRecord | null
  readonly children: readonly ChildCase[]
}

/** A case beside another: `standing` is its decision, or "open" while there is none, or "closed". */
export type ChildCase = {
  readonly reference: string
  readonly flow: string
  readonly standing: string
  readonly status: CaseStatus
  readonly openSteps: readonly string[]
}

/** Why the subject is entitled, as it was when the case began (TSI-015): the rows met, in words, with their evidence. */
export type Basis = {
  readonly on: string
  readonly rows: readonly {
    readonly id: string
    readonly title: string
    readonly words: string
    readonly urn?: number
  }[]
  readonly judgements: readonly { readonly urn: number; readonly date: string; readonly grade: number }[]
  readonly decidedBy?: string
  readonly origin?: string
}

type CaseRow = Omit<CaseRecord, 'state' | 'pack' | 'parent' | 'children'> & {
  parentReference: string | null
  packVersionId: number
  packHash: string
  status: CaseStatus
  stage: string
  level: string
  leader_id: number | null
  agreed_half_days: number
  extra_half_days: number
  flags: Record<string, string>
}

const CASE_COLUMNS = sql`c.id, c.reference, c.programme, c.edition, c.flow, c.parent_id as "parentId",
  c.begun_by_seq as "begunBySeq",  c.subject_kind as "subjectKind", c.kind, c.establishment_id as "establishmentId", c.urn, c.trust_uid as "trustUid",
  trust.name as "trustName", coalesce(e.name, trust.name) as name, e.phase, e.type, e.type_group as "typeGroup",
  e.low_age as "lowAge", c.region, c.authority_code as "authorityCode", a.name as "authorityName", c.diocese,
  c.matched_as as "matchedAs", c.basis, c.by_exception as "byException", c.started_on as "startedOn",
  c.started_by as "startedBy", c.closed_on as "closedOn", c.version, c.status, c.stage, c.level, c.leader_id,
  c.agreed_half_days, c.extra_half_days, c.flags, c.pack_version_id as "packVersionId", p.content_hash as "packHash",
  (select reference from support_case parent where parent.id = c.parent_id) as "parentReference"`

/** A case by reference; `lock` keeps everybody else from changing it until the transaction ends. */
export async function findCase(db: Db, reference: string, lock = false): Promise<CaseRecord | undefined> {
  if (lock) await sql`select from support_case where reference = ${reference} for update`.execute(db)
  const { rows } = await sql<CaseRow>`
    select ${CASE_COLUMNS} from support_case c join pack_version p on p.id = c.pack_version_id
      left join establishment e on e.id = c.establishment_id
      left join establishment_group trust on trust.uid = c.trust_uid
      left join authority a on a.code = c.authority_code
    where c.reference = ${reference}`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const parent = row.parentReference === null ? null : ((await findCase(db, row.parentReference, lock)) ?? null)
  const pack = await readPack(db, row)
  return { ...toRecord(row, await readSteps(db, row.id)), pack, parent, children: await readChildren(db, row.id) }
}

/** Packs that cases began under, by what they hold: a kept version never changes, and there are few of them. */
const keptPacks = new Map<string, Pack>()
const MOST_PACKS = 20

/** The pack that a case began under. */
export async function readPack(db: Db, { packVersionId, packHash }: Pick<CaseRow, 'packVersionId' | 'packHash'>) {
  const held = keptPacks.get(packHash)
  if (held) return held
  const { rows } = await sql<{
    pack: Pack
  }>`select content as pack from pack_version where id = ${packVersionId}`.execute(db)
  const [row] = rows
  if (!row) throw new Error('The rules of a case are gone')
  if (keptPacks.size >= MOST_PACKS) keptPacks.clear()
  keptPacks.set(packHash, row.pack)
  return row.pack
}

async function readChildren(db: Db, caseId: number): Promise<ChildCase[]> {
  const { rows } = await sql<ChildCase>`
    select reference, flow, status, coalesce(flags ->> 'decision', case status when 'closed' then 'closed' else 'open' end) as standing,
      array(select s.step from case_step s where s.case_id = support_case.id and s.state = 'open') as "openSteps"
    from support_case where parent_id = ${caseId} order by id`.execute(db)
  return rows
}

function toRecord(row: CaseRow, steps: StepState[]): Omit<CaseRecord, 'pack' | 'parent' | 'children'> {
  const { status, stage, level, leader_id, agreed_half_days, extra_half_days, flags, ...more } = row
  const { parentReference: _, packVersionId: _id, packHash: _hash, ...rest } = more
  const state: CaseState = {
    id: row.id,
    reference: row.reference,
    status,
    stage,
    level,
    leaderId: leader_id,
    agreedHalfDays: agreed_half_days,
    extraHalfDays: extra_half_days,
    flags,
    steps,
  }
  return { ...rest, state }
}

async function readSteps(db: Db, caseId: number): Promise<StepState[]> {
  const { rows } = await sql<StepState>`
    select seq, step, key, kind, leader_id as "leaderId", opened_on as "openedOn", due_on as "dueOn", clock, calendar,
      delay_to as "delayTo", state, superseded, outcome, fields, reasons, note, done_on as "doneOn", done_by as "doneBy",
      done_as as "doneAs", acts
    from case_step where case_id = ${caseId} order by seq`.execute(db)
  return rows
}

/** What somebody typed into an open step and did not send yet. */
export async function readDraft(db: Db, caseId: number, seq: number): Promise<Answers> {
  const { rows } = await sql<{ draft: Answers | null }>`
    select draft from case_step where case_id = ${caseId} and seq = ${seq}`.execute(db)
  return rows[0]?.draft ?? {}
}

export async function saveDraft(db: Db, caseId: number, seq: number, draft: Answers): Promise<void> {
  await sql`update case_step set draft = ${JSON.stringify(draft)}::jsonb
    where case_id = ${caseId} and seq = ${seq} and state = 'open'`.execute(db)
}

export type StepDone = { readonly by: Actor; readonly as: string | null; readonly at: string }

/** Stores how the case and its steps changed. `actsOf` says who may do a step that was opened. */
export async function saveState(
  db: Db,
  before: CaseState,
  after: CaseState,
  { done, actsOf }: { done: StepDone; actsOf: (step: StepState) => readonly string[] },
): Promise<void> {
  const closed = after.status === 'closed' && before.status !== 'closed'
  await sql`update support_case set status = ${after.status}, stage = ${after.stage}, level = ${after.level},
      leader_id = ${after.leaderId}, agreed_half_days = ${after.agreedHalfDays}, extra_half_days = ${after.extraHalfDays},
      flags = ${JSON.stringify(after.flags)}::jsonb, version = version + 1,
      closed_on = case when ${closed} then ${done.at}::date else closed_on end
    where id = ${after.id}`.execute(db)
  const held = new Map(before.steps.map((step) => [step.seq, step]))
  const changed = after.steps.filter((step) => held.get(step.seq) !== step)
  // What ends comes first: a step may be opened again in the same breath, and only one opening is open at a time.
  const inOrder = changed.toSorted((a, b) => Number(a.state === 'open') - Number(b.state === 'open') || a.seq - b.seq)
  for (const step of inOrder) {
    if (held.has(step.seq)) await updateStep(db, after.id, step, held.get(step.seq), done)
    else await insertStep(db, after.id, step, { done, acts: actsOf(step) })
  }
}

async function updateStep(
  db: Db,
  caseId: number,
  step: StepState,
  before: StepState | undefined,
  done: StepDone,
): Promise<void> {
  const ended = step.state === 'done' && before?.state !== 'done'
  await sql`update case_step set state = ${step.state}, superseded = ${step.superseded}, outcome = ${step.outcome},
      fields = ${JSON.stringify(step.fields)}::jsonb, reasons = ${JSON.stringify(step.reasons)}::jsonb, note = ${step.note},
      done_on = ${step.doneOn}, draft = case when ${step.state} = 'open' then draft end
      ${ended ? sql`, done_at = now(), done_by = ${done.by.name}, done_by_id = ${done.by.personId}, done_as = ${done.as}, door = ${done.by.door}` : sql``}
    where case_id = ${caseId} and seq = ${step.seq}`.execute(db)
}

async function insertStep(
  db: Db,
  caseId: number,
  step: StepState,
  { done, acts }: { done: StepDone; acts: readonly string[] },
): Promise<void> {
  const by = step.state === 'done' ? done.by : null
  await sql`insert into case_step (case_id, seq, step, key, kind, leader_id, opened_on, due_on, clock, calendar, state,
      acts, outcome, fields, reasons, note, done_on, done_at, done_by, done_by_id, done_as, door)
    values (${caseId}, ${step.seq}, ${step.step}, ${step.key}, ${step.kind}, ${step.leaderId}, ${step.openedOn},
      ${step.dueOn}, ${step.clock}, ${step.calendar}, ${step.state}, ${[...acts]}, ${step.outcome},
      ${JSON.stringify(step.fields)}::jsonb, ${JSON.stringify(step.reasons)}::jsonb, ${step.note}, ${step.doneOn},
      case when ${by !== null} then now() end, ${by?.name ?? null}, ${by?.personId ?? null},
      ${by ? done.as : null}, ${by?.door ?? null})`.execute(db)
}

/** Keeps the pack as it is and answers under which number: the same content is kept once. */
export async function keepPack(db: Db, pack: Pack): Promise<number> {
  const content = JSON.stringify(pack)
  const { rows } = await sql<{ id: number }>`
    with given as (select md5(${content}) as hash), kept as (
      insert into pack_version (programme, edition, version, content, content_hash)
      select ${pack.programme}, ${pack.edition}, ${pack.version}, ${content}::json, hash from given
      on conflict do nothing returning id)
    select id from kept union all
    select id from pack_version, given where programme = ${pack.programme} and edition = ${pack.edition}
      and version = ${pack.version} and content_hash = hash limit 1`.execute(db)
  const [row] = rows
  if (!row) throw new Error('A pack could not be kept')
  return row.id
}

/** Tells a party of something in a case. `part`: the page below the case's own that it opens, such as "/visit-notes/3". */
export async function insertNotice(
  db: Db,
  notice: { caseId: number; party: string; acts: readonly string[]; words: string; on: string; part?: string },
): Promise<void> {
  await sql`insert into case_notice (case_id, party, acts, words, made_on, part)
    values (${notice.caseId}, ${notice.party}, ${[...notice.acts]}, ${notice.words}, ${notice.on}, ${notice.part ?? ''})`.execute(
    db,
  )
}

export async function readCleared(db: Db, caseId: number, leaderId: number | null): Promise<Set<string>> {
  const { rows } = await sql<{ check_id: string }>`select check_id from case_clearance
    where case_id = ${caseId} and (leader_id is null or leader_id = ${leaderId})`.execute(db)
  return new Set(rows.map((row) => row.check_id))
}
