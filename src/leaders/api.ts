import type { Refusal } from '../platform/decision.ts'
import { described } from '../platform/web/api-description.ts'
import { type Answer, json, notFound, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { LEADER_API } from './api-description.ts'
import { saveBulkChange } from './bulk-edit.ts'
import { importLeaders } from './import-leaders.ts'
import { declareInterest, type Interest, readInterests, withdrawInterest } from './interests.ts'
import { fieldsOf } from './leader.ts'
import type { LeaderParts } from './leader-parts.ts'
import { findLeaderRecord, type LeaderRecord } from './leader-record.ts'
import { findLeader } from './leader-store.ts'
import type { LedgerEntry } from './leader-tables.ts'
import { addLeave, removeLeave } from './leave.ts'
import { parseDays } from './ledger.ts'
import { fileRow, readRosterQuery } from './present-roster.ts'
import {
  fieldText,
  fieldTexts,
  readBulkChange,
  readDate,
  readLeaderFields,
  wholeOf,
  withChanges,
} from './read-fields.ts'
import { listRoster, type RosterRow } from './roster.ts'
import { changeLeader, createLeader } from './save-leader.ts'
import { freeDays, holdDays, promiseDays } from './take-days.ts'
import { academicYear, yearInWords } from './vocabulary.ts'

type Handle = (parts: LeaderParts, request: RouteRequest) => Promise<Answer>

/** The JSON door. Days are days (7.5), terms and words are the ids of the loaded packs. */
export function leaderApi(parts: LeaderParts): Route[] {
  const at = (method: 'GET' | 'POST', path: string, handle: Handle): Route => ({
    method,
    path: `/api/v1/leaders${path}`,
    allow: method === 'POST' ? 'edit-leaders' : 'see-leaders',
    audit: method === 'POST' ? 'leader-changed' : null,
    handle: (request) => handle(parts, request),
  })
  return described(
    [
      at('GET', '', list),
      at('POST', '', create),
      at('POST', '/bulk', bulk),
      at('POST', '/import', takeIn),
      at('GET', '/:reference', show),
      at('POST', '/:reference', change),
      at('POST', '/:reference/entries', take),
      at('POST', '/:reference/entries/:id/release', release),
      at('POST', '/:reference/leave', enterLeave),
      at('POST', '/:reference/leave/:id/remove', dropLeave),
      at('POST', '/:reference/interests', declare),
      at('POST', '/:reference/interests/:id/withdraw', withdraw),
    ],
    LEADER_API,
  )
}

/** 404 for what is not there, 409 for what moved on, else 422. */
function refused(refusals: readonly Refusal[]): Answer {
  const codes = refusals.map((refusal) => refusal.code)
  if (codes.includes('not-found')) return notFound(refusals[0]?.message ?? 'Not found')
  return problem(refusals, codes.includes('moved-on') ? 409 : 422)
}

async function list({ database: { db }, vocabulary, clock }: LeaderParts, { query }: RouteRequest): Promise<Answer> {
  const words = vocabulary()
  const { roster } = readRosterQuery(query, words, clock.today().toString())
  const { rows, total } = await listRoster(db, roster, words)
  const leaders = rows.map((row: RosterRow) => ({
    ...fileRow(row, words),
    type: row.type,
    alsoTypes: row.also_types,
    phases: row.phases,
    schoolTypes: row.school_types,
    expertise: row.expertise,
    state: row.state,
    declared: row.declared,
  }))
  return json({ total, page: roster.page, term: roster.term?.id ?? null, leaders })
}

async function show(parts: LeaderParts, { params }: RouteRequest): Promise<Answer> {
  const record = await findLeaderRecord(parts.database.db, params.reference ?? '', parts.vocabulary())
  if (!record) return notFound(`There is no leader with the reference ${params.reference}.`)
  const interests = await readInterests(parts.database.db, record.leader.id)
  return json(presentJson(record, interests))
}

function presentJson({ leader, entries }: LeaderRecord, interests: readonly Interest[]) {
  const days = (halfDays: number) => halfDays / 2
  return {
    ...fieldsOf(leader),
    id: undefined,
    capacity: leader.capacity.map(({ term, blocked, ...amounts }) => ({
      term,
      blocked,
      available: days(amounts.available),
      held: days(amounts.held),
      promised: days(amounts.promised),
      free: days(amounts.free),
      over: days(amounts.over),
    })),
    freeHalfDays: undefined,
    version: leader.editVersion,
    editVersion: undefined,
    organisationName: leader.organisation.name,
    leave: leader.leave,
    entries: entries.map(entryJson),
    interests: interests.map(({ year, ...interest }) => ({ ...interest, year: yearInWords(year) })),
  }
}

function entryJson(entry: LedgerEntry) {
  return {
    id: entry.id,
    kind: entry.kind,
    term: entry.term,
    days: entry.half_days / 2,
    takenFor: entry.taken_for,
    overReason: entry.over_reason,
    madeAt: entry.made_at,
    releasedAt: entry.released_at,
    releaseReason: entry.release_reason,
  }
}

async function create(parts: LeaderParts, request: RouteRequest): Promise<Answer> {
  const { actor, body } = request
  const fields = readLeaderFields(body)
  const decision = await createLeader(parts.database, {
    fields,
    vocabulary: parts.vocabulary(),
    by: actor,
    submission: submissionOf(request),
  })
  return decision.ok ? json(decision.value, 201) : refused(decision.refusals)
}

async function change(parts: LeaderParts, { actor, params, body }: RouteRequest): Promise<Answer> {
  const vocabulary = parts.vocabulary()
  const record = await findLeaderRecord(parts.database.db, params.reference ?? '', vocabulary)
  if (!record) return notFound(`There is no leader with the reference ${params.reference}.`)
  const decision = await changeLeader(parts.database, {
    reference: record.leader.reference,
    fields: withChanges(fieldsOf(record.leader), body),
    version: Number(fieldText(body, 'version')),
    reason: fieldText(body, 'reason'),
    vocabulary,
    by: actor,
  })
  return decision.ok ? json(decision.value) : refused(decision.refusals)
}

async function bulk(parts: LeaderParts, { actor, body }: RouteRequest): Promise<Answer> {
  const versions: Record<string, number> = Object(body.versions)
  const decision = await saveBulkChange(parts.database, {
    references: fieldTexts(body, 'leaders'),
    change: readBulkChange(body),
    reason: fieldText(body, 'reason'),
    vocabulary: parts.vocabulary(),
    versions,
    by: actor,
  })
  return decision.ok ? json({ saved: decision.value }) : refused(decision.refusals)
}

async function takeIn(parts: LeaderParts, { actor, body, uploads }: RouteRequest): Promise<Answer> {
  const upload = uploads.file
  if (!upload)
    return problem([{ code: 'file.missing', message: 'Send a CSV file of leaders as "file"', field: 'file' }])
  const decision = await importLeaders(parts.database, {
    fileName: upload.fileName,
    bytes: upload.bytes,
    strict: fieldText(body, 'strict') === 'yes',
    vocabulary: parts.vocabulary(),
    by: actor,
  })
  return decision.ok ? json(decision.value) : refused(decision.refusals)
}

async function take(parts: LeaderParts, { actor, params, body }: RouteRequest): Promise<Answer> {
  const kind = fieldText(body, 'kind')
  if (kind !== 'hold' && kind !== 'promise')
    return problem([{ code: 'entry.kind', message: 'kind must be hold or promise', field: 'kind' }])
  const asked = {
    leader: params.reference ?? '',
    term: fieldText(body, 'term'),
    halfDays: parseDays(fieldText(body, 'days')) ?? 0,
    takenFor: fieldText(body, 'takenFor'),
    reason: fieldText(body, 'reason'),
    vocabulary: parts.vocabulary(),
    by: actor,
  }
  const fromHold = fieldText(body, 'fromHold')
  const decision =
    kind === 'hold'
      ? await holdDays(parts.database, asked)
      : await promiseDays(parts.database, fromHold ? { ...asked, fromHold: wholeOf(fromHold) } : asked)
  return decision.ok ? json(entryJson(decision.value), 201) : refused(decision.refusals)
}

async function release(parts: LeaderParts, { actor, params, body }: RouteRequest): Promise<Answer> {
  const found = await findLeader(parts.database.db, params.reference ?? '')
  if (!found) return notFound(`There is no leader with the reference ${params.reference}.`)
  const asked = { entryId: wholeOf(params.id), reason: fieldText(body, 'reason'), by: actor }
  const decision = await freeDays(parts.database, asked)
  return decision.ok ? json(entryJson(decision.value)) : refused(decision.refusals)
}

async function enterLeave(parts: LeaderParts, { actor, params, body }: RouteRequest): Promise<Answer> {
  const leave = { from: readDate(body, 'from'), to: readDate(body, 'to') }
  const decision = await addLeave(parts.database, { leader: params.reference ?? '', leave, by: actor })
  return decision.ok ? json(decision.value, 201) : refused(decision.refusals)
}

async function dropLeave(parts: LeaderParts, { actor, params }: RouteRequest): Promise<Answer> {
  const asked = { leader: params.reference ?? '', id: wholeOf(params.id), by: actor }
  const decision = await removeLeave(parts.database, asked)
  return decision.ok ? json(decision.value) : refused(decision.refusals)
}

async function declare(parts: LeaderParts, { actor, params, body }: RouteRequest): Promise<Answer> {
  const today = parts.clock.today().toString()
  const decision = await declareInterest(parts.database, {
    leader: params.reference ?? '',
    year: Number(fieldText(body, 'year').slice(0, 4)) || academicYear(today),
    target: fieldText(body, 'target'),
    nature: fieldText(body, 'nature'),
    nothing: fieldText(body, 'nothing') === 'yes',
    today,
    by: actor,
  })
  return decision.ok ? json(decision.value, 201) : refused(decision.refusals)
}

async function withdraw(parts: LeaderParts, { actor, params, body }: RouteRequest): Promise<Answer> {
  const asked = {
    leader: params.reference ?? '',
    id: wholeOf(params.id),
    reason: fieldText(body, 'reason'),
    today: parts.clock.today().toString(),
    by: actor,
  }
  const decision = await withdrawInterest(parts.database, asked)
  return decision.ok ? json(decision.value) : refused(decision.refusals)
}
