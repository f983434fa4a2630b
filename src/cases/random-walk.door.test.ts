import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { fingerprint } from '../../world/fingerprint.ts'
import type { Field } from '../programmes/index.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'
import { closeInRegister } from './test-subject-change.ts'

/** How many steps a walk takes; more by night: `RANDOM_STEPS=2000 npm test -- src/cases/random-walk`. */
const STEPS = Number(process.env['RANDOM_STEPS'] ?? 150)
const DAY = '2024-01-08'
const CASES = ['C-0901', 'C-0910', 'C-0916'] as const
const PEOPLE = [
  'rg-ne',
  'dp-ne',
  'rd-ne',
  'L-01',
  'L-02',
  'head-900001',
  'head-900010',
  'head-900016',
  'dp-lnse',
] as const

let desk: CaseDesk
let people: ReadonlyMap<string, Person>
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  const days = { begun: '2023-11-20', S07: '2023-12-04' }
  await desk.drive('C-0901', 900001, { to: 'S09', leader: 'L-01', days })
  await desk.drive('C-0910', 900010, { to: 'S02', leader: 'L-02', days })
  await desk.drive('C-0916', 900016, { to: 'S05', leader: 'L-01', days })
  desk.setToday(DAY)
  await closeInRegister(desk.service, 900016)
  people = new Map(await Promise.all(PEOPLE.map(async (name) => [name, await desk.as(name)] as const)))
})
after(() => desk.close())

const whole = fc.nat({ max: 1000 })
const move = fc.record({
  reference: fc.constantFrom(...CASES),
  who: fc.constantFrom(...PEOPLE),
  /** Half of them by somebody who may, as far as it is known who. */
  rightly: fc.boolean(),
  kind: fc.constantFrom('open', 'open', 'open', 'any', 'action', 'log', 'change'),
  pick: whole,
  outcome: whole,
  filled: fc.boolean(),
})
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

const allRows = () => fingerprint(desk.service.database.pool)

function typedFor(field: Field, pick: number): string {
  const option = field.options?.[pick % (field.options.length || 1)]?.id
  if (option) return option
  if (field.type === 'date') return DAY
  if (field.type === 'days') return String((pick % 24) / 2)
  if (field.type === 'leader') return pick % 2 ? 'L-01' : 'L-02'
  return field.type === 'yes-no' ? 'yes' : 'Words'
}

type Called = { readonly path: string; readonly body: Record<string, unknown>; readonly party: string }

function flow() {
  const found = desk.service.packs.find(({ programme }) => programme === 'tsi')?.process?.flows?.['deployment']
  assert.ok(found)
  return found
}

type Fields = Readonly<Record<string, Field>>
const entered = ({ filled, pick }: Move, fields: Fields = {}): Record<string, string> =>
  filled
    ? {
        reason: 'Because',
        note: 'By telephone',
        ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, typedFor(field, pick)])),
      }
    : {}

async function callOf(one: Move): Promise<Called> {
  const { reference, kind, pick } = one
  const base = `/api/v1/cases/${reference}`
  if (kind === 'log') {
    const day = { date: DAY, step: 'explore', kind: 'shadowing', mode: 'face-to-face', state: 'validated' }
    return { path: `${base}/log`, body: { ...day, days: (pick % 7) / 2 }, party: 'sl' }
  }
  if (kind === 'change') {
    const choice = ['move', 'end', 'sell'][pick % 3]
    return { path: `${base}/subject-changes/1`, body: { ...entered(one), choice, seen: 'as it was' }, party: 'rg' }
  }
  if (kind === 'action') {
    const { anytime = {} } = flow()
    const [id = '', action] = Object.entries(anytime)[pick % Object.keys(anytime).length] ?? []
    return { path: `${base}/actions/${id}`, body: entered(one, action?.fields), party: action?.owner ?? '' }
  }
  return stepCall(one, base)
}

/** A step that is open, or any that the flow has. */
async function stepCall(one: Move, base: string): Promise<Called> {
  const { reference, kind, pick, outcome } = one
  const { steps } = flow()
  const open = kind === 'open' ? ((await people.get('rg-ne')?.read(reference))?.open ?? []) : []
  const chosen = open[pick % (open.length || 1)]
  const id = chosen?.step ?? Object.keys(steps)[pick % Object.keys(steps).length] ?? ''
  const ways = Object.keys(steps[id]?.outcomes ?? {})
  const body = {
    ...entered(one, steps[id]?.fields),
    ...(chosen?.key && { key: chosen.key }),
    ...(ways.length > 0 && { outcome: ways[outcome % ways.length] }),
  }
  return { path: `${base}/steps/${id}`, body, party: chosen?.party ?? '' }
}

/** Somebody of the party, where this walk knows one. */
function personOf({ who, rightly, reference }: Move, party: string): string {
  const head = `head-9000${reference.slice(-2)}`
  const rightful: Readonly<Record<string, string>> = {
    rg: 'rg-ne',
    director: 'rd-ne',
    rdp: 'dp-ne',
    'match-team': 'dp-ne',
    sl: reference === 'C-0910' ? 'L-02' : 'L-01',
    supported: head,
    'main-contact': head,
  }
  return (rightly && rightful[party]) || who
}

describe('A walk of chance through cases', () => {
  it('never breaks the service, and whatever is refused leaves everything as it was', async () => {
    const seen = { done: 0, refused: 0 }
    const walk = async (moves: readonly Move[]) => {
      let last = await allRows()
      for (const one of moves) {
        const { path, body, party } = await callOf(one)
        const person = personOf(one, party)
        const answer = await people.get(person)?.postJson(path, body)
        const said = `${person}: ${path} ${JSON.stringify(body)} answered ${answer?.status} ${answer?.body}`
        assert.ok(answer && answer.status < 500, said)
        const now = await allRows()
        if (answer.status >= 400) assert.equal(now, last, said)
        seen[answer.status >= 400 ? 'refused' : 'done'] += 1
        last = now
      }
    }
    const walks = fc.array(move, { minLength: STEPS, maxLength: STEPS })
    await fc.assert(fc.asyncProperty(walks, walk), { numRuns: 1, endOnFailure: true })
    assert.ok(seen.refused > 0 && seen.done > 0, JSON.stringify(seen))
  })
})
