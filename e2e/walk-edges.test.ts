import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { startTestService, type TestService } from '../world/test-service.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { WRONG_ADDRESSES, type WrongForm, wrongFormOf } from './form-examples.ts'
import { openFullService, type Things } from './full-service.ts'
import { lookAtPage } from './look-at-page.ts'
import { addressesOf } from './page-examples.ts'
import { atBothWidths, pageRoutes, slug, visitAll } from './walk.ts'

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
  test('in an empty service, where a record that is not there says so', async () => {
    const empty = await startTestService()
    try {
      const origin = await empty.listen()
      const visits = pageRoutes(full.service, 'GET').flatMap(({ path, allow, secretAddress }) => {
        // Programmes, their letters, catalogues and scenes stand in files, so that they are there without any data.
        const found = /:(?!(?:ref|letter|entry|scene)\b)/.test(path) ? 404 : 200
        // Of a letter's link only whoever was sent it knows whether it ever was.
        const absent = secretAddress ? 410 : found
        // Nobody has a role yet in a programme that keeps levels.
        const status = allow === 'see-standings' ? 403 : absent
        return (addressesOf(path, {}) ?? []).slice(0, 1).map((address) => ({ address, status }))
      })
      // A page that waits for a solve leads to the workbench, and that is where nothing is there.
      await atBothWidths(browser, (page, width) => visitAll(page, origin, visits, `empty-${width}`))
    } finally {
      await empty.close()
    }
  })

  test('with something wrong typed, the page comes again with a summary of what to put right', async () => {
    const forms = pageRoutes(full.service, 'POST').flatMap(({ path }) => {
      const form = wrongFormOf(path, full.things)
      return form && 'path' in form ? [form] : []
    })
    await atBothWidths(browser, async (page, width) => {
      const wrong = WRONG_ADDRESSES.map((address) => ({ address, status: 422, isError: true }))
      const problems = await visitAll(page, full.origin, wrong, `wrong-${width}`)
      for (const form of forms) problems.push(...(await sendWrong(page, form, width)))
      return problems
    })
  })
})

/** Sends the form as the page's own would be: the browser follows and shows what comes. */
async function sendWrong(page: Page, { path, fields, upload = false }: WrongForm, width: number): Promise<string[]> {
  await page.goto(`${full.origin}/help`)
  const answered = page.waitForResponse((response) => response.request().isNavigationRequest())
  const loaded = page.waitForEvent('load')
  await page.evaluate(`(() => {
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', action: ${JSON.stringify(path)}, enctype: ${JSON.stringify(upload ? 'multipart/form-data' : 'application/x-www-form-urlencoded')} })
    for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
      const input = document.createElement('input')
      Object.assign(input, { type: 'hidden', name, value })
      form.append(input)
    }
    document.body.append(form)
    form.submit()
  })()`)
  const status = (await answered).status()
  await loaded
  const expected = { address: `POST ${path}`, status: 422, isError: true }
  const problems = await lookAtPage(page, expected, `wrong-${width}/${slug(path)}`)
  return status === 422 ? problems : [`POST ${path}: answered ${status}`, ...problems]
}
