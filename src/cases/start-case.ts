import { sql } from 'kysely'
import { type Actor, isMachine } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import type { LeaderFact } from '../programmes/index.ts'
import { CLOSE, englandCalendar, type Flow, findPack, type Pack } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { applyEvent, type CaseEvent, type CaseState } from './case-state.ts'
import { type CaseRecord, findCase, keepPack, saveState } from './case-store.ts'
import { type Entitlement, findEntitlement, type SubjectAsked } from './entitlement.ts'
import { openSteps } from './open-steps.ts'
import { factsOf, NO_MORE_FACTS, placeOf } from './read-facts.ts'
import { isKind, kindInWords } from './subject-kind.ts'
import { actKeys, findHat } from './who-acts.ts'

export type NewCase = {
  readonly programme: string
  readonly flow?: string
  readonly subject: SubjectAsked
  /** As the asker thinks it is; refused when the register says otherwise (TSI-010). */
  readonly kind?: string
  readonly by: Actor
  readonly submission?: string | undefined
  /** Its number, where a world file gives one. */
  readonly reference?: string | undefined
  /** What falls due for a period: its name, and the day by which it is due. */
  readonly duty?: DutyPeriod | undefined
}

/** `period` tells one from the next, `title` names it ("Autumn term"); `due` is an ISO date. */
export type DutyPeriod = { readonly period: string; readonly title: string; readonly due: string }

/**
 * Begins a case: the subject must be entitled where the flow asks for it, have no other open case of the flow, and the asker must be one of those who
 * may begin it. What it rests on is kept and never changes (TSI-015). Codes: `case.open-already` (409), `case.not-entitled`.
 */
export async function startCase(parts: CaseParts, asked: NewCase): Promise<Decision<{ reference: string }>> {
  const pack = findPack(asked.programme, parts.packs)
  const [flowId, flow] =
    Object.entries(pack?.process?.flows ?? {}).find(([id]) => !asked.flow || id === asked.flow) ?? []
  if (!pack || !flow || !flowId)
    return refuse({
      code: 'programme.unknown',
      message: 'There is no loaded programme of this name with cases',
      field: 'programme',
    })
  const today = parts.clock.today().toString()
  const subject = await readSubject(parts.database.db, asked.subject)
  if (!subject) return refuse({ code: 'subject.unknown', message: 'Not in the register', field: 'subject' })
  const early = earlyRefusal({ pack, flow, asked, subject })
  if (early) return early
  const entitled =
    flow.starts.needs === 'entitlement'
      ? await findEntitlement(parts.database, pack, asked.subject, today)
      : accept({ byException: false, basis: { on: today, rows: [], judgements: [] } })
  if (!entitled.ok) return entitled
  return allOrNothing(parts.database.db, (db) =>
    submitOnce(db, asked.submission, () =>
      store(parts, db, {
        pack,
        flow,
        flowId,
        subject,
        entitled: entitled.value,
        today,
        by: asked.by,
        reference: asked.reference,
        duty: asked.duty,
      }),
    ),
  )
}

type Subject = {
  readonly subjectKind: 'school' | 'trust'
  readonly kind: CaseRecord['kind']
  readonly establishmentId: number | null
  readonly urn: number | null
  readonly trustUid: string | null
  readonly name: string
  readonly region: string | null
  readonly authorityCode: string | null
  readonly diocese: string | null
}

async function readSubject(db: Db, asked: SubjectAsked): Promise<Subject | undefined> {
  if (asked.kind === 'trust') return readTrust(db, asked.uid)
  const { rows } = await sql<Omit<Subject, 'subjectKind' | 'kind'>>`
    select e.id as "establishmentId", e.urn, e.trust_uid as "trustUid", e.name, coalesce(e.region, a.region) as region,
      e.authority_code as "authorityCode", nullif(e.diocese, 'Not applicable') as diocese
    from establishment e left join authority a on a.code = e.authority_code where e.urn = ${asked.urn}`.execute(db)
  const [row] = rows
  return row && { ...row, subjectKind: 'school', kind: row.trustUid === null ? 'single school' : 'school in trust' }
}

/** A trust is where most of its schools are. */
async function readTrust(db: Db, uid: string): Promise<Subject | undefined> {
  const { rows } = await sql<{ uid: string; name: string; region: string | null }>`
    select g.uid, g.name, (select coalesce(e.region, a.region) from establishment e
      left join authority a on a.code = e.authority_code where e.trust_uid = g.uid
      group by 1 order by count(*) desc, 1 limit 1) as region
    from establishment_group g where g.uid = ${uid}`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { name, region } = row
  const none = { establishmentId: null, urn: null, authorityCode: null, diocese: null }
  return { ...none, subjectKind: 'trust', kind: 'trust', trustUid: row.uid, name, region }
}

type Early = { pack: Pack; flow: Flow; asked: NewCase; subject: Subject }

function earlyRefusal({ pack, flow, asked, subject }: Early): Decision<never> | undefined {
  if (!flow.subject.includes(subject.subjectKind))
    return refuse({
      code: 'subject.wrong-kind',
      message: `${flow.title} is not for a ${subject.subjectKind}`,
      field: 'subject',
    })
  if (asked.kind && !isKind(asked.kind, subject.kind))
    return refuse({
      code: 'subject.kind',
      message: `The register says that ${subject.name} is a ${kindInWords(subject.kind)}, not a ${asked.kind}`,
      field: 'kind',
    })
  const record = blankRecord(pack, subject)
  const acts = actKeys(pack, flow.starts.by, placeOf(record, undefined), blankFacts(record, ''))
  if (!isMachine(asked.by) && !findHat(asked.by, acts)) {
    const title = pack.process?.parties[flow.starts.by]?.title ?? flow.starts.by
    return refuse({ code: 'not-responsible', message: `Not yours to begin. Responsible: ${title}` })
  }
  return undefined
}

