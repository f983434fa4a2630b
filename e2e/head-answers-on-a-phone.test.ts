import { test } from 'node:test'
import { DEPLOYMENT, PEOPLE } from './deployment-story.ts'
import { fillAndBeRefused, fillAndSend } from './fill-form.ts'
import { expectHeading, expectWords } from './story.ts'
import { keepPicture, openCast, press } from './story-cast.ts'

const { rg: RG, leader: LEADER, head: HEAD } = PEOPLE
const SEEN = 'Lunch time and two lessons of year 6'
const SAID = 'Year 6 was on a trip; it was year 5'

test('the head, on a phone, reads the note of a visit, says what is not accurate, and sees what comes next', async (t) => {
  const cast = await openCast(t, '2023-11-22', [HEAD])
  const reference = await (await cast.desk.as(RG)).start({ urn: '900001' })
  await cast.lives(reference, DEPLOYMENT.slice(0, 2), 'api')
  cast.desk.setToday('2023-12-06')
  const writes = await cast.open(LEADER, `/cases/${reference}/visit-notes/new`)
  const judged = 'Behaviour at lunch is calm\nBooks vary'
  await fillAndSend(writes, { date: '2023-12-04', seen: SEEN, judgements: judged }, 'Write the note')
  await writes.getByRole('link', { name: '4 December 2023' }).click()
  await expectHeading(writes, 'Visit of 4 December 2023')
  await expectWords(writes, /You send it to the school when it is complete/)
  await press(writes, 'Send to the school')

  // The start page tells of it and leads to the note.
  const head = await cast.open(HEAD, '/my-work')
  await expectWords(head, /New for you *1 .*Note of the visit of 4 December 2023: is it accurate\?/)
  await head.getByRole('link', { name: /Note of the visit/ }).click()
  await expectHeading(head, 'Visit of 4 December 2023')
  await expectWords(head, new RegExp(SEEN))
  await keepPicture(head, HEAD)
  await head.getByRole('button', { name: 'Say whether it is accurate' }).click()
  await expectHeading(head, 'Is this note accurate?')

  // "No" alone is not an answer, and what was typed stays.
  const reply = { accurate: 'no', 'reply-2': 'Those were the books of year 5' }
  await fillAndBeRefused(head, reply, 'No without a comment')
  await keepPicture(head, HEAD)
  await fillAndSend(head, { ...reply, comment: SAID }, 'Say what is not accurate')
  await keepPicture(head, HEAD)
  await expectHeading(head, 'Visit of 4 December 2023')
  await expectWords(head, new RegExp(`The school says.*not accurate: ${SAID}`))
  await expectWords(
    head,
    /The leader was told of the answer, and corrects the note .*or makes it final as it is. What the school says stays beside it/,
  )
  await expectWords(head, /Those were the books of year 5.*Elspeth Larkin-Roe/)

  const leader = await cast.open(LEADER, '/my-work')
  await expectWords(leader, /Note of the visit of 4 December 2023: not accurate/)
  await cast.open(LEADER, new URL(head.url()).pathname)
  await press(leader, 'Make it final')
  await head.reload()
  await expectWords(head, /State *Final/)
})
