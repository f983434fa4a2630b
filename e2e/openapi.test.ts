import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as z from 'zod'
import type { TestService } from '../world/test-service.ts'
import { openFullService, type Things } from './full-service.ts'

const schema = z.record(z.string(), z.unknown())
const content = z.record(z.string(), z.strictObject({ schema }))
const parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query']),
  required: z.boolean(),
  schema,
})
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().min(5),
  description: z.string().min(5),
  tags: z.array(z.string()).length(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(parameter),
  requestBody: z.strictObject({ required: z.boolean().optional(), content }).optional(),
  responses: z.record(
    z.string().regex(/^(\d{3}|default)$/),
    z.strictObject({ description: z.string(), content: content.optional() }),
  ),
})
/** As much of OpenAPI 3.1 as the document uses, and nothing else: a slip in a field's name fails. */
const openApiDocument = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  jsonSchemaDialect: z.literal('https://json-schema.org/draft/2020-12/schema'),
  servers: z.array(z.strictObject({ url: z.string() })),
  tags: z.array(z.strictObject({ name: z.string() })),
  paths: z.record(z.string().startsWith('/api/v1/'), z.partialRecord(z.enum(['get', 'post']), operation)),
  components: z.strictObject({
    schemas: z.record(z.string(), schema),
    securitySchemes: z.record(z.string(), z.record(z.string(), z.string())),
  }),
})

let service: TestService
let things: Things
let api: z.infer<typeof openApiDocument>
before(async () => {
  const full = await openFullService()
  service = full.service
  things = full.things
  api = openApiDocument.parse((await service.get('/api/openapi.json')).json())
})
after(() => service.close())

const operations = () =>
  Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ path, method: method.toUpperCase(), one })),
  )

test('every route under /api/v1 is in the document, and nothing else is', () => {
  const routes = service.routes
    .filter(({ path }) => path.startsWith('/api/v1/'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  assert.deepEqual(
    operations()
      .map(({ method, path }) => `${method} ${path}`)
      .toSorted(),
    routes.toSorted(),
  )
  assert.ok(routes.length >= 35)
})

test('the document holds together: names once, parameters of each path, references that lead somewhere, tags that exist', () => {
  const ids = operations().map(({ one }) => one.operationId)
  assert.equal(new Set(ids).size, ids.length)
  const tags = api.tags.map(({ name }) => name)
  for (const { path, one } of operations()) {
    const inPath = one.parameters.filter((parameter) => parameter.in === 'path')
    assert.deepEqual(
      inPath.map(({ name, required }) => [name, required]),
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, true]),
    )
    assert.ok(tags.includes(one.tags[0] ?? ''), path)
    assert.ok('default' in one.responses)
    for (const name of one.security.flatMap((need) => Object.keys(need)))
      assert.ok(name in api.components.securitySchemes)
  }
  for (const [, name = ''] of JSON.stringify(api).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
    assert.ok(name in api.components.schemas, name)
  assert.doesNotMatch(JSON.stringify(api), /"\$ref":"#\/(?!components)/)
})

test('what the API answers is what the document says', async () => {
  for (const { path, method, one } of operations()) {
    if (method !== 'GET') continue
    const address = fill(path)
    const answer = await service.get(address)
    assert.equal(answer.status, 200, address)
    const content = one.responses['200']?.content ?? {}
    if (Object.keys(content).some((media) => media !== 'application/json')) {
      assert.ok(answer.bytes.length > 0, `${address} is a file`)
      continue
    }
    const said = content['application/json']?.schema
    assert.ok(said, path)
    const read = z.fromJSONSchema(said).safeParse(answer.json())
    assert.ok(read.success, `${address}: ${read.error && z.prettifyError(read.error)}`)
  }
})

test('a refusal is the problem that the document describes', async () => {
  const problem = z.fromJSONSchema(api.components.schemas.Problem ?? {})
  const refused = [
    await service.get('/api/v1/schools/999998'),
    await service.get('/api/v1/nothing-here'),
    await service.postJson('/api/v1/feedback', {}),
    await service.postJson('/api/v1/leaders', { name: 7 }),
  ]
  for (const answer of refused) {
    assert.ok(answer.status >= 400 && answer.status < 500)
    const read = problem.safeParse(answer.json())
    assert.ok(read.success, answer.body)
  }
})

test('a list says how many there are and pages through them without a gap or a double', async () => {
  const page = async (number: number) =>
    (await service.get(`/api/v1/schools?page=${number}&sort=urn`)).json<{
      total: number
      pageSize: number
      schools: { urn: number }[]
    }>()
  const { total, pageSize, schools } = await page(1)
  const urns = schools.map(({ urn }) => urn)
  for (let number = 2; number <= Math.ceil(total / pageSize); number += 1)
    urns.push(...(await page(number)).schools.map(({ urn }) => urn))
  assert.equal(new Set(urns).size, total)
  assert.ok(total > pageSize)
})

/** An address with things of the full service in the places of its parameters. */
function fill(path: string): string {
  const {
    scenario = '',
    need = '',
    other = '',
    run = '',
    request = '',
    organisation = '',
    message = '',
    work = '',
    change = '',
    paymentRun = '',
    study = '',
  } = things
  const references: Record<string, string> = { cases: work, 'payment-runs': paymentRun, 'case-studies': study }
  const values: Record<string, string> = {
    ref: 'tsi@2023-24',
    urn: '900050',
    uid: 'T-02',
    code: 'LA-NE',
    reference: references[path.split('/')[3] ?? ''] ?? 'L-01',
    section: 'scope',
    list: 'attendance-school',
    kind: 'schools',
    subject: '900001',
    entry: 'tutoring',
    ...(path.startsWith('/api/v1/standings/') && { ref: 'gtg@2023', standing: 'support-level', urn: '900207' }),
  }
  const ids: Record<string, string> = {
    'eligibility-runs': run,
    'eligibility-requests': request,
    organisations: organisation,
    messages: message,
    cases: change,
  }
  const id = ids[path.split('/')[3] ?? ''] ?? scenario
  const queries = {
    compare: `?with=${other}`,
    search: '?q=wearstead',
    suggestions: '?urn=900001&areas=behaviour',
    calculation: '?cost=4000',
    'signposting-check': '?urn=900001',
  }
  const query = new Map(Object.entries(queries)).get(path.split('/').at(-1) ?? '') ?? ''
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ({ ...values, id, need })[name] ?? name) + query
}
