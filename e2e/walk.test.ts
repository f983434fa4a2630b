import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { CAPABILITIES } from '../src/platform/actor.ts'
import type { Route } from '../src/platform/web/route.ts'
import { startTestService, type TestService } from '../world/test-service.ts'
import { openBrowser, type TestBrowser } from './browser.ts'
import { openFullService, type Things } from './full-service.ts'
import { type Expected, lookAtPage } from './look-at-page.ts'
import { addressesOf, KNOWN_FORMS, KNOWN_PAGES, WRONG_ADDRESSES, type WrongForm, wrongFormOf } from './page-examples.ts'

const WIDTHS = [1280, 375]

/** Pages whose title does not say yet which record they belong to. Remove an entry when its title names the record. */
const TITLES_TO_MEND = [/^\/matching\/\d+\/history$/]

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

function isPage({ path }: Route): boolean {
  return !path.startsWith('/api/') && !/\.(csv|ods|txt)$/.test(path)
}

function pageRoutes(method: Route['method']): Route[] {
  return full.service.routes.filter((route) => route.method === method && isPage(route))
}

/** At both widths side by side; each in one page of its own, which keeps what it has loaded. */
async function atBothWidths(look: (page: Page, width: number) => Promise<string[]>): Promise<void> {
  const earlier = browser.faults().length
  const problems = await Promise.all(
    WIDTHS.map(async (width) => {
      const page = await browser.newPage({ width })
      const found = await look(page, width)
      await page.context().close()
      return found.map((problem) => `${width} px ${problem}`)
    }),
  )
  assert.deepEqual([...problems.flat(), ...browser.faults().slice(earlier)], [])
}

async function visitAll(page: Page, origin: string, visits: readonly Expected[], folder: string): Promise<string[]> {
  const problems: string[] = []
  const paths = new Map<string, string>()
  for (const visit of visits) {
    const answer = await page.goto(`${origin}${visit.address}`)
    if (answer?.status() !== visit.status) problems.push(`${visit.address}: answered ${answer?.status()}`)
    // Two pages of one part of the service are told apart by their titles, as in a list of open tabs.
    const { pathname } = new URL(page.url())
    const title = `${pathname.split('/')[1]}: ${await page.title()}`
    const isKnown = TITLES_TO_MEND.some((path) => path.test(pathname))
    if (answer?.ok() && !isKnown && (paths.get(title) ?? pathname) !== pathname)
      problems.push(`${visit.address}: has the title of ${paths.get(title)}`)
    paths.set(title, pathname)
    problems.push(...(await lookAtPage(page, visit, `${folder}/${slug(visit.address)}`)))
  }
  return problems
}

function slug(address: string): string {
  return address.replaceAll(/[^\w]+/g, '-').replaceAll(/^-|-$/g, '') || 'start'
}

describe('the route table', () => {
  test('every page has an example and every form a wrong one, and no example is left of a page that went', () => {
    const pages = pageRoutes('GET').map(({ path }) => path)
    const forms = pageRoutes('POST').map(({ path }) => path)
    assert.deepEqual(pages.toSorted(), KNOWN_PAGES.toSorted())
    assert.deepEqual(forms.toSorted(), KNOWN_FORMS.toSorted())
  })

  test('every route says who may, every change what is recorded of it, and reading changes nothing', () => {
    for (const { method, path, allow, audit } of full.service.routes) {
      assert.ok(['everyone', 'signed-in', ...CAPABILITIES].includes(allow), `${path} says who may`)
      assert.equal(method === 'POST', typeof audit === 'string' && audit !== '', `${method} ${path} records ${audit}`)
    }
  })
})

describe('every page, at the width of a desk and of a phone', () => {
  test('in a full service', async () => {
    const visits = pageRoutes('GET').flatMap(({ path }) => addressesOf(path, full.things) ?? [])
    await atBothWidths((page, width) =>
      visitAll(
        page,
        full.origin,
        visits.map((address) => ({ address, status: 200 })),
        `full-${width}`,
      ),
    )
  })

  test('in an empty service, where a record that is not there says so', async () => {
    const empty = await startTestService()
    try {
      const origin = await empty.listen()
      const visits = pageRoutes('GET').flatMap(({ path }) => {
        const status = /:(?!ref\b)/.test(path) ? 404 : 200
        return (addressesOf(path, {}) ?? []).slice(0, 1).map((address) => ({ address, status }))
      })
      // A page that waits for a solve leads to the workbench, and that is where nothing is there.
      await atBothWidths((page, width) => visitAll(page, origin, visits, `empty-${width}`))
    } finally {
      await empty.close()
    }
  })

  test('with something wrong typed, the page comes again with a summary of what to put right', async () => {
    const forms = pageRoutes('POST').flatMap(({ path }) => {
      const form = wrongFormOf(path, full.things)
      return form && 'path' in form ? [form] : []
    })
    await atBothWidths(async (page, width) => {
      const wrong = WRONG_ADDRESSES.map((address) => ({ address, status: 422, isError: true }))
      const problems = await visitAll(page, full.origin, wrong, `wrong-${width}`)
      for (const form of forms) problems.push(...(await sendWrong(page, form, width)))
      return problems
    })
  })

  test('with JavaScript off: the same answer with the same words', async () => {
    const visits = pageRoutes('GET').flatMap(({ path }) => addressesOf(path, full.things) ?? [])
    const page = await browser.newPage()
    const scriptless = await browser.newPage({ javaScript: false })
    const wordsOf = async (one: Page, address: string) => {
      const answer = await one.goto(`${full.origin}${address}`)
      const text = (await one.locator('main').textContent()) ?? ''
      return { address, status: answer?.status(), text: text.replaceAll(/\s+/g, ' ') }
    }
    for (const address of visits) {
      const [without, withScript] = await Promise.all([wordsOf(scriptless, address), wordsOf(page, address)])
      assert.deepEqual(without, withScript)
    }
    await Promise.all([page.context().close(), scriptless.context().close()])
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
