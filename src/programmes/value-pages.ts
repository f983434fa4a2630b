import { hatWith, wearing } from '../platform/actor.ts'
import { readAudit } from '../platform/audit-history.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Refusal } from '../platform/decision.ts'
import { described } from '../platform/web/api-description.ts'
import { dateFieldItems, readDateField } from '../platform/web/date-field.ts'
import { presentHistory } from '../platform/web/history.ts'
import {
  type Answer,
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
} from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import { VALUE_API } from './api-description.ts'
import { findPack } from './load-pack.ts'
import { type EditedValue, type Pack, packRef } from './pack-schema.ts'
import { type HeldValue, isInForce, mayEdit, type TypedValue, type ValueRow } from './value-rules.ts'
import { findValue, listKeys, listRegions, listValues, setValue, VALUE_RECORD, valueKeyOf } from './value-store.ts'

export type ValueParts = { readonly database: Database; readonly packs: readonly Pack[]; readonly clock: Clock }

/** What a role keeps with days instead of the pack: contacts, numbers and texts, each with its history. */
export function valueRoutes(parts: ValueParts): Route[] {
  const read = { method: 'GET', allow: 'signed-in', audit: null } as const
  const change = { method: 'POST', allow: 'signed-in', audit: 'value-set' } as const
  const one = '/programmes/:ref/values/:value'
  return described(
    [
      { ...read, path: '/programmes/:ref/values', handle: (request) => listPage(parts, request) },
      { ...read, path: one, handle: (request) => onePage(parts, request) },
      { ...change, path: one, handle: (request) => saveFromPage(parts, request) },
      { ...read, path: '/api/v1/programmes/:ref/values', handle: (request) => listJson(parts, request) },
      { ...change, path: '/api/v1/programmes/:ref/values', handle: (request) => saveFromApi(parts, request) },
    ],
    VALUE_API,
  )
}

type Kept = { readonly id: string; readonly declared: EditedValue }

/** Every key of a value that there is something to say of: all regions where it is kept by region, else those on record. */
async function keysOf({ database: { db } }: ValueParts, pack: Pack, { id, declared }: Kept): Promise<string[][]> {
  if (declared.by.length === 1 && declared.by[0] === 'region') return (await listRegions(db)).map((one) => [one])
  return listKeys(db, pack, id)
}

async function readAll(parts: ValueParts, pack: Pack, on: string) {
  const kept = Object.entries(pack.values ?? {}).map(([id, declared]): Kept => ({ id, declared }))
  return Promise.all(
    kept.map(async (one) => {
      const keys = await keysOf(parts, pack, one)
      const rows = await Promise.all(
        keys.map(async (key) => ({ key, found: await findValue(parts.database.db, { pack, id: one.id, key, on }) })),
      )
      return { ...one, rows }
    }),
  )
}

async function listPage(parts: ValueParts, { params, actor }: RouteRequest): Promise<Answer> {
  const pack = findPack(params['ref'] ?? '', parts.packs)
  if (!pack) return notFound('There is no programme of this name.')
  const values = await readAll(parts, pack, parts.clock.today().toString())
  return page('programmes/values.njk', {
    title: 'Kept in the service',
    caption: pack.title,
    section: 'programmes',
    breadcrumbs: [{ text: pack.title, href: `/programmes/${packRef(pack)}` }, { text: 'Kept in the service' }],
    values: values.map(({ id, declared, rows }) => ({
      title: declared.title,
      editor: titleOfRole(pack, declared.edit),
      by: declared.by.join(', '),
      rows: rows.map(({ key, found }) => ({
        key: key.join(', '),
        words: found ? inWords(found.value) : '',
        since: found?.from ? longDate(found.from) : '',
        source: found?.source === 'holder' ? `holds the role ${titleOfRole(pack, declared['holder-of'] ?? '')}` : '',
        href: hrefOf(pack, id, key),
        action: mayEdit(pack, declared, { actor, key }) ? 'Change' : 'History',
      })),
    })),
  })
}

function titleOfRole(pack: Pack, role: string): string {
  return pack.roles[role]?.title ?? role
}

function hrefOf(pack: Pack, id: string, key: readonly string[]): string {
  const query = new URLSearchParams(key.map((part) => ['key', part]))
  return `/programmes/${packRef(pack)}/values/${id}?${query}`
}

export function inWords(value: HeldValue): string {
  return typeof value === 'object' ? `${value.name}, ${value.email}` : String(value)
}

type Asked = Kept & { readonly pack: Pack; readonly key: readonly string[] }

/** The value that a request is about; undefined when there is no such one, or its key has not all its parts. */
function readAsked({ packs }: ValueParts, { params, query, body }: RouteRequest, named: string): Asked | undefined {
  const pack = findPack(params['ref'] ?? '', packs)
  const declared = pack?.values?.[named]
  if (!pack || !declared) return undefined
  const given = body['key'] ?? query.getAll('key')
  const key = [given].flat().map((part) => String(part).trim())
  if (key.length !== declared.by.length || key.some((part) => part === '')) return undefined
  return { pack, id: named, declared, key }
}