function blankRecord(pack: Pack, subject: Subject): CaseRecord {
  const state: CaseState = {
    id: 0,
    reference: '',
    status: 'open',
    stage: '',
    level: subject.kind === 'single school' ? 'school' : 'trust',
    leaderId: null,
    agreedHalfDays: 0,
    extraHalfDays: 0,
    flags: {},
    steps: [],
  }
  return {
    ...subject,
    id: 0,
    reference: '',
    programme: pack.programme,
    edition: pack.edition,
    flow: '',
    pack,
    parentId: null,
    begunBySeq: null,
    trustName: null,
    phase: null,
    type: null,
    typeGroup: null,
    lowAge: null,
    authorityName: null,
    matchedAs: null,
    basis: { on: '', rows: [], judgements: [] },
    byException: false,
    startedOn: '',
    startedBy: '',
    closedOn: null,
    version: 1,
    state,
    parent: null,
    children: [],
  }
}

function blankFacts(record: CaseRecord, today: string) {
  const leader: LeaderFact | undefined = undefined
  return factsOf(record, { leader, entered: {}, contacts: new Set(), today, more: NO_MORE_FACTS })
}

type Store = {
  pack: Pack
  flow: Flow
  flowId: string
  subject: Subject
  entitled: Entitlement
  today: string
  by: Actor
  reference: string | undefined
  duty: DutyPeriod | undefined
}

async function store(parts: CaseParts, db: Db, given: Store): Promise<Decision<{ reference: string }>> {
  const { pack, flow, flowId, subject, entitled, today, by } = given
  const other = await findOtherOpen(db, given)
  if (other)
    return refuse({
      code: 'case.open-already',
      message: `${subject.name} has an open case already: ${other}`,
      field: 'subject',
    })
  const packVersion = await keepPack(db, pack)
  const { rows } = await sql<{ id: number }>`
    insert into support_case (reference, pack_version_id, programme, edition, flow, subject_kind, kind, establishment_id,
      trust_uid, urn, region, authority_code, diocese, stage, level, agreed_half_days, basis, by_exception, started_on, started_by,
      period)
    values (gen_random_uuid()::text, ${packVersion}, ${pack.programme}, ${pack.edition}, ${flowId},
      ${subject.subjectKind}, ${subject.kind}, ${subject.establishmentId}, ${subject.trustUid}, ${subject.urn},
      ${subject.region}, ${subject.authorityCode}, ${subject.diocese}, ${flow.stages[0]?.id ?? ''},
      ${subject.kind === 'single school' ? 'school' : 'trust'}, ${grantOf(pack)},
      ${JSON.stringify(entitled.basis)}::jsonb, ${entitled.byException}, ${today}, ${by.name},
      ${given.duty?.period ?? null})
    returning id`.execute(db)
  const reference = given.reference ?? `C-${String(rows[0]?.id ?? 0).padStart(4, '0')}`
  await sql`update support_case set reference = ${reference} where id = ${rows[0]?.id ?? 0}`.execute(db)
  const record = await findCase(db, reference)
  if (!record) throw new Error('A case could not be kept')
  const opening = { bodies: subject.diocese ? ['authority', 'diocese'] : ['authority'], leader: '' }
  const first = flow.starts.next.filter((step) => step !== CLOSE)
  const opened = openSteps({ pack, flow, state: record.state, today, opening }, [], { next: first }, null)
  const events = opened.map((event) => ofPeriod(event, given.duty))
  const after = events.reduce(applyEvent, record.state)
  const facts = blankFacts(record, today)
  await saveState(db, record.state, after, {
    done: { by, as: null, at: today },
    actsOf: ({ step }) => actKeys(pack, flow.steps[step]?.owner ?? flow.starts.by, placeOf(record, undefined), facts),
  })
  await writeAudit(db, {
    actor: by,
    action: 'Case begun',
    record: 'case',
    recordKey: record.reference,
    new: {
      subject: subject.name,
      kind: kindInWords(subject.kind),
      because: entitled.basis.rows.map(({ title }) => title),
    },
  })
  await parts.onEvents?.(db, { ...record, state: after }, events, by)
  return accept({ reference: record.reference })
}

/** The step of a duty is of its period, and due by its end. */
function ofPeriod(event: CaseEvent, duty: DutyPeriod | undefined): CaseEvent {
  if (!duty || event.type !== 'step-opened') return event
  const { title, due } = duty
  return { ...event, key: title, due, clock: `by ${due}`, calendar: englandCalendar.version }
}

/** Half days that a case begins with: the grant of the pack's entitlement that counts days. */
function grantOf(pack: Pack): number {
  const days = Object.values(pack.entitlements ?? {}).find((one) => one.unit === 'day')
  return Math.round((days?.grant ?? 0) * 2)
}

async function findOtherOpen(db: Db, { pack, flowId, subject, flow }: Store): Promise<string | undefined> {
  if (!flow['one-open']?.includes('subject')) return undefined
  // Two beginnings at the same moment wait for each other here, so that the second is told of the first.
  await sql`select pg_advisory_xact_lock(hashtext(${`${pack.programme}/${flowId}/${subject.urn ?? subject.trustUid}`}))`.execute(
    db,
  )
  const { rows } = await sql<{ reference: string }>`
    select reference from support_case where programme = ${pack.programme} and flow = ${flowId} and status <> 'closed'
      and parent_id is null and subject_kind = ${subject.subjectKind}
      and (establishment_id = ${subject.establishmentId} or (subject_kind = 'trust' and trust_uid = ${subject.trustUid}))`.execute(
    db,
  )
  return rows[0]?.reference
}
