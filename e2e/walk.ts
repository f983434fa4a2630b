import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Route } from '../src/platform/web/route.ts'
import type { TestService } from '../world/test-service.ts'
import type { TestBrowser } from './browser.ts'
import { type Expected, lookAtPage } from './look-at-page.ts'

const WIDTHS = [1280, 375]

function isPage({ path }: Route): boolean {
  return !path.startsWith('/api/') && !/\.(csv|ods|xlsx|txt|pdf|ics)$/.test(path)
}

/** The routes that answer a page: no API, no file. */
export function pageRoutes(service: TestService, method: Route['method']): Route[] {
  return service.routes.filter((route) => route.method === method && isPage(route))
}

/** At both widths side by side; each in one page of its own, which keeps what it has loaded. */
export async function atBothWidths(
  browser: TestBrowser,
  look: (page: Page, width: number) => Promise<string[]>,
): Promise<void> {
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

/** Opens one address after the other and says what is wrong with what comes; pictures, if any, go into the folder. */
export async function visitAll(
  page: Page,
  origin: string,
  visits: readonly Expected[],
  folder: string,
): Promise<string[]> {
  const problems: string[] = []
  const paths = new Map<string, string>()
  for (const visit of visits) {
    const answer = await page.goto(`${origin}${visit.address}`)
    if (answer?.status() !== visit.status) problems.push(`${visit.address}: answered ${answer?.status()}`)
    // Two pages of one part of the service are told apart by their titles, as in a list of open tabs.
    const { pathname } = new URL(page.url())
    const title = `${pathname.split('/')[1]}: ${await page.title()}`
    if (answer?.ok() && (paths.get(title) ?? pathname) !== pathname)
      problems.push(`${visit.address}: has the title of ${paths.get(title)}`)
    paths.set(title, pathname)
    problems.push(...(await lookAtPage(page, visit, `${folder}/${slug(visit.address)}`)))
  }
  return problems
}

/** An address as the name of a file. */
export function slug(address: string): string {
  return address.replaceAll(/[^\w]+/g, '-').replaceAll(/^-|-$/g, '') || 'start'
}
