import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { outboxOf } from '../src/cases/test-outbox.ts'
import { axe, openBrowser } from './browser.ts'
import { PEOPLE } from './deployment-story.ts'
import { fillAndBeRefused, fillAndSend } from './fill-form.ts'
import { expectHeading, expectWords } from './story.ts'
import { keepPicture, openCast, press } from './story-cast.ts'

const { leader: LEADER, rdp: PARTNER } = PEOPLE
const READER = 'the head by link'

/** What a page has against WCAG 2.2 AA: nothing. */
async function look(page: Page, person: string): Promise<void> {
  await keepPicture(page, person)
  assert.deepEqual(await axe(page), [])
}

for (const javaScript of [true, false])
  test(`a head who never signed in opens the letter's link on a phone and does what is asked${javaScript ? '' : ', without scripts'}`, async (t) => {
    const cast = await openCast(t, '2023-11-22', [])
    const { service } = cast.desk
    const reference = 'C-0901'
    await cast.desk.drive(reference, 900001, {
      to: 'S09',
      leader: LEADER,
      days: { begun: '2023-11-22', S08: '2023-12-04' },
    })
    await service.database.pool.query(
      `update person set state = 'invited' where 'head-900001' = any (demonstration_ids)`,
    )
    cast.desk.setToday('2023-12-06')
    const note = { date: '2023-12-04', seen: 'Lunch time and year 6', judgements: ['Books vary'] }
    const { id } = (await (await cast.desk.as(LEADER)).postJson(`/api/v1/cases/${reference}/visit-notes`, note)).json<{
      id: number
    }>()
    await (await cast.desk.as(LEADER)).postJson(`/api/v1/cases/${reference}/visit-notes/${id}/send`, {})

    // The delivery partner sends it from the case.
    const sends = await cast.open(PARTNER, `/cases/${reference}`)
    await sends
      .getByRole('link', { name: /Send a link/ })
      .first()
      .click()
    await expectHeading(sends, 'Send a link')
    await expectWords(sends, /To *Elspeth Larkin-Roe, elspeth.larkinroe@example.org/)
    await expectWords(sends, /works until *20 December 2023.*The school or trust confirms the meeting/)
    await look(sends, PARTNER)
    await press(sends, 'Send the link')
    await expectWords(sends, /The letter with the link is on its way.*Links sent to people outside.*Elspeth Larkin-Roe/)
    await look(sends, PARTNER)

    // Meanwhile a program that looks at letters opens what stands in it.
    const letter = (await outboxOf(service, reference)).at(-1)
    const link = /\/link\/[\w-]+/.exec(letter?.body ?? '')?.[0] ?? ''
    for (let times = 0; times < 3; times += 1) assert.equal((await service.as('').get(link)).status, 200)

    const browser = await openBrowser()
    t.after(() => browser.close())
    const head = await browser.newPage({ width: 375, javaScript })
    head.setDefaultTimeout(10_000)
    // In the tests whoever brings no cookie is an officer; this browser is nobody's.
    await head.context().addCookies([{ name: 'session', value: 'none', url: cast.origin }])
    await head.goto(`${cast.origin}${link}`)
    await expectHeading(head, 'You are asked for an answer')
    await expectWords(head, /the support of Larkbeck Primary School: The school or trust confirms the meeting/)
    await look(head, READER)
    assert.match(
      await fillAndBeRefused(head, { email: 'office@example.org' }, 'another address'),
      /Enter the e-mail address that the letter with this link was sent to/,
    )
    await look(head, READER)
    await fillAndSend(head, { email: 'elspeth.larkinroe@example.org' }, 'the own address')
    await expectHeading(head, 'The school or trust confirms the meeting')
    await look(head, READER)
    await fillAndSend(head, { outcome: 'suits' }, 'The date suits us')
    await expectWords(head, /Done: The school or trust confirms the meeting/)
    await look(head, READER)

    // The same session holds the right of reply on the note of visit.
    await head.getByRole('link', { name: 'Notes of visit' }).click()
    await head.getByRole('link', { name: '4 December 2023' }).click()
    await head.getByRole('button', { name: 'Say whether it is accurate' }).click()
    const reply = { accurate: 'no', comment: 'It was year 5', 'reply-1': 'Those were the books of year 5' }
    await fillAndSend(head, reply, 'Say what is not accurate')
    await expectWords(head, /The school says.*not accurate: It was year 5/)
    await look(head, READER)

    // Nothing else is behind it, and the letter's link is used.
    await head.goto(`${cast.origin}/my-work`)
    await expectHeading(head, 'Your link does not open this')
    await look(head, READER)
    await head.goto(`${cast.origin}${link}`)
    assert.equal(await head.getByRole('link', { name: 'What you are asked' }).count(), 1)
    await press(head, 'Sign out')
    await head.goto(`${cast.origin}${link}`)
    await expectHeading(head, 'This link does not work')
    await look(head, READER)
    const sees = await cast.open(PARTNER, `/cases/${reference}/history`)
    await expectWords(sees, /Elspeth Larkin-Roe, Head teacher, by link/)
  })
