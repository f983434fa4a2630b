import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLOSING, DEPLOYMENT, type Deed, day, PEOPLE, recast, type StoryDay, step } from './deployment-story.ts'
import { fillAndBeRefused } from './fill-form.ts'
import { expectWords, readMain } from './story.ts'
import { openCast } from './story-cast.ts'

const { rg: RG, rdp: RDP, leader: LEADER, payments: PAYMENTS } = PEOPLE
const SCHOOL = '900016'
const HEAD = 'head-900016'
const beside = (deed: Deed): Deed => ({ ...deed, of: 1 })
const done = (name: string, date: string) => beside(step(RG, name, { date }))

/** Five days of ten are used when the first story goes another way. */
const BEFORE: readonly StoryDay[] = recast(
  DEPLOYMENT.filter(({ on }) => on < '2024-02-01'),
  { [PEOPLE.head]: HEAD },
)

/** The option that is chosen, agreed to by the school, and applied for. */
const ASSESSED: Deed = {
  by: LEADER,
  at: 'actions/assess-options',
  fields: { option: 'funded', beneficial: 'A trust should carry it on', 'reason-second-term': 'It is plain' },
}
const AGREES = step(HEAD, 'agree-option', { outcome: 'agree' })
const APPLIES: readonly Deed[] = [
  { by: LEADER, at: 'actions/apply-partnership' },
  beside(step(HEAD, 'confirm-agreement', { outcome: 'agree' })),
  beside(
    step(LEADER, 'application', {
      benefit: 'A curriculum that is written together',
      partner: 'T-09',
      context: 'The two schools know each other',
    }),
  ),
]

/** The leader would like the extra days too, and the school agrees. */
const ASKS_FOR_BOTH: readonly Deed[] = [
  {
    by: LEADER,
    at: 'actions/assess-options',
    fields: { option: 'extra-days', beneficial: 'Days until the trust begins', 'reason-second-term': 'It is plain' },
  },
  AGREES,
]

const REST_OF_THE_DAYS: StoryDay = {
  on: '2024-03-08',
  deeds: [
    ...['2024-02-26', '2024-02-27', '2024-03-04', '2024-03-05'].map((date) => day(date, '1', 'development')),
    day('2024-03-08', '1', 'closure', 'reporting'),
    ...(recast([{ on: '', deeds: CLOSING }], { [PEOPLE.head]: HEAD })[0]?.deeds ?? []).map((deed) =>
      deed.at === 'form/sections/closure'
        ? {
            ...deed,
            fields: { ...deed.fields, further: 'funded-partnership', 'conversation-date': '2024-03-08' },
          }
        : deed,
    ),
  ],
}

const DECIDED: readonly Deed[] = [
  step(RDP, 'review-form', { outcome: 'forward' }),
  step(RG, 'process-claim', { outcome: 'approved' }),
  beside(step(RG, 'decide-application', { outcome: 'approved', partner: 'T-09' })),
  done('offer-letter', '2024-03-12'),
  done('send-terms', '2024-03-12'),
  done('start-funding', '2024-03-12'),
  beside(step(RG, 'communicated', { start: '2024-04-15' })),
]
const SIGNED = beside(step(RG, 'signed-offer', { date: '2024-04-10', signatory: 'Chief executive of the trust' }))
const AGREED = beside(
  step(RG, 'service-agreement', { date: '2024-04-10', school: 'yes', trust: 'yes', model: 'adapted' }),
)
const CLOSES: readonly Deed[] = [
  step(RDP, 'follow-up-call', {
    outcome: 'no-issues',
    date: '2024-04-11',
    participants: 'Head',
    'leader-present': 'yes',
    experience: 'The days were well used',
    plans: 'The partnership',
  }),
  step(RDP, 'follow-on', { outcome: 'neither' }),
  step(RG, 'close-case'),
]

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
  const request = { days: '5', vulnerability: 'Two leaders left', purpose: 'plan', context: 'Half done' }
  const refused = await fillAndBeRefused(asks, request, 'Extra days beside the partnership')
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
  await does(
    reference,
    beside(step(RG, 'activity-report', { date: '2025-04-15', report: 'Six joint days on the curriculum' })),
  )
  await expectWords(
    await open(RG, `/cases/${partnership}/money`),
    /Second payment.*Missing: .*confirmation of the report/,
  )
  await does(reference, beside(step(HEAD, 'confirm-report', { outcome: 'as-described' })))
  await does(reference, done('run-partnership', '2025-04-15'))
  await cast.pays(RG, PAYMENTS)
  const paid = await readMain(await open(RG, `/cases/${partnership}/money`))
  assert.match(
    paid,
    /First payment Payment processed.*Second payment Payment processed.*In all £10,000, of which £10,000 is paid/,
  )
  await does(reference, beside(step(RG, 'close-partnership')))
  await expectWords(await open(HEAD, `/cases/${partnership}`), /Closed/)
})
