import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openCaseDesk } from '../world/case-desk.ts'
import { openBrowser } from './browser.ts'
import { AFTER, DEPLOYMENT, type Deed, PEOPLE, SCHOOL, STUDY, type StoryDay } from './deployment-story.ts'
import { fillAndSend } from './fill-form.ts'
import { expectHeading, expectWords } from './story.ts'

/** Where the page stands on which the API's address is filled in by hand. */
const PAGES: Readonly<Record<string, string>> = { log: 'log/new', strategies: 'strategies/new' }

async function press(page: Page, name: string | RegExp): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name }).first().click()])
}

test('in the browser: six people bring help to a school, from who qualifies to the published case study', async (t) => {
  const desk = await openCaseDesk('2023-11-22')
  t.after(() => desk.close())
  const origin = await desk.service.listen()
  const browser = await openBrowser()
  t.after(() => browser.close())

  const pages = new Map<string, { page: Page; on: string }>()
  /** Somebody at an own browser, signed in today; the leader and the head have phones. */
  const at = async (person: string): Promise<Page> => {
    const width = person === PEOPLE.leader || person === PEOPLE.head ? 375 : 1280
    const known = pages.get(person)
    const page = known?.page ?? (await browser.newPage({ width }))
    page.setDefaultTimeout(10_000)
    if (known?.on !== desk.today()) {
      await page.goto(`${origin}/sign-in`)
      const answer = await page.context().request.post(`${origin}/demo/sign-in`, { data: { person } })
      assert.equal(answer.status(), 200)
      pages.set(person, { page, on: desk.today() })
    }
    return page
  }

  const officer = await at(PEOPLE.rg)
  await officer.goto(`${origin}/eligibility/tsi@2023-24`)
  await officer.getByRole('link', { name: 'Larkbeck Primary School', exact: true }).first().click()
  await expectHeading(officer, 'Larkbeck Primary School')
  await officer.goto(`${origin}/cases/new`)
  await fillAndSend(officer, { programme: 'tsi@2023-24', subject: SCHOOL }, 'Begin the case')
  const reference = /\/cases\/(C-\d+)/.exec(officer.url())?.[1] ?? ''
  const does = async ({ by, at: address, fields = {}, of }: Deed) => {
    const page = await at(by)
    const path = `/cases/${reference}${of ? `-${of}` : ''}/${PAGES[address] ?? address}`
    if (address.startsWith('steps/')) {
      // Whose turn it is finds it in the own work.
      await page.goto(`${origin}/my-work`)
      await page.locator(`main a[href="${path}"], main a[href^="${path}?"]`).first().click()
    } else await page.goto(`${origin}${path}`)
    await fillAndSend(page, fields, `${desk.today()} ${by} ${address}`)
  }
  const live = async ({ on, deeds }: StoryDay) => {
    desk.setToday(on)
    for (const deed of deeds) await does(deed)
  }
  for (const day of DEPLOYMENT) await live(day)

  const leader = await at(PEOPLE.leader)
  await leader.goto(`${origin}/cases/${reference}/money`)
  await expectWords(leader, /£9,000/)
  const buys = await at(PEOPLE.rg)
  await buys.goto(`${origin}/money/runs`)
  await press(buys, /Prepare/)
  const run = /R-\d+/.exec(buys.url())?.[0] ?? ''
  const payments = await at(PEOPLE.payments)
  await payments.goto(`${origin}/money/runs/${run}`)
  await press(payments, 'Release for payment')
  const response = `Reference,Result,Date,Payment reference\n${run}-1,paid,2024-04-30,B-1\n`
  await payments
    .locator('input[type=file]')
    .setInputFiles({ name: 'response.csv', mimeType: 'text/csv', buffer: Buffer.from(response) })
  await press(payments, 'Take in the response')
  await leader.reload()
  await expectWords(leader, /Paid/)

  await live(AFTER)
  const rdp = await at(PEOPLE.rdp)
  await rdp.goto(`${origin}/case-studies/new`)
  await fillAndSend(rdp, { cases: reference }, 'Begin the study')
  const study = /CS-\d+/.exec(rdp.url())?.[0] ?? ''
  await rdp.goto(`${origin}/case-studies/${study}/edit`)
  const texts = Object.entries(STUDY.sections).map(([id, words]) => [`text-${id}`, words])
  await fillAndSend(rdp, Object.fromEntries(texts), 'Write the study')
  const head = await at(PEOPLE.head)
  await head.goto(`${origin}/case-studies/${study}/publishing`)
  const { answer, way, givenBy, givenOn } = STUDY.consent
  await fillAndSend(head, { answer, way, givenBy, givenOn }, 'Agree to the study')
  const publisher = await at(PEOPLE.rg)
  await publisher.goto(`${origin}/case-studies/${study}/publishing`)
  await press(publisher, 'Approve as it stands')
  await publisher.goto(`${origin}/case-studies/${study}/publishing`)
  await press(publisher, /^Publish/)
  await head.goto(`${origin}/case-studies/${study}`)
  await expectWords(head, /Calm corridors/)
  await publisher.goto(`${origin}/cases/${reference}`)
  await expectWords(publisher, /Closed/i)
})
