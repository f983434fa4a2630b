import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { TestService } from '../world/test-service.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { openFullService, type Things } from './full-service.ts'
import { addressesOf } from './page-examples.ts'
import { atBothWidths, pageRoutes, visitAll } from './walk.ts'

let browser: TestBrowser
let full: { service: TestService; things: Things; origin: string }
before(async () => {
  browser = await openBrowser()
  const { service, things } = await openFullService()
  full = { service, things, origin: await service.listen() }
})
after(async () => {
  try {
    await browser.close()
  } finally {
    await full.service.close()
  }
})

describe('every page, at the width of a desk and of a phone', () => {
  test('in a full service', async () => {
    const visits = pageRoutes(full.service, 'GET').map(({ path }) => addressesOf(path, full.things) ?? [])
    await atBothWidths(browser, (page, width) => {
      // The other examples of a page are laid out alike: on a phone the first stands for them.
      const addresses = width > 1_000 ? visits.flat() : visits.flatMap((examples) => examples.slice(0, 1))
      return visitAll(
        page,
        full.origin,
        addresses.map((address) => ({ address, status: 200 })),
        `full-${width}`,
      )
    })
  })

  test('with JavaScript off: the same answer with the same words', async () => {
    const visits = pageRoutes(full.service, 'GET').flatMap(
      ({ path }) => addressesOf(path, full.things)?.slice(0, 1) ?? [],
    )
    const page = await browser.newPage()
    const scriptless = await browser.newPage({ javaScript: false })
    const wordsOf = async (one: Page, address: string) => {
      const answer = await one.goto(`${full.origin}${address}`)
      const text = (await one.locator('main').textContent()) ?? ''
      // The count beside a long field is what a script adds; the limit itself stands there without one.
      const words = text.replaceAll(/\s+/g, ' ').replaceAll(/You have [\d,]+ characters remaining ?/g, '')
      return { address, status: answer?.status(), words }
    }
    const all: [without: unknown[], withScript: unknown[]] = [[], []]
    for (const address of visits) {
      const [without, withScript] = await Promise.all([wordsOf(scriptless, address), wordsOf(page, address)])
      all[0].push(without)
      all[1].push(withScript)
    }
    assert.deepEqual(...all)
    await Promise.all([page.context().close(), scriptless.context().close()])
  })
})