async function onePage(parts: ValueParts, request: RouteRequest, refusals: readonly Refusal[] = []): Promise<Answer> {
  const asked = readAsked(parts, request, request.params['value'] ?? '')
  if (!asked || !(await isKey(parts, asked))) return notFound('Nothing of this name is kept.')
  const { pack, id, declared, key } = asked
  const { db } = parts.database
  const today = parts.clock.today().toString()
  const [found, rows, changes] = await Promise.all([
    findValue(db, { pack, id, key, on: today }),
    listValues(db, { pack, id, key }),
    readAudit(db, [{ record: VALUE_RECORD, keys: [valueKeyOf(pack, id, key)] }]),
  ])
  const { body } = request
  const model = {
    title: `${declared.title}: ${key.join(', ')}`,
    caption: pack.title,
    section: 'programmes',
    breadcrumbs: [
      { text: pack.title, href: `/programmes/${packRef(pack)}` },
      { text: 'Kept in the service', href: `/programmes/${packRef(pack)}/values` },
    ],
    now: found ? { words: inWords(found.value), holder: found.source === 'holder' } : null,
    holderOf: declared['holder-of'] ? titleOfRole(pack, declared['holder-of']) : null,
    standIn: declared.vacant ? titleOfRole(pack, declared.vacant) : null,
    editor: titleOfRole(pack, declared.edit),
    mayEdit: mayEdit(pack, declared, { actor: request.actor, key }),
    isContact: declared.of === 'contact',
    key,
    action: hrefOf(pack, id, key),
    rows: rows.map((row) => presentRow(row, today)),
    history: presentHistory(changes, { fields: { value: 'Value', from: 'From', to: 'To' } }),
    typed: body,
    from: dateFieldItems(body, 'from', today),
    to: dateFieldItems(body, 'to'),
    errors: refusals.map(({ message, field }) => ({ text: message, href: `#${field ?? 'main-content'}` })),
    errorAt: Object.fromEntries(refusals.map(({ message, field }) => [field ?? '', { text: message }])),
  }
  return page('programmes/value.njk', model, refusals.length > 0 ? 422 : 200)
}

/** A region must be one of England; other keys may be new. */
async function isKey({ database }: ValueParts, { declared, key }: Asked): Promise<boolean> {
  const region = key[declared.by.indexOf('region')]
  return region === undefined || (await listRegions(database.db)).includes(region)
}

function presentRow(row: ValueRow & { setBy: string }, today: string) {
  return {
    words: row.value === null ? 'nobody' : inWords(row.value),
    from: longDate(row.from),
    to: row.to === null ? 'no end' : longDate(row.to),
    state: isInForce(row, today) ? 'In force' : row.from > today ? 'Not yet' : 'Over',
    setBy: row.setBy,
  }
}

function readTyped(body: RouteRequest['body']): TypedValue {
  return {
    none: body['nobody'] === true || textOf(body, 'nobody') === 'yes',
    name: textOf(body, 'name'),
    email: textOf(body, 'email'),
    text: typeof body['value'] === 'number' ? String(body['value']) : textOf(body, 'value'),
    from: readDateField(body, 'from'),
    to: readDateField(body, 'to'),
  }
}

/** Refusals, none when it is saved, undefined when nothing of this name is kept. */
async function save(parts: ValueParts, request: RouteRequest, named: string): Promise<readonly Refusal[] | undefined> {
  const asked = readAsked(parts, request, named)
  if (!asked || !(await isKey(parts, asked))) return undefined
  const { actor, body } = request
  const { pack, declared, key } = asked
  if (!mayEdit(pack, declared, { actor, key })) {
    const message = `${declared.title} is kept by the ${titleOfRole(pack, declared.edit)} only`
    return [{ code: 'not-allowed', message }]
  }
  const by = wearing(actor, actor.hats?.find(({ role }) => role === declared.edit) ?? hatWith(actor, 'administer'))
  const today = parts.clock.today().toString()
  const saved = await setValue(parts.database, { ...asked, typed: readTyped(body), today, by })
  return saved.ok ? [] : saved.refusals
}

const isForbidden = (refusals: readonly Refusal[]) => refusals.some(({ code }) => code === 'not-allowed')

async function saveFromPage(parts: ValueParts, request: RouteRequest): Promise<Answer> {
  const named = request.params['value'] ?? ''
  const refusals = await save(parts, request, named)
  if (refusals === undefined) return notFound('Nothing of this name is kept.')
  if (isForbidden(refusals))
    return page(
      'platform/web/message.njk',
      { title: 'You may not do this', lines: refusals.map((one) => one.message) },
      403,
    )
  return refusals.length > 0 ? onePage(parts, request, refusals) : redirect(request.url)
}

async function listJson(parts: ValueParts, { params, query }: RouteRequest): Promise<Answer> {
  const pack = findPack(params['ref'] ?? '', parts.packs)
  if (!pack) return problem([{ code: 'programme.unknown', message: 'There is no such programme.' }], 404)
  const on = readDateField({ on: query.get('on') ?? '' }, 'on')
  if (on === undefined) return problem([{ code: 'date.wrong', field: 'on', message: 'Write the day as YYYY-MM-DD' }])
  const day = on ?? parts.clock.today().toString()
  const values = await readAll(parts, pack, day)
  return json({
    on: day,
    values: values.flatMap(({ id, declared, rows }) =>
      rows.map(({ key, found }) => ({
        id,
        key: Object.fromEntries(declared.by.map((name, index) => [name, key[index] ?? ''])),
        value: found?.value ?? null,
        source: found?.source ?? null,
        from: found?.from ?? null,
        to: found?.to ?? null,
      })),
    ),
  })
}

async function saveFromApi(parts: ValueParts, request: RouteRequest): Promise<Answer> {
  const refusals = await save(parts, request, textOf(request.body, 'id'))
  if (refusals === undefined) return problem([{ code: 'not-found', message: 'Nothing of this name is kept.' }], 404)
  if (refusals.length > 0) return problem(refusals, isForbidden(refusals) ? 403 : 422)
  return json({ saved: true }, 201)
}
