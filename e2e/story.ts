import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { startTestService, type TestService, type TestServiceOptions } from '../world/test-service.ts'
import { openBrowser } from './browser.ts'

/** Everything that a story of one person needs; it ends with the test, and then says what pages did that they may not do. */
export type Story = {
  readonly page: Page
  readonly service: TestService
  readonly origin: string
}

/** Opens the service and a browser on its first page. */
export async function beginStory(
  t: TestContext,
  { javaScript = true, ...options }: TestServiceOptions & { javaScript?: boolean } = {},
): Promise<Story> {
  const browser = await openBrowser()
  t.after(() => browser.close())
  const service = await startTestService({ world: true, ...options })
  t.after(() => service.close())
  const origin = await service.listen()
  const page = await browser.newPage({ javaScript })
  page.setDefaultTimeout(15_000)
  await page.goto(`${origin}/`)
  return { page, service, origin }
}

/** The words of the page's main part, white space folded. */
export async function readMain(page: Page): Promise<string> {
  return ((await page.locator('main').textContent()) ?? '').replaceAll(/\s+/g, ' ')
}

export async function expectHeading(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
}

export async function expectWords(page: Page, words: RegExp): Promise<void> {
  assert.match(await readMain(page), words)
}

/** Presses Tab until the element has the focus, as somebody does who has no mouse; fails when the whole page has been passed. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < 400; presses++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`No number of Tab presses leads to ${target}`)
}
