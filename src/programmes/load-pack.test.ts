import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { checkPackDirectory, findPack, findPackFaults, loadPack, loadPacks, parsePack } from './load-pack.ts'
import type { Pack } from './pack-schema.ts'

const FOLDER = 'packs/tsi/2023-24'
const shipped = await readFile(`${FOLDER}/pack.yaml`, 'utf8')
/** The shipped pack with one thing changed; a change that finds nothing to change is a broken test. */
function changed(from: string, to: string): string {
  assert.ok(shipped.includes(from), `the pack no longer holds: ${from}`)
  return shipped.replace(from, to)
}
const codes = (text: string) => findPackFaults('pack.yaml', text).map((fault) => fault.code)
const firstFault = (text: string) => {
  const [fault] = findPackFaults('pack.yaml', text)
  assert.ok(fault)
  return fault
}
async function getPack(): Promise<Pack> {
  const decision = await loadPack(FOLDER)
  assert.ok(decision.ok, JSON.stringify(decision))
  return decision.value
}

test('the shipped packs load whole', async () => {
  assert.deepEqual(await checkPackDirectory(FOLDER), [])
  const pack = await getPack()
  assert.equal(pack.version, '1.0')
  assert.equal(pack['focus-areas']?.areas.length, 12)
  assert.equal(pack.entitlements?.support?.rate, 600)
  assert.ok((await loadPacks('packs')).ok)
})

test('a name that looks like a number keeps its letters', () => {
  const decision = parsePack(
    'pack.yaml',
    changed('version: "1.0"', 'version: 1.0').replaceAll('edition: 2023-24', 'edition: 2023'),
  )
  assert.ok(decision.ok)
  assert.deepEqual([decision.value.version, decision.value.edition], ['1.0', '2023'])
})

for (const line of [
  'programme: tsi\n',
  'title: Trust and school improvement offer\n',
  'version: "1.0"\n',
  'issued: 2023-10\n',
])
  test(`a pack without its ${line.split(':')[0]} is refused with that field named`, () => {
    const fault = firstFault(changed(line, ''))
    assert.equal(fault.code, 'pack.missing')
    assert.equal(fault.field, line.split(':')[0])
    assert.match(fault.message, /^pack\.yaml:\d+:\d+: \S+ is missing$/)
  })

test('a pack without its academic year is refused with that field named', () => {
  const fault = firstFault(changed('academic-year: {name', 'academic-yeer: {name'))
  assert.equal(fault.field, 'academic-year')
})

test('every fault is told at once, each with its line and column', () => {
  const text = changed('step: 0.5', 'stepp: 0.5')
    .replace('to: 2024-08-31', 'to: 2024-08-32')
    .replace('granted-by: head', 'granted-by: porter')
  const faults = findPackFaults('pack.yaml', text)
  assert.deepEqual(
    faults.map((fault) => [fault.code, fault.field]),
    [
      ['pack.wrong-value', 'academic-year.to'],
      ['pack.unknown-role', 'roles.school-staff.granted-by'],
      ['pack.missing', 'entitlements.support.step'],
      ['pack.unknown-key', 'entitlements.support.stepp'],
    ],
  )
  const misspelt = faults.find((fault) => fault.code === 'pack.unknown-key')
  const line = text.split('\n').findIndex((words) => words.includes('stepp')) + 1
  assert.ok(misspelt?.message.startsWith(`pack.yaml:${line}:5: `))
})

test('a faulty condition is told with the place of the fault in the file', () => {
  const text = changed('runOf(graded, 3) >= consecutive && inYear', 'runOf(graded, 3) >= consecutve && inYear')
  const fault = firstFault(text)
  assert.equal(fault.code, 'condition.faulty')
  assert.equal(text.split('\n')[fault.line - 1]?.slice(fault.column - 1, fault.column + 9), 'consecutve')
})

test('conditions must parse, give yes or no, and stay short; words in braces are conditions too', () => {
  const good = '"runOf(graded, 3) >= consecutive && inYear(graded[0].date)"'
  assert.deepEqual(codes(changed(good, '"runOf(graded, "')), ['condition.faulty'])
  assert.deepEqual(codes(changed(good, '"runOf(graded, 3)"')), ['condition.wrong-type'])
  assert.deepEqual(codes(changed(good, `"${'true || '.repeat(30)}true"`)), ['condition.too-long'])
  assert.deepEqual(codes(changed('the latest in {year}', 'the latest in {yeer}')), ['condition.faulty'])
})

test('numbers and roles without a source, doubled ids and unknown top keys are refused', () => {
  assert.deepEqual(
    codes(
      changed('    rate: 600\n    all-in: true\n    cites: [TSI-001, TSI-055, TSI-130, TSI-141]\n', '    rate: 600\n'),
    ).slice(0, 2),
    ['pack.missing', 'pack.no-cites'],
  )
  assert.deepEqual(codes(changed('- id: inadequate', '- id: consecutive-ri')), ['pack.double-id', 'pack.unknown-row'])
  assert.deepEqual(codes(`${shipped}\nflows: {}\n`), ['pack.not-run-yet'])
  assert.deepEqual(codes(`${shipped}\nstyle: {}\n`), ['pack.unknown-key'])
})

test('keys that some readers take for true or false are refused', () => {
  assert.deepEqual(codes(changed('words:\n', 'words:\n  on: Running.\n')), ['pack.boolean-key'])
  assert.deepEqual(codes(changed('words:\n', 'words:\n  "on": Running.\n')), [])
})

test('broken YAML and a doubled key are told with their place', () => {
  assert.equal(firstFault(changed('hit: any', 'hit: [any')).code, 'pack.syntax')
  assert.ok(codes(changed('hit: any', 'hit: any\n  hit: any')).includes('pack.double-key'))
})

test('terms may neither overlap nor leave the year, and a table of priorities names its gap', () => {
  assert.deepEqual(codes(changed('from: 2024-01-08', 'from: 2023-12-08')), ['pack.wrong-order'])
  assert.deepEqual(codes(changed('to: 2024-07-23', 'to: 2024-09-23')), ['pack.wrong-order'])
  assert.deepEqual(codes(changed('hit: any', 'hit: priority')), ['pack.gap'])
})

test('an empty folder is refused with the file that was looked for', async () => {
  const decision = await loadPack('packs')
  assert.ok(!decision.ok)
  assert.equal(decision.refusals[0]?.code, 'pack.no-file')
  assert.match(decision.refusals[0]?.message ?? '', /^packs\/pack\.yaml:1:1: /)
})

test('a programme without edition means its newest edition', async () => {
  const pack = await getPack()
  const later = {
    ...pack,
    edition: '2024-25',
    'academic-year': { ...pack['academic-year'], from: '2024-09-01', to: '2025-08-31' },
  }
  const mended = { ...pack, version: '1.10' }
  assert.equal(findPack('tsi', [pack, later])?.edition, '2024-25')
  assert.equal(findPack('tsi@2023-24', [pack, later])?.edition, '2023-24')
  assert.equal(findPack('tsi@2023-24', [{ ...pack, version: '1.9' }, mended])?.version, '1.10')
  assert.equal(findPack('gtg', [pack]), undefined)
})
