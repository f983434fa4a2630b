import * as z from 'zod'
import type { ApiDescription } from './api-description.ts'
import type { Allowed, Route } from './route.ts'

type Json = Readonly<Record<string, unknown>>

/** Problem details (RFC 9457) with every refusal; `instance` names the request as the log does. */
const PROBLEM = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  instance: z.string().describe('urn:uuid: and the number of the request, also in the header x-request-id'),
  refusals: z.array(
    z.object({
      code: z.string(),
      message: z.string(),
      field: z.string().optional(),
      allowed: z.array(z.string()).optional().describe('Where the field is a choice: the ids that it takes'),
    }),
  ),
})

const DESCRIPTION = `The same use cases as the pages, with the same rules. Dates are YYYY-MM-DD in Europe/London, instants are UTC.
Lists answer 50 entries a page: ask with page=2. A refusal is a problem with one entry for each broken rule; its codes do not change
within v1, and where a choice is named wrongly or left out, it lists the ids that may be named as allowed. Fields may be added within v1, so pass over those that you do not know.`

/** OpenAPI 3.1 of every route under /api/v1, made from the route table. Throws when one of them has no description. */
export function openApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes.filter(({ path }) => path.startsWith('/api/v1/'))) {
    if (!route.api) throw new Error(`${route.method} ${route.path} has no description for the API's document`)
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, route.api) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Alongside', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/' }],
    tags: tagsOf(routes).map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: jsonSchema(PROBLEM, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
        token: { type: 'http', scheme: 'bearer', description: "An organisation's token, made by an administrator" },
      },
    },
  }
}

function operation(route: Route, api: ApiDescription): Json {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const done = api.created ? '201' : '200'
  return {
    operationId: operationId(route),
    summary: api.summary,
    description: permissionWords(route.allow),
    tags: [tagOf(route)],
    security: securityOf(route.allow),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...queryParameters(api.query),
    ],
    ...requestBody(api),
    responses: {
      [done]: {
        description: api.created ? 'Done' : 'The answer',
        content: { [api.media ?? 'application/json']: { schema: jsonSchema(api.answer, 'output') } },
      },
      ...(names.length > 0 && { 404: problemResponse('There is no such record') }),
      ...(route.method !== 'GET' && {
        422: problemResponse(`A rule is broken; ${api.refused ?? 'nothing was saved'}`),
      }),
      default: problemResponse('Refused, or a fault'),
    },
  }
}

/** A token acts in a programme's role, and none of those administers. */
function securityOf(allow: Allowed): Json[] {
  if (allow === 'everyone') return []
  return allow === 'administer' || allow === 'audit' ? [{ session: [] }] : [{ session: [] }, { token: [] }]
}

function queryParameters(query: z.ZodObject | undefined): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(properties).map(([name, schema]) => {
    return { name, in: 'query', required: required.includes(name), schema }
  })
}

function requestBody({ body, file }: ApiDescription): Json {
  if (!body && !file) return {}
  if (!file)
    return { requestBody: { content: { 'application/json': { schema: jsonSchema(body ?? z.object({}), 'input') } } } }
  const schema = jsonSchema((body ?? z.object({})).extend({ [file]: z.string() }), 'input')
  return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } }
}

function problemResponse(description: string): Json {
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io })
  return rest
}

function permissionWords(allow: Allowed): string {
  if (allow === 'everyone') return 'For everyone.'
  return allow === 'signed-in' ? 'For anybody signed in.' : `For who may: ${allow}.`
}

/** `GET /api/v1/leaders/:reference/leave` is `getLeadersByReferenceLeave`. */
function operationId({ method, path }: Route): string {
  const words = path.split('/').slice(3)
  const named = words.map((word) => (word.startsWith(':') ? `By-${word.slice(1)}` : word)).join('-')
  return method.toLowerCase() + `-${named}`.replaceAll(/-+(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function tagOf({ path }: Route): string {
  return path.split('/')[3] ?? 'other'
}

function tagsOf(routes: readonly Route[]): string[] {
  return [...new Set(routes.filter(({ path }) => path.startsWith('/api/v1/')).map(tagOf))].sort()
}
