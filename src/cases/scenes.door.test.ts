import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseStory, readStories, stageNumber } from '../../world/cases/story.ts'
import type { EnglandScene } from '../../world/england-file.ts'
import { ENGLAND_FILE, readWorld } from '../../world/load-england.ts'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { allChecks } from '../app.ts'
import { verify } from '../platform/verify.ts'
import type { LogView } from './test-work.ts'

type Seen = {
  readonly stage: string
  readonly agreedDays: number
  readonly subject: { readonly urn: number | null; readonly trust: string | null }
  readonly leader: { readonly reference: string } | null
  readonly open: readonly { readonly step: string; readonly openedOn: string; readonly dueOn: string | null }[]
  readonly done: readonly { readonly step: string; readonly doneOn: string }[]
}

let service: TestService
let calls: Pick<TestService, 'get'>
before(async () => {
  service = await startTestService({ movingDay: true, signedOut: true })
})
after(() => service.close())

function tsiScenes(): EnglandScene[] {
  const read = readWorld(ENGLAND_FILE)
  return read.ok ? (read.value.england.scenes ?? []).filter(({ programme }) => programme === 'tsi') : []
}

async function begin(scene: string): Promise<string[]> {
  const answer = await service.postJson('/demo/reset', { scene })
  assert.equal(answer.status, 200, answer.text)
  await signIn()
  return answer.json<{ notLoaded: string[] }>().notLoaded
}

async function signIn() {
  const { cookie } = await service.postJson('/demo/sign-in', { person: 'rg-all' })
  calls = service.as(cookie)
}

const read = async <T>(path: string) => (await calls.get(path)).json<T>()

function storiesOf({ exists }: EnglandScene): CaseStory[] {
  const { cases }: { cases?: unknown } = Object(exists)
  return cases ? readStories(cases) : []
}

/** The last day that a case speaks of: only then is everything of it so. Days that something is to be done by do not count. */
function lastDay({ completion: _, ...story }: CaseStory): string {
  return (JSON.stringify(story).match(/\d{4}-\d\d-\d\d/g) ?? []).toSorted().at(-1) ?? ''
}

/** What a request beside a case came to, in the scene's words. */
const STANDING: Readonly<Record<string, [string, string]>> = {
  'with RDP': ['E1', 'open'],
  'with RG': ['E2', 'open'],
  approved: ['E3', 'open'],
  declined: ['E2', 'closed'],
}

async function compare(story: CaseStory): Promise<void> {
  const { id } = story
  const seen = await read<Seen>(`/api/v1/cases/${id}`)
  assert.equal(seen.stage, story.stage, `${id}: stage`)
  assert.equal(String(seen.subject.urn ?? seen.subject.trust), story.subject, `${id}: subject`)
  if (stageNumber(story) >= 7) assert.equal(seen.leader?.reference, story.leader, `${id}: leader`)
  if (story.agreed) assert.equal(seen.agreedDays, story.agreed, `${id}: days agreed`)
  const dated: [string, string | undefined][] = [
    ['contact-school', story.contacted],
    ['leader-answer', story.leader_yes],
    ['agree', story.school_confirmed],
    ['approve', story.approved],
    ['issue-leader', story.deployment_email],
    ['first-contact', story.s08_done],
    ['completion', story.completed],
    ['leader-sign', story.leader_signed],
    ['school-sign', story.school_signed],
    ['hand-in', story.submitted],
    ['review-form', story.forwarded === 'none' ? undefined : story.forwarded],
    ['follow-up-call', story.call],
  ]
  for (const [step, on] of dated)
    if (on) assert.equal(seen.done.find((one) => one.step === step)?.doneOn, on, `${id}: ${step}`)
  if (stageNumber(story) >= 9) await compareWork(story)
  if (story.request && story.request !== 'none') {
    const word = story.state?.replace(/ \d.*/, '') ?? ''
    const child = await read<{ stage: string; status: string }>(`/api/v1/cases/${id}-1`)
    assert.deepEqual([child.stage, child.status], STANDING[word], `${id}: request ${word}`)
  }
}

async function compareWork(story: CaseStory): Promise<void> {
  const { id, used, days, sections } = story
  const log = await read<LogView>(`/api/v1/cases/${id}/log`)
  if (used !== undefined) assert.equal(log.usedDays, used, `${id}: days used`)
  for (const [date, , , , state] of days ?? [])
    assert.ok(
      log.items.some((item) => item.date === date && item.state === state),
      `${id}: ${date}`,
    )
  const form = await read<{ sections: { number: number; state: string }[] }>(`/api/v1/cases/${id}/form`)
  const states = new Map(form.sections.map(({ number, state }) => [String(number), state]))
  const named = { ...sections, ...(story.section2 === 'complete' && { 2: 'complete' }) }
  // Section 5 is not for everybody to know of; the others here are not filled in.
  for (const [number, words] of Object.entries(named))
    if (!['1', '5', '6', '7'].includes(number))
      assert.equal(states.get(number), words.split(' ')[0], `${id}: section ${number}`)
}

async function verified(): Promise<void> {
  const faults = (await verify(service.database, allChecks)).flatMap((one) => one.faults)
  assert.deepEqual(faults, [])
}

describe('A scene of the school improvement offer holds what it says', () => {
  for (const scene of tsiScenes())
    it(scene.id, async () => {
      assert.deepEqual(await begin(scene.id), [], 'nothing of it is left out')
      const stories = storiesOf(scene)
      const later = stories.filter((story) => lastDay(story) > scene.today)
      for (const story of stories) if (!later.includes(story)) await compare(story)
      await verified()
      const last = later.map(lastDay).toSorted().at(-1)
      if (!last) return
      // What a scene tells of days to come is so when they come.
      assert.equal((await service.put('/demo/today', { today: last })).status, 200)
      await signIn()
      for (const story of later) await compare(story)
      await verified()
    })
})

it('A scene begun twice is the same', async () => {
  const whole = async () => {
    await begin('tsi-s09-start')
    const { cases } = await read<{ cases: { reference: string }[] }>('/api/v1/cases')
    const of = cases.map(({ reference }) => reference).toSorted()
    const one = async (reference: string) => [
      await read<object>(`/api/v1/cases/${reference}`),
      (await read<LogView>(`/api/v1/cases/${reference}/log`)).items.map(({ id: _, history: __, ...item }) => item),
    ]
    const all: object[] = []
    for (const reference of of) all.push(await one(reference))
    return all
  }
  const first = await whole()
  assert.equal(first.length, 8)
  assert.deepEqual(await whole(), first)
})

it('People who choose a scene see what it holds', async () => {
  await begin('tsi-s13')
  const list = await calls.get('/cases')
  for (const name of ['Larkbeck Primary School', 'Marl Pit Primary School', 'Kestrel Bridge Primary Academy'])
    assert.match(list.text, new RegExp(name))
  assert.match((await calls.get('/cases/C-16')).text, /Signature of the school or trust/)
  const scenes = await service.get('/demonstration/scenes')
  assert.match(scenes.text, /tsi-s13 Day 11 March 2024 .*nothing is missing|tsi-s13/)
})
