import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { beginStory, expectHeading, expectWords, readMain, tabTo } from './story.ts'

/** Goes there with Tab alone and presses Enter, as on a link or a button. */
async function enter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}

async function type(page: Page, target: Locator, words: string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(words)
}

function link(page: Page, name: string): Locator {
  return page.getByRole('link', { name, exact: true }).first()
}

for (const javaScript of [true, false]) {
  describe(`with the keyboard alone, JavaScript ${javaScript ? 'on' : 'off'}`, () => {
    test('an officer passes over the head of the page, finds a misspelt school, and filters a list', async (t) => {
      const { page } = await beginStory(t, { today: '2024-01-15', javaScript })
      await page.keyboard.press('Tab')
      const skip = link(page, 'Skip to main content')
      assert.ok(await skip.evaluate((element) => element === element.ownerDocument.activeElement))
      await page.keyboard.press('Enter')
      await tabTo(page, page.getByRole('main').getByRole('link').first())

      await type(page, page.getByLabel('Search schools and trusts'), 'Larkbek Primry')
      await page.keyboard.press('Enter')
      await expectHeading(page, 'Search results for “Larkbek Primry”')
      await expectWords(page, /No school has exactly these words. Shown are schools with words like them/)
      await enter(page, link(page, 'Larkbeck Primary School'))
      await expectHeading(page, 'Larkbeck Primary School')

      await enter(page, link(page, 'Schools'))
      await expectHeading(page, 'Schools')
      await type(page, page.getByLabel('Region'), 'North East')
      await type(page, page.getByLabel('Latest grade'), 'Inadequate')
      await enter(page, page.getByRole('button', { name: 'Apply filters' }))
      await page.getByRole('link', { name: 'Remove filter North East' }).waitFor()
      await expectWords(page, /1 school[\s\S]*Hollin Clough Primary School/)
      await enter(page, page.getByRole('link', { name: 'Remove filter Latest grade: Inadequate' }))
      await page.getByRole('link', { name: 'Remove filter Latest grade: Inadequate' }).waitFor({ state: 'detached' })
      await expectWords(page, /Larkbeck Primary School/)
    })

    test('an officer makes a scenario, reads why, locks, forbids, takes back, compares and confirms', async (t) => {
      const { page } = await beginStory(t, { today: '2024-01-15', javaScript })
      await enter(page, link(page, 'Matching'))
      await enter(page, page.getByRole('button', { name: 'New scenario' }))
      await makeScenario(page)
      await readWhyAndLockAnother(page)
      await forbidAndUndo(page)
      await copyAndCompare(page)
      await confirmAnswer(page)
    })
  })
}

async function makeScenario(page: Page): Promise<void> {
  await type(page, page.getByLabel('Name of the scenario'), 'North East by keyboard')
  await tabTo(page, page.getByRole('radio', { name: 'Real schools that qualify' }))
  await page.keyboard.press('ArrowDown')
  assert.ok(await page.getByRole('radio', { name: 'Schools that qualify in the invented England' }).isChecked())
  await type(page, page.getByLabel('Region of the schools'), 'North East')
  await type(page, page.getByLabel('Term of the support'), 'Spring')
  await type(page, page.getByLabel('Days for each school'), '6')
  await enter(page, page.getByRole('button', { name: 'Make the scenario and solve it' }))
  await expectHeading(page, 'North East by keyboard')
  await expectWords(page, /Proven: no other allocation/)
}

/** The pairs of the answer as the table of the workbench says them. */
async function readPairs(page: Page): Promise<string[]> {
  const rows = await page.getByRole('table', { name: 'Who serves whom' }).getByRole('row').all()
  const texts = await Promise.all(rows.slice(1).map((row) => row.locator('th, td:nth-child(3)').allTextContents()))
  return texts.map(([school, leader]) => `${school}: ${leader?.replace(/(locked|out of region)/g, '').trim()}`).sort()
}

async function readWhyAndLockAnother(page: Page): Promise<void> {
  await enter(page, page.getByRole('link', { name: /^Why/ }).first())
  await page.getByRole('heading', { name: /of \d+ points/ }).waitFor()
  await expectWords(page, /The next three, and why/)
  const school = (await page.getByRole('heading', { level: 1 }).textContent())?.trim() ?? ''
  const rival = page.locator('.app-rival').first()
  const name = ((await rival.getByRole('heading').textContent()) ?? '').split(':')[0] ?? ''
  await enter(page, rival.getByRole('button', { name: `Lock ${name}` }))
  await page.getByRole('heading', { name: new RegExp(`^${name} locked: `) }).waitFor()
  await enter(page, link(page, 'North East by keyboard'))
  await expectWords(page, new RegExp(`Locking ${name} to ${school}: `))
  assert.ok((await readPairs(page)).includes(`${school}: ${name}`))
}

async function forbidAndUndo(page: Page): Promise<void> {
  const before = await readPairs(page)
  const forbid = page.getByRole('button', { name: /^Forbid/ }).first()
  const words = ((await forbid.textContent()) ?? '').replace(/^Forbid\s+/, '').trim()
  await tabTo(page, forbid)
  await page.keyboard.press('Space')
  await page
    .getByText(/^Forbidding /)
    .first()
    .waitFor()
  assert.ok(!(await readMain(page)).includes(`Lock ${words}`), `${words} is no longer a pair`)
  await enter(page, page.getByRole('button', { name: 'Undo the last decision' }))
  await page
    .getByText(/^Undoing “forbidding/)
    .first()
    .waitFor()
  assert.deepEqual(await readPairs(page), before)
}

async function copyAndCompare(page: Page): Promise<void> {
  await type(page, page.getByLabel('Save as'), 'Second try by keyboard')
  await page.keyboard.press('Enter')
  await expectHeading(page, 'Second try by keyboard')
  await enter(page, page.getByRole('button', { name: 'Undo the last decision' }))
  await page
    .getByText(/^Undoing “locking/)
    .first()
    .waitFor()
  await enter(page, page.getByRole('button', { name: 'Compare' }))
  await expectHeading(page, 'Second try by keyboard beside North East by keyboard')
  await page.getByRole('table', { name: 'Two answers in numbers' }).waitFor()
  await enter(page, link(page, 'Second try by keyboard'))
  await expectHeading(page, 'Second try by keyboard')
}

async function confirmAnswer(page: Page): Promise<void> {
  const pairs = await readPairs(page)
  const reason = page.getByLabel('Why is no')
  if (await reason.count()) await type(page, reason, 'None of the first type has days left')
  await enter(page, page.getByRole('button', { name: 'Confirm the answer' }))
  await page.getByRole('heading', { name: `${pairs.length} proposals` }).waitFor()
  const proposals = page.getByRole('table', { name: 'Pairs that are proposed; days are held' })
  assert.equal(await proposals.getByRole('row').count(), pairs.length + 1)
}
