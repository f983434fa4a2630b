import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findPackWarnings } from './load-catalogue.ts'
import { checkPackDirectory, loadPack } from './load-pack.ts'
import type { PackFault } from './pack-source.ts'

const FOLDER = 'packs/tsi/2023-24'
const shipped = await readFile(join(FOLDER, 'catalogue.yaml'), 'utf8')

/** What is done with a copy of the shipped pack in which one thing of the catalogue is changed. */
async function withChange<T>(from: string, to: string, use: (folder: string) => Promise<T>): Promise<T> {
  assert.ok(shipped.includes(from), `the catalogue no longer holds: ${from}`)
  const folder = await mkdtemp(join(tmpdir(), 'catalogue-'))
  try {
    await cp(FOLDER, folder, { recursive: true })
    await writeFile(join(folder, 'catalogue.yaml'), shipped.replace(from, to))
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const faultsOf = (from: string, to: string): Promise<PackFault[]> => withChange(from, to, checkPackDirectory)
const ACCESS =
  '    access: {route: [Use the toolkit online], application: false, link: "https://www.gov.uk/search/all?keywords=school+workload+reduction+toolkit"}\n'

test('the shipped catalogue is loaded with its pack, its parts as entries of their own', async () => {
  const pack = await loadPack(FOLDER)
  assert.ok(pack.ok)
  const entries = pack.value.catalogue?.entries ?? []
  const part = entries.find(({ id }) => id === 'npqlpm')
  assert.equal(part?.of, 'npq')
  assert.deepEqual(part?.phases, ['primary'])
  assert.deepEqual(part?.access.route, ['Choose a provider', 'Register with the department'])
  assert.deepEqual(await findPackWarnings(FOLDER), [])
})

test('an entry without its way in, its eligibility or its heading makes the load fail, with entry and field named', async () => {
  const [access] = await faultsOf(ACCESS, '')
  assert.equal(access?.field, 'entries.workload-toolkit.access')
  assert.match(access?.message ?? '', /catalogue\.yaml:\d+:\d+: entries\.workload-toolkit\.access is missing$/)
  const refused = await withChange(ACCESS, '', loadPack)
  assert.equal(refused.ok, false)
  const [eligibility] = await faultsOf('    eligibility: {text: All schools and colleges, for: [school, trust]}\n', '')
  assert.equal(eligibility?.field, 'entries.wellbeing-charter.eligibility')
  const [group] = await faultsOf('    group: workload\n', '')
  assert.deepEqual([group?.code, group?.field], ['pack.missing', 'entries.workload-toolkit.group'])
  const [both] = await faultsOf('    group: workload\n', '    group: workload\n    kind: additional\n')
  assert.deepEqual([both?.code, both?.field], ['pack.wrong-value', 'entries.workload-toolkit.kind'])
})

test('every other fault is named with its place: unknown keys, names and facts, doubled ids, ranges, numbers without cites', async () => {
  const cases: readonly (readonly [from: string, to: string, code: string, field: string])[] = [
    [
      '    leads: [workload-staffing]',
      '    leeds: [workload-staffing]',
      'pack.unknown-key',
      'entries.workload-toolkit.leeds',
    ],
    [
      '    leads: [workload-staffing]',
      '    leads: [paperwork]',
      'pack.unknown-name',
      'entries.workload-toolkit.leads.0',
    ],
    ['group: workload\n', 'group: worklode\n', 'pack.unknown-name', 'entries.workload-toolkit.group'],
    ['local: music-hub', 'local: drum-hub', 'pack.unknown-name', 'entries.music-hubs.access.local'],
    [
      'calculators: [science-subsidy]',
      'calculators: [abacus]',
      'pack.unknown-name',
      'entries.science-subsidies.calculators.0',
    ],
    ['      when: post16\n', '      when: postSixteen\n', 'condition.faulty', 'entries.tuition-fund.eligibility.when'],
    ['      when: post16\n', '      when: pupils\n', 'condition.wrong-type', 'entries.tuition-fund.eligibility.when'],
    ['  - id: music-hubs', '  - id: npqh', 'pack.double-id', 'entries.npq.parts.npqh.id'],
    [
      'days: {min: 12, max: 20}',
      'days: {min: 12, max: 10}',
      'pack.wrong-order',
      'entries.behaviour-hubs.pathways.core.days.max',
    ],
    [
      'month: 2023-10}, {name: February',
      'month: 2023-13}, {name: February',
      'pack.wrong-value',
      'entries.npq.cohorts.0.month',
    ],
  ]
  for (const [from, to, code, field] of cases) {
    const faults = await faultsOf(from, to)
    assert.ok(
      faults.some((fault) => fault.code === code && fault.field === field && fault.line > 1),
      `${from} -> ${to}: ${JSON.stringify(faults)}`,
    )
  }
})

test('a resource without a link, or with one that leads nowhere, is a warning and no fault', async () => {
  const link = ', link: "https://www.gov.uk/guidance/access-your-school-attendance-data"'
  for (const changed of ['', ', link: on the intranet'])
    await withChange(link, changed, async (folder) => {
      assert.deepEqual(await checkPackDirectory(folder), [])
      const [warning] = await findPackWarnings(folder)
      assert.deepEqual([warning?.code, warning?.field], ['pack.no-link', 'resources.attendance-report'])
    })
})
