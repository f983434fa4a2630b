import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk } from '../../world/case-desk.ts'
import { completed, formOfCase, headOf } from '../../world/deployment-form.ts'
import { stepsBefore } from '../../world/deployment-steps.ts'
import { driveCase, driveStep } from '../../world/drive-case.ts'
import { PACKS_FOLDER } from '../app.ts'
import type { CaseParts } from '../cases/index.ts'
import type { Decision } from '../platform/decision.ts'
import { loadPacks, type Pack, runningPacks } from '../programmes/index.ts'

let desk: CaseDesk
before(async () => {
  desk = await openCaseDesk('2023-11-20')
})
after(() => desk.close())

/** The shipped pack as it would load with its main file changed. */
async function loadChanged(...changes: [string | RegExp, string][]): Promise<Decision<Pack[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'packs-'))
  await cp(join(PACKS_FOLDER, 'tsi'), join(folder, 'tsi'), { recursive: true })
  const file = join(folder, 'tsi', '2023-24', 'pack.yaml')
  const text = await readFile(file, 'utf8')
  const changed = changes.reduce((all, [from, to]) => all.replace(from, to), text)
  assert.notEqual(changed, text)
  await writeFile(file, changed)
  const loaded = await loadPacks(folder)
  await rm(folder, { recursive: true })
  return loaded
}

/** The same service with another pack loaded: what begins from now on begins under it. */
function under(packs: readonly Pack[]): CaseDesk {
  const parts: CaseParts = { ...desk.service.cases, packs }
  return {
    ...desk,
    drive: (reference, subject, story) =>
      driveCase(parts, {
        reference,
        programme: 'tsi@2023-24',
        subject: typeof subject === 'number' ? { kind: 'school', urn: subject } : { kind: 'trust', uid: subject },
        begun: story.days['begun'] ?? '2023-10-30',
        steps: stepsBefore(story),
      }),
    doStep: (reference, step, on, fields = {}) => driveStep(parts, reference, { on, step, fields }),
  }
}

describe('The version of a programme', () => {
  it('TSI-001 a case is judged by the version that it began under, also after a newer one is loaded; a pack says what it is', async () => {
    const leader = await desk.as('L-01')
    const claimOf = async (reference: string) => (await formOfCase(leader, reference).read()).json.claim.amountPounds
    await completed(desk, 'C-01', 900016, '2024-03-08')
    assert.equal(await claimOf('C-01'), 6000)
    const newer = await loadChanged([/^version: .*$/m, 'version: "1.1"'], ['rate: 600', 'rate: 650'])
    assert.ok(newer.ok, JSON.stringify(newer))
    await headOf(desk, 900001)
    await completed(under(runningPacks(newer.value)), 'C-02', 900001, '2024-03-08')
    assert.deepEqual([await claimOf('C-01'), await claimOf('C-02')], [6000, 6500])
    const versions = await Promise.all(
      ['C-01', 'C-02'].map(
        async (one) => (await leader.get(`/api/v1/cases/${one}`)).json<{ version: string }>().version,
      ),
    )
    assert.deepEqual(versions, ['1.0', '1.1'])
    for (const field of ['programme', 'title', 'academic-year', 'version', 'issued']) {
      const lacking = await loadChanged([new RegExp(`^${field}: .*\\n`, 'm'), ''])
      assert.ok(!lacking.ok, field)
      assert.match(JSON.stringify(lacking.refusals), new RegExp(field), field)
    }
  })
})
