import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCaseDesk, type Person } from '../world/case-desk.ts'
import { AFTER, DEPLOYMENT, type Deed, PEOPLE, SCHOOL, STUDY } from './deployment-story.ts'

type Answered = { refusals?: { message: string }[]; reference?: string; version?: number }

/** Sends JSON that must be taken; answers what came back. */
async function send(by: Person, path: string, body: object = {}): Promise<Answered> {
  const answer = await by.postJson(`/api/v1${path}`, body)
  const said = answer.json<Answered>()
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${said.refusals?.map((one) => one.message).join(' | ')}`)
  return said
}

test('by the API alone: a school that qualifies gets fifteen days, the claim of £9,000 is paid and a case study is published', async (t) => {
  const desk = await openCaseDesk('2023-11-22')
  t.after(() => desk.close())
  const rg = await desk.as(PEOPLE.rg)
  const qualifying = (await rg.get('/api/v1/eligibility/tsi@2023-24?on=2023-11-22')).json<{
    qualifying?: unknown
  }>()
  assert.match(JSON.stringify(qualifying), new RegExp(SCHOOL))
  const reference = await rg.start({ urn: SCHOOL })
  const does = async ({ by, at, fields = {}, of }: Deed) => {
    const body = at.startsWith('form/') ? { ...fields, complete: true } : fields
    await send(await desk.as(by), `/cases/${reference}${of ? `-${of}` : ''}/${at}`, body)
  }
  const live = async ({ on, deeds }: (typeof DEPLOYMENT)[number]) => {
    desk.setToday(on)
    for (const deed of deeds) await does(deed)
  }
  for (const day of DEPLOYMENT) await live(day)

  const leader = await desk.as(PEOPLE.leader)
  const books = async () =>
    (await leader.get(`/api/v1/cases/${reference}/money`)).json<{ books: Record<string, number> }>().books
  assert.deepEqual(await books(), { committed: 0, claimed: 0, due: 9000, 'with-payer': 0, paid: 0 })
  const payments = await desk.as(PEOPLE.payments)
  const { reference: run = '' } = await send(rg, '/payment-runs')
  await send(payments, `/payment-runs/${run}/release`)
  const file = `Reference,Result,Date,Payment reference\n${run}-1,paid,2024-04-30,B-1\n`
  await send(payments, `/payment-runs/${run}/response`, { file })
  assert.deepEqual(await books(), { committed: 0, claimed: 0, due: 0, 'with-payer': 0, paid: 9000 })

  await live(AFTER)
  assert.equal((await rg.read(reference)).caseStatus, 'closed')
  const rdp = await desk.as(PEOPLE.rdp)
  const { reference: study = '' } = await send(rdp, '/case-studies', { cases: [reference] })
  const { version } = (await rdp.get(`/api/v1/case-studies/${study}`)).json<Answered>()
  await send(rdp, `/case-studies/${study}`, { version, sections: STUDY.sections })
  await send(await desk.as(PEOPLE.head), `/case-studies/${study}/consents`, { ...STUDY.consent, subject: SCHOOL })
  await send(rg, `/case-studies/${study}/approval`)
  await send(rg, `/case-studies/${study}/publish`)
  const read = await desk.as('L-01')
  assert.match((await read.get(`/api/v1/case-studies/${study}`)).body, /"state":"published"/)
})
