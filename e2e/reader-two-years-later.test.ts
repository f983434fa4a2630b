import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AFTER, DEPLOYMENT, PEOPLE } from './deployment-story.ts'
import { expectHeading, expectWords } from './story.ts'
import { keepPicture, openCast } from './story-cast.ts'

const { rg: RG, payments: READER } = PEOPLE

test('somebody who only reads finds a case two years later: its money, form and history are there, and nothing can be changed', async (t) => {
  const cast = await openCast(t, '2023-11-22', [])
  const { desk } = cast
  const reference = await (await desk.as(RG)).start({ urn: '900001' })
  await cast.lives(reference, DEPLOYMENT, 'api')
  await cast.pays(RG, READER)
  await cast.lives(reference, [AFTER], 'api')
  desk.setToday('2026-05-11')

  // From the start page: nothing waits; the one box of the header finds the school, and the school its case.
  const reader = await cast.open(READER, '/')
  await keepPicture(reader, READER)
  await reader.getByRole('searchbox').first().fill('Larkbeck Primary')
  await reader.keyboard.press('Enter')
  await reader.getByRole('link', { name: 'Larkbeck Primary School' }).first().click()
  await expectHeading(reader, 'Larkbeck Primary School')
  await keepPicture(reader, READER)
  await reader.goto(`${cast.origin}/cases?q=Larkbeck`)
  await keepPicture(reader, READER)
  await reader.locator(`main a[href="/cases/${reference}"]`).first().click()
  await expectWords(reader, /Closed.*Everything that was done stays here/)
  assert.equal(await reader.locator('main a[href*="/actions/"], main a[href*="/steps/"], main form').count(), 0)
  await keepPicture(reader, READER)

  await reader.getByRole('link', { name: 'Money', exact: true }).last().click()
  await expectWords(reader, /£9,000 was paid to Ingrid Sallow on 30 April 2024.*Fabian Corsley/)
  await reader.getByRole('link', { name: 'History', exact: true }).click()
  await expectWords(reader, /End of the case.*Review of the form.*Proposal of a leader/)
  await keepPicture(reader, READER)
  await reader.goto(`${cast.origin}/cases/${reference}/form/print`)
  await expectWords(reader, /The aims are reached|Keep the weekly review/)
  await keepPicture(reader, READER)
  assert.equal(await reader.locator('main form').count(), 0)

  // Not by hand either: page and program are refused.
  const tried = await reader.context().request.post(`${cast.origin}/cases/${reference}/actions/take-up`, {
    form: { why: 'Again' },
  })
  assert.ok(tried.status() >= 400, String(tried.status()))
  const told = await (await desk.as(READER)).act(reference, 'take-up', { why: 'Again' })
  assert.ok(told.status >= 400)

  // Whoever works with messages has each letter as it was sent, and as a PDF.
  const officer = await cast.open(RG, `/cases/${reference}/messages`)
  await expectWords(officer, /Delivered.*22 November 2023/)
  const letter = await officer
    .getByRole('link', { name: /^Message \d+/ })
    .first()
    .getAttribute('href')
  const pdf = await officer.context().request.get(`${cast.origin}${letter}.pdf`)
  assert.equal(pdf.headers()['content-type'], 'application/pdf')
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-')
})
