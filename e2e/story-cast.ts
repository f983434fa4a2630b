import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { type CaseDesk, openCaseDesk } from '../world/case-desk.ts'
import { openBrowser, screenshot } from './browser.ts'
import type { Deed, StoryDay } from './deployment-story.ts'
import { fillAndSend } from './fill-form.ts'

/** The people of a story, each at an own browser, and the case that it is about. */
export type Cast = {
  readonly desk: CaseDesk
  readonly origin: string
  /** Somebody's own window, signed in today: on a phone where the story says so. */
  at(person: string): Promise<Page>
  /** Opens an address of the service there. */
  open(person: string, address: string): Promise<Page>
  /** Begins the case of a school at the page for it; answers its number. */
  begin(person: string, urn: string): Promise<string>
  /** What somebody does at a page: a step is found in the own work, all else at its address. */
  does(reference: string, deed: Deed): Promise<void>
  /** The same through the API, where a story only passes by. */
  sends(reference: string, deed: Deed): Promise<void>
  /** Days of a story, through pages or through the API. */
  lives(reference: string, days: readonly StoryDay[], door: 'pages' | 'api'): Promise<void>
  /** Prepared by one, released by another, and paid as the payer's file says; answers the number of the run. */
  pays(prepares: string, releases: string): Promise<string>
}

/** Where the page stands on which the API's address is filled in by hand. */
const PAGES: Readonly<Record<string, string>> = { log: 'log/new', strategies: 'strategies/new' }
/** Stories save pictures of what people saw only when asked: `PICTURES=yes npm test -- e2e/partnership`. */
const PICTURES = process.env['PICTURES'] === 'yes'

/** Opens the service on a day with a browser for everybody. `phones` are those who have nothing else. */
export async function openCast(t: TestContext, today: string, phones: readonly string[]): Promise<Cast> {
  const desk = await openCaseDesk(today)
  t.after(() => desk.close())
  const origin = await desk.service.listen()
  const browser = await openBrowser()
  t.after(() => browser.close())
  const pages = new Map<string, { page: Page; on: string }>()
  const at = async (person: string): Promise<Page> => {
    const known = pages.get(person)
    const page = known?.page ?? (await browser.newPage({ width: phones.includes(person) ? 375 : 1280 }))
    page.setDefaultTimeout(10_000)
    if (known?.on !== desk.today()) {
      await page.goto(`${origin}/sign-in`)
      const answer = await page.context().request.post(`${origin}/demo/sign-in`, { data: { person } })
      assert.equal(answer.status(), 200)
      pages.set(person, { page, on: desk.today() })
    }
    return page
  }
  const open = async (person: string, address: string) => {
    const page = await at(person)
    await page.goto(`${origin}${address}`)
    await keepPicture(page, person)
    return page
  }
  /** Letters leave by themselves; whoever reads the outbox of a demonstration waits for them. */
  const lettersLeave = () => desk.service.get('/demo/outbox')
  const does = async (reference: string, { by, at: address, fields = {}, of }: Deed) => {
    const path = `/cases/${reference}${of ? `-${of}` : ''}/${PAGES[address] ?? address}`
    const isStep = address.startsWith('steps/')
    const page = await open(by, isStep ? '/my-work' : path)
    if (isStep) await page.locator(`main a[href="${path}"], main a[href^="${path}?"]`).first().click()
    await keepPicture(page, by)
    await fillAndSend(page, fields, `${desk.today()} ${by} ${address}`)
    await keepPicture(page, by)
    await lettersLeave()
  }
  const sends = async (reference: string, { by, at: address, fields = {}, of }: Deed) => {
    const body = address.startsWith('form/') ? { ...fields, complete: true } : fields
    const path = `/api/v1/cases/${reference}${of ? `-${of}` : ''}/${address}`
    const answer = await (await desk.as(by)).postJson(path, body)
    assert.ok(answer.status < 300, `${desk.today()} ${by} ${path}: ${answer.body}`)
  }
  return {
    desk,
    origin,
    at,
    open,
    async begin(person, urn) {
      const page = await open(person, '/cases/new')
      await fillAndSend(page, { programme: 'tsi@2023-24', subject: urn }, 'Begin the case')
      return /\/cases\/(C-\d+)/.exec(page.url())?.[1] ?? ''
    },
    does,
    sends,
    async lives(reference, days, door) {
      for (const { on, deeds } of days) {
        desk.setToday(on)
        for (const deed of deeds) await (door === 'pages' ? does : sends)(reference, deed)
        await lettersLeave()
      }
    },
    pays: (prepares, releases) => payThrough({ open, desk }, prepares, releases),
  }
}

async function payThrough({ open, desk }: Pick<Cast, 'open' | 'desk'>, prepares: string, releases: string) {
  const preparing = await open(prepares, '/money/runs')
  await press(preparing, /Prepare/)
  const run = /R-\d+/.exec(preparing.url())?.[0] ?? ''
  const paying = await open(releases, `/money/runs/${run}`)
  await press(paying, 'Release for payment')
  const items = await paying.locator('tbody tr').count()
  const lines = Array.from({ length: items }, (_, item) => `${run}-${item + 1},paid,${desk.today()},B-${item + 1}`)
  const response = ['Reference,Result,Date,Payment reference', ...lines, ''].join('\n')
  await paying
    .locator('input[type=file]')
    .setInputFiles({ name: 'response.csv', mimeType: 'text/csv', buffer: Buffer.from(response) })
  await press(paying, 'Take in the response')
  return run
}

export async function press(page: Page, name: string | RegExp): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name }).first().click()])
}

let pictures = 0
/** A picture of the page that somebody has before them, numbered in the order of the story. */
export async function keepPicture(page: Page, person: string): Promise<void> {
  if (!PICTURES) return
  pictures += 1
  const place = new URL(page.url()).pathname.replaceAll('/', '_')
  await screenshot(page, `story/${String(pictures).padStart(3, '0')}-${person}${place}`)
}
