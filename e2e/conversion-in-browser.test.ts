import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openChangeNights } from '../world/case-desk.ts'
import { CHIEF, CLOSED, DECIDED, days, HEAD, LEADER, LINK, NEW, OLD, WORKED } from './conversion-story.ts'
import { PEOPLE } from './deployment-story.ts'
import { expectHeading, expectWords } from './story.ts'
import { keepPicture, openCast, press } from './story-cast.ts'

const { rg: RG, payments: PAYMENTS } = PEOPLE

test('in the browser: a school becomes an academy half way, its case moves with it and ends under the new number', async (t) => {
  const cast = await openCast(t, '2023-11-22', [LEADER, HEAD, CHIEF])
  const { desk, open, lives } = cast
  const nights = await openChangeNights(desk)
  t.after(() => nights.remove())
  await nights.night('2023-11-21', [OLD])
  const reference = await cast.begin(RG, String(OLD.urn))
  await lives(reference, days('2023-11-22', '2023-12-04', HEAD), 'api')

  // The file of a night closes the one number and opens the other; the owner is asked.
  desk.setToday('2024-01-08')
  assert.equal(await nights.night('2024-01-08', [{ ...OLD, status: 'Closed', closed: '31-12-2023' }, NEW], [LINK]), 1)
  const owner = await open(RG, '/my-work')
  await expectWords(owner, /Decide how the case goes on: Closed\. Goes on as Fellside Row Primary Academy/)
  await owner
    .getByRole('link', { name: /^Decide/ })
    .first()
    .click()
  await owner.waitForLoadState()
  await keepPicture(owner, RG)
  const move = await owner.locator('td[data-label^="Move"]').allInnerTexts()
  const [ofDays, ofPeople, ofForm, ofMoney] = move.map((words) => words.replaceAll(/\s+/g, ' '))
  assert.match(ofDays ?? '', /1 of 10 days used: they stay in the log\. 9 days left for Fellside Row Primary Academy/)
  assert.match(ofPeople ?? '', /New: Ingrid Sallow \(Chief executive of the trust\)\. No longer: Imelda Fellowdale/)
  assert.match(ofPeople ?? '', /Nobody is recorded there as head teacher: letters .* until an administrator enters/)
  assert.match(ofForm ?? '', /not signed yet; for: chief executive of the trust/)
  assert.match(ofMoney ?? '', /to Maren Holloway: £6,000 committed, as before/)
  await owner.getByLabel(/Move the case to Fellside Row Primary Academy/).check()
  await owner.getByLabel('Reason', { exact: true }).fill('The academy goes on with the same staff')
  await press(owner, 'Decide')
  await keepPicture(owner, RG)
  await expectHeading(owner, NEW.name)
  await expectWords(owner, /Before *Fellside Row Primary School, URN 900010, until 8 January 2024/)

  // Everybody finds it in the own work: who stays, who comes, and who is asked nothing any more.
  await expectWords(await open(LEADER, '/my-work'), /The case moved from Fellside Row Primary School to Fellside Row/)
  await expectWords(await open(CHIEF, `/cases/${reference}`), /Chief executive of the trust/)
  const head = await open(HEAD, '/my-work')
  await expectWords(head, /Nothing of yours is late/)
  assert.equal((await head.goto(`${cast.origin}/cases/${reference}`))?.status(), 404)
  await keepPicture(head, HEAD)

  // Whoever leads the academy from now on is entered by the administrator: here it is the same person.
  const people = await open('admin', '/people')
  await people.getByRole('link', { name: 'Imelda Fellowdale' }).click()
  const grant = people.locator('form[action$="/grants"]')
  await grant.getByLabel('Role').selectOption('tsi/head')
  await grant.getByLabel('For which part').selectOption('establishment')
  await grant.getByLabel('Which ones').fill(String(NEW.urn))
  await press(people, 'Grant the role')
  await keepPicture(people, 'admin')
  await expectHeading(await open(HEAD, `/cases/${reference}`), NEW.name)

  await lives(reference, days('2024-01-22', '2024-01-22', CHIEF), 'api')
  await lives(reference, [{ on: '2024-02-23', deeds: WORKED }], 'api')
  await lives(reference, CLOSED, 'pages')
  await lives(reference, [{ on: '2024-02-27', deeds: DECIDED }], 'pages')
  await cast.pays(RG, PAYMENTS)
  await expectWords(await open(LEADER, `/cases/${reference}/money`), /£6,000 was paid to Maren Holloway/)
  const ended = await open(CHIEF, `/cases/${reference}`)
  await expectHeading(ended, NEW.name)
  await expectWords(ended, /Closed/)
  await expectWords(await open(RG, `/cases?q=${NEW.urn}`), new RegExp(reference))
})
