import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CAPABILITIES } from '../src/platform/actor.ts'
import type { TestService } from '../world/test-service.ts'
import { KNOWN_FORMS } from './form-examples.ts'
import { openFullService, type Things } from './full-service.ts'
import { addressesOf, KNOWN_PAGES } from './page-examples.ts'
import { pageRoutes } from './walk.ts'

// What can be said of all pages without a browser is said in half a minute, before the walks begin.

let full: { service: TestService; things: Things }
before(async () => {
  full = await openFullService()
})
after(() => full?.service.close())

const MOVES = 5

/** The page at an address as a browser would show it in the end, and where that was. */
async function open(address: string) {
  let at = address
  for (let moves = 0; moves < MOVES; moves += 1) {
    const answer = await full.service.get(at)
    if (answer.location === '') return { ...answer, path: at.split('?')[0] ?? at }
    at = answer.location
  }
  throw new Error(`${address} moves on without an end`)
}

describe('the route table', () => {
  test('every page has an example and every form a wrong one, and no example is left of a page that went', () => {
    const pages = pageRoutes(full.service, 'GET').map(({ path }) => path)
    const forms = pageRoutes(full.service, 'POST').map(({ path }) => path)
    assert.deepEqual(pages.toSorted(), KNOWN_PAGES.toSorted())
    assert.deepEqual(forms.toSorted(), KNOWN_FORMS.toSorted())
  })

  test('every route says who may, every change what is recorded of it, and reading changes nothing', () => {
    for (const { method, path, allow, audit } of full.service.routes) {
      assert.ok(['everyone', 'signed-in', ...CAPABILITIES].includes(allow), `${path} says who may`)
      assert.equal(method !== 'GET', typeof audit === 'string' && audit !== '', `${method} ${path} records ${audit}`)
    }
  })
})

test('every example answers, with one heading and a title that no other page of its part has', async () => {
  const problems: string[] = []
  const paths = new Map<string, string>()
  for (const { path: route } of pageRoutes(full.service, 'GET'))
    for (const address of addressesOf(route, full.things) ?? []) {
      const { status, body, path } = await open(address)
      if (status !== 200) problems.push(`${address}: answered ${status}`)
      const headings = body.match(/<h1[ >]/g)?.length ?? 0
      if (headings !== 1) problems.push(`${address}: has ${headings} headings of the first level`)
      const title = `${path.split('/')[1]}: ${/<title>([^<]*)</.exec(body)?.[1]?.trim()}`
      const other = paths.get(title) ?? path
      if (other !== path) problems.push(`${address}: has the title of ${other}`)
      paths.set(title, path)
    }
  assert.deepEqual(problems, [])
})
