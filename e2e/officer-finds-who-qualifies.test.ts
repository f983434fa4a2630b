import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { beginStory, expectHeading, expectWords } from './story.ts'

async function askForDay(page: Page, day: string, month: string, year: string): Promise<void> {
  const fields = page.getByRole('group', { name: 'As at another day' })
  await fields.getByLabel('Day').fill(day)
  await fields.getByLabel('Month').fill(month)
  await fields.getByLabel('Year').fill(year)
  await page.getByRole('button', { name: 'Show' }).click()
}

test('an officer finds who qualifies and why, tries another threshold, and records who entered since', async (t) => {
  const { page } = await beginStory(t, { today: '2024-01-15' })

  await page.getByRole('main').getByRole('link', { name: 'Who qualifies', exact: true }).click()
  await expectHeading(page, /^Who qualifies: Trust and school improvement offer/)
  await expectWords(page, /as at 15 January 2024, on the data held/)

  await askForDay(page, '22', '11', '2023')
  await expectWords(page, /as at 22 November 2023, on the data held/)
  const larkbeck = page.getByRole('row').filter({ hasText: 'Larkbeck Primary School' })
  assert.match(
    (await larkbeck.textContent()) ?? '',
    /Requires improvement on 12 May 2021 and 20 November 2023: 2 consecutive RI, the latest in 2023-24/,
  )

  await larkbeck.getByRole('link', { name: 'Larkbeck Primary School', exact: true }).click()
  await expectHeading(page, 'Larkbeck Primary School')
  const strip = page.getByRole('img', { name: 'Inspections over time' })
  assert.equal(await strip.getByText('RI').count(), 2)
  await page.getByText('2 inspections as a table, with sources').click()
  const inspections = page.getByRole('table', { name: 'Inspections, latest first' })
  assert.match(
    (await inspections.getByRole('row').nth(1).textContent()) ?? '',
    /20 November 2023[\s\S]*Requires improvement/,
  )

  await page.goBack()
  await expectWords(page, /as at 22 November 2023, on the data held/)
  await page.getByLabel('Requires improvement judgements in a row').fill('3')
  await page.getByRole('button', { name: 'Show' }).click()
  await page.getByRole('heading', { name: /^What if: \d+ schools now, \d+ then$/ }).waitFor()
  await expectWords(page, /No schools would enter and \d+ schools would leave/)
  await expectWords(page, /Larkbeck Primary School \(URN 900001\): Not met: 2 consecutive RI, 3 are needed/)
  const list = page.getByRole('table', { name: 'Schools and why they qualify' })
  assert.equal(await list.getByRole('link', { name: 'Larkbeck Primary School', exact: true }).count(), 0)
  assert.equal(await list.getByRole('link', { name: 'Burnmoor Vale School', exact: true }).count(), 1)
})

test('an officer records one run, then another of a later day, and reads who entered and left, and why', async (t) => {
  const { page, origin } = await beginStory(t, { today: '2024-01-15' })
  await page.goto(`${origin}/eligibility/tsi@2023-24?on=2023-10-20`)
  await page.getByLabel('Record this answer').fill('October meeting')
  await page.getByRole('button', { name: 'Record this run' }).click()
  await expectHeading(page, 'Recorded run 1')
  await expectWords(page, /as at 20 October 2023[\s\S]*For: October meeting/)
  await expectWords(page, /This is the first recorded run/)

  await page.getByRole('link', { name: 'Who qualifies' }).first().click()
  await askForDay(page, '15', '1', '2024')
  await page.getByRole('button', { name: 'Record this run' }).click()
  await expectHeading(page, 'Recorded run 2')
  await expectWords(page, /Since run 1: \d+ entered, 1 left, \d+ stayed/)
  await expectWords(
    page,
    /Larkbeck Primary School.{0,20}Requires improvement on 20 November 2023, after the earlier day/,
  )
  const left = page.getByRole('table', { name: 'Left' }).getByRole('row').nth(1)
  assert.match((await left.textContent()) ?? '', /Coldspring Primary School[\s\S]*no longer open on the later day/)
})

test('an officer takes the list away as CSV: one line for each school that the page counts', async (t) => {
  const { page, origin } = await beginStory(t, { today: '2024-01-15' })
  await page.goto(`${origin}/eligibility/tsi@2023-24?on=2023-11-22`)
  const count = Number(await page.locator('.app-big').textContent())
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'CSV' }).click()
  const download = await downloading
  assert.equal(download.suggestedFilename(), 'who-qualifies-tsi-2023-24-2023-11-22.csv')
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n')
  assert.equal(lines[0]?.replace('\ufeff', '').split(',')[0], 'URN')
  assert.equal(lines.length, count + 1)
  assert.ok(lines.some((line) => line.startsWith('900001,Larkbeck Primary School,Qualifies')))
})
