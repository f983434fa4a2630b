import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PEOPLE } from './deployment-story.ts'
import { fillAndBeRefused } from './fill-form.ts'
import {
  AGREED,
  AGREES,
  APPLIES,
  ASKS_FOR_BOTH,
  ASSESSED,
  BEFORE,
  CLOSES,
  CONFIRMED,
  DECIDED,
  ENDED,
  HEAD,
  REPORTED,
  REQUEST,
  REST_OF_THE_DAYS,
  SCHOOL,
  SIGNED,
} from './partnership-story.ts'
import { expectWords, readMain } from './story.ts'
import { openCast } from './story-cast.ts'

const { rg: RG, leader: LEADER, payments: PAYMENTS } = PEOPLE

test('in the browser: a school goes on with a funded partnership, is refused the extra days, and both payments are made', async (t) => {
  const cast = await openCast(t, '2023-11-22', [LEADER, HEAD])
  const { desk, open, does, lives } = cast
  const reference = await cast.begin(RG, SCHOOL)
  const partnership = `${reference}-1`
  await lives(reference, BEFORE, 'api')

  await lives(reference, [{ on: '2024-02-26', deeds: [ASSESSED] }], 'pages')
  const agrees = await open(HEAD, `/cases/${reference}/steps/agree-option`)
  await expectWords(agrees, /What is needed.*Funded partnership.*Why.*A trust should carry it on/)
  await lives(reference, [{ on: '2024-02-26', deeds: [AGREES, ...APPLIES] }], 'pages')
  await lives(reference, [{ on: '2024-02-26', deeds: ASKS_FOR_BOTH }], 'api')
  // One of the two, not both: the page of the request says which one there is.
  const asks = await open(LEADER, `/cases/${reference}/actions/request-extra-days`)
  const refused = await fillAndBeRefused(asks, REQUEST, 'Extra days beside the partnership')
  assert.match(refused, new RegExp(`Only one of Extra days and Funded partnership.*${partnership}, is open already`))
  assert.equal(await asks.locator('[name=context]').inputValue(), 'Half done', 'what was typed stays')

  await lives(reference, [REST_OF_THE_DAYS], 'api')
  await lives(reference, [{ on: '2024-03-12', deeds: DECIDED }], 'pages')

  // Nothing of the grant is paid before the signed offer and the agreement of both.
  const grant = await open(RG, `/cases/${partnership}/money`)
  await expectWords(grant, /First payment.*Missing: signed grant offer; SLA not confirmed by both school and trust/)
  await lives(reference, [{ on: '2024-04-11', deeds: [SIGNED] }], 'pages')
  await open(RG, `/cases/${partnership}/money`)
  await expectWords(grant, /First payment Not due .* Missing: SLA not confirmed by both school and trust\./)
  assert.equal(await grant.getByRole('button', { name: /Prepare/ }).count(), 0)
  await does(reference, AGREED)
  await cast.pays(RG, PAYMENTS)
  await expectWords(
    await open(RG, `/cases/${partnership}/money`),
    /First payment Payment processed £5,000 was paid to Harbour Lamp Learning Trust \(T-09\) on 11 April 2024/,
  )
  await expectWords(await open(LEADER, `/cases/${reference}/money`), /£6,000 was paid/)
  await lives(reference, [{ on: '2024-04-11', deeds: CLOSES }], 'pages')
  await expectWords(await open(LEADER, `/cases/${reference}`), /Closed/)

  // A year later: the trust reports, the school confirms, the second payment ends the grant.
  desk.setToday('2025-04-16')
  await does(reference, REPORTED)
  await expectWords(
    await open(RG, `/cases/${partnership}/money`),
    /Second payment.*Missing: .*confirmation of the report/,
  )
  for (const deed of CONFIRMED) await does(reference, deed)
  await cast.pays(RG, PAYMENTS)
  const paid = await readMain(await open(RG, `/cases/${partnership}/money`))
  assert.match(
    paid,
    /First payment Payment processed.*Second payment Payment processed.*In all £10,000, of which £10,000 is paid/,
  )
  await does(reference, ENDED)
  await expectWords(await open(HEAD, `/cases/${partnership}`), /Closed/)
})
