import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type axeCore from 'axe-core'
import { type BrowserContext, type CDPSession, chromium, type Page, type Request } from 'playwright-core'
import { getBrowserFiles } from './browser-files.ts'

/** One browser for a test file. Each page has a context of its own: no cookie is shared. Widths are CSS pixels: 1280 or 375. */
export type TestBrowser = {
  newPage(options?: { width?: number; javaScript?: boolean }): Promise<Page>
  /** What pages did that no page may do, so far: reach beyond this machine, need what is not there, throw, or break their own security policy. */
  faults(): readonly string[]
  /** Ends the browser, and throws when there are faults. Once closed, closing again does nothing. */
  close(): Promise<void>
}

const HEIGHT = 900
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  // No name and no address but this machine's own leads anywhere.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]',
]
const SCREENS = fileURLToPath(new URL('../.results/screens', import.meta.url))
/** Half the size of the readable one: every page that is looked at reads it anew. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** WCAG 2.2 level AA, which includes the earlier versions. */
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * The sessions that switched a page's scripts off. Only the session that did so can switch them on again, which axe needs; that
 * is why Playwright's own option is not used.
 */
const scriptless = new WeakMap<Page, CDPSession>()

/**
 * Opens the browser that the packages bring; nothing need be installed on the machine. Close it in an `after` hook: a test that
 * fails half way and leaves it open holds up its file until the time limit.
 */
export async function openBrowser(): Promise<TestBrowser> {
  const { executable, env } = await getBrowserFiles()
  const browser = await chromium.launch({ executablePath: executable, args: ARGS, env })
  const faults: string[] = []
  return {
    async newPage({ width = 1280, javaScript = true } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: HEIGHT },
        locale: 'en-GB',
        timezoneId: 'Europe/London',
        reducedMotion: 'reduce',
      })
      watch(context, faults)
      const page = await context.newPage()
      if (!javaScript) await switchScripts(page, 'off')
      return page
    },
    faults: () => [...faults],
    async close() {
      if (!browser.isConnected()) return
      await browser.close()
      if (faults.length > 0) throw new Error(`Pages did what no page may do:\n${faults.join('\n')}`)
    },
  }
}

function watch(context: BrowserContext, faults: string[]): void {
  context.on('request', (request) => {
    if (leavesThisMachine(request)) faults.push(`${request.frame().url()} asked for ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() < 400 || response.request().isNavigationRequest()) return
    faults.push(`${response.frame().url()} needs ${response.url()}, which answers ${response.status()}`)
  })
  context.on('weberror', (error) => faults.push(`${error.page()?.url()} threw ${error.error().message}`))
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(`${message.page()?.url()}: ${message.text()}`)
  })
}

function leavesThisMachine(request: Request): boolean {
  const { protocol, hostname } = new URL(request.url())
  return !['data:', 'blob:', 'about:'].includes(protocol) && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

/**
 * What axe-core finds on the page against WCAG 2.2 AA, no rule switched off: one line per element, empty when all is well.
 * Works on a page with JavaScript switched off too.
 */
export async function axe(page: Page): Promise<string[]> {
  // axe waits on timers, which stand still where scripts are off. The page's own scripts were passed over when it loaded, and
  // do not run now.
  const isScriptless = scriptless.has(page)
  if (isScriptless) await switchScripts(page, 'on')
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(
    (tags) =>
      (globalThis as unknown as { axe: typeof axeCore }).axe.run({ runOnly: tags, resultTypes: ['violations'] }), // put there by the line above
    AXE_TAGS,
  )
  if (isScriptless) await switchScripts(page, 'off')
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => {
      return `${id} (${impact}) ${target.join(' ')}: ${help}. ${failureSummary.replaceAll(/\s+/g, ' ')}`
    }),
  )
}

async function switchScripts(page: Page, to: 'on' | 'off'): Promise<void> {
  const session = scriptless.get(page) ?? (await page.context().newCDPSession(page))
  scriptless.set(page, session)
  await session.send('Emulation.setScriptExecutionDisabled', { value: to === 'off' })
}

/** Saves the whole page as `.results/screens/NAME.png`; answers the path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = join(SCREENS, `${name}.png`)
  await mkdir(dirname(path), { recursive: true })
  await page.screenshot({ path, fullPage: true })
  return path
}
