import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginStory, expectHeading, expectWords } from './story.ts'

test('a partner adds a leader: what is missing is named, what was typed is kept, and she is found by region and expertise', async (t) => {
  const { page } = await beginStory(t, { today: '2024-01-15' })
  await page.getByRole('link', { name: 'Leaders', exact: true }).first().click()
  await page.getByRole('link', { name: 'Add a leader' }).click()
  await expectHeading(page, 'Add a leader')

  await page.getByLabel('Name', { exact: true }).fill('Isolde Farrowby')
  await page.getByLabel('Organisation').fill('900044')
  await page.getByRole('group', { name: 'Expertise' }).getByLabel('Behaviour').check()
  await page.getByRole('group', { name: 'Phases' }).getByLabel('Primary').check()
  await page.getByLabel('Spring term 2024').fill('six')
  await page.getByRole('button', { name: 'Add the leader' }).click()

  const summary = page.getByRole('alert').filter({ hasText: 'There is a problem' })
  await summary.waitFor()
  assert.match(await page.title(), /^Error: Add a leader/)
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Isolde Farrowby')
  assert.equal(await page.getByLabel('Spring term 2024').inputValue(), 'six')
  assert.ok(await page.getByRole('group', { name: 'Expertise' }).getByLabel('Behaviour').isChecked())
  await summary.getByRole('link', { name: 'Enter a reference' }).click()
  await page.keyboard.type('L-90')
  await page.getByRole('group', { name: 'Type' }).getByLabel('NLE').check()
  await page.getByLabel('Home region').selectOption('North East')
  await page.getByLabel('Spring term 2024').fill('6.5')
  await page.getByRole('button', { name: 'Add the leader' }).click()

  await expectHeading(page, 'Isolde Farrowby')
  await expectWords(page, /The leader is on the roster/)
  await expectWords(page, /6\.5 days free in spring term 2024/)
  await expectWords(page, /Not declared yet/)

  await page.getByRole('link', { name: 'Interests', exact: true }).click()
  await page.getByRole('link', { name: 'Enter a declaration' }).click()
  await page.getByLabel('Nothing to declare for this year').check()
  await page.getByRole('button', { name: 'Enter the declaration' }).click()
  await expectWords(page, /The declaration is on record/)
  await expectWords(page, /2023-24 Nothing to declare/)

  await page.getByRole('link', { name: 'Leaders', exact: true }).first().click()
  await page.getByLabel('Region').selectOption('North East')
  await page.getByLabel('Expertise').selectOption('Behaviour')
  await page.getByRole('button', { name: 'Apply filters' }).click()
  const row = page.getByRole('row').filter({ hasText: 'Isolde Farrowby' })
  assert.match((await row.textContent()) ?? '', /6\.5 of 6\.5/)
  assert.equal(await page.getByRole('row').filter({ hasText: 'Odile Penhallow' }).count(), 0)
})

test('a partner changes several leaders at once: sees first what would change, then it is so', async (t) => {
  const { page, origin } = await beginStory(t, { today: '2024-01-15' })
  await page.goto(`${origin}/leaders`)
  await page.getByLabel('Choose Tobias Wren-Marsh').check()
  await page.getByLabel('Choose Gideon Arkle').check()
  await page.getByRole('button', { name: 'Change the chosen leaders' }).click()
  await expectWords(page, /2 leaders chosen/)
  await page.getByRole('group', { name: 'Add expertise' }).getByLabel('Behaviour').check()
  await page.getByRole('button', { name: 'Show what would change' }).click()

  await expectHeading(page, 'Check the changes')
  await expectWords(page, /Nothing is saved yet/)
  const preview = page.getByRole('table', { name: 'What would change' })
  assert.match((await preview.textContent()) ?? '', /L-02[\s\S]*Behaviour[\s\S]*L-22[\s\S]*Behaviour/)
  await page.getByRole('button', { name: 'Save these changes' }).click()

  await expectWords(page, /2 leaders changed/)
  for (const name of ['Tobias Wren-Marsh', 'Gideon Arkle']) {
    const row = page.getByRole('row').filter({ hasText: name })
    assert.match((await row.textContent()) ?? '', /Behaviour/)
  }
})
