import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, test } from 'node:test'
import { findProcessFaults } from './check-process.ts'
import { checkPackDirectory } from './load-pack.ts'
import { readSource } from './pack-source.ts'

const PACKS = ['tsi/2023-24', 'gtg/2023', 'lle/2017', 'lln/2026-27'] as const
type PackName = (typeof PACKS)[number]

/** A shipped pack with one thing of its process (or pack) changed: which codes, and on which line the change stands. */
async function faultsOf(name: PackName, from: string, to: string, file: 'process.yaml' | 'pack.yaml' = 'process.yaml') {
  const read = (one: string) => readFile(`packs/${name}/${one}`, 'utf8')
  const texts = { 'process.yaml': await read('process.yaml'), 'pack.yaml': await read('pack.yaml') }
  assert.ok(texts[file].includes(from), `${name}/${file} no longer holds: ${from}`)
  const line = texts[file].slice(0, texts[file].indexOf(from)).split('\n').length
  const changed = { ...texts, [file]: texts[file].replace(from, to) }
  const source = (one: 'process.yaml' | 'pack.yaml') => readSource(one, changed[one])
  return { line, faults: findProcessFaults(source('process.yaml'), source('pack.yaml')) }
}

test('all shipped packs pass their check', async () => {
  for (const name of PACKS) assert.deepEqual(await checkPackDirectory(`packs/${name}`), [], name)
})

/** One name each that leads nowhere: where it stands, what stands there instead, and what is told. */
const WRONG_NAMES: readonly (readonly [PackName, string, string, string, RegExp])[] = [
  [
    'gtg/2023',
    '{row: graded-inadequate, level: intensive-b',
    '{row: graded-x, level: intensive-b',
    'pack.unknown-row',
    /the row graded-x,/,
  ],
  [
    'gtg/2023',
    'row: self-improving, level: core',
    'row: self-improving, level: cor',
    'pack.unknown-level',
    /the level cor,/,
  ],
  [
    'gtg/2023',
    'of: [focused]',
    'of: [focusd]',
    'pack.unknown-level',
    /variants.around-school.of.0 names the level focusd/,
  ],
  ['tsi/2023-24', 'reads: [rg, rdp, auditor]', 'reads: [rg, school]', 'pack.unknown-party', /the party school,/],
  [
    'tsi/2023-24',
    'reads: [rg, rdp, auditor]',
    'reads: [sl, rdp]',
    'pack.owner-cannot-read',
    /leaves out rg, who enters/,
  ],
  ['gtg/2023', 'set-by: [seniors]', 'set-by: [elders]', 'pack.unknown-party', /the party elders,/],
  ['gtg/2023', 'proposed-by: [adviser]', 'proposed-by: [nobody]', 'pack.unknown-party', /the party nobody,/],
  ['lle/2017', 'confirmed-by: [local-leader]', 'confirmed-by: [leader]', 'pack.unknown-party', /the party leader,/],
  [
    'gtg/2023',
    'event: inspection, row: graded-inadequate',
    'event: inspection, row: graded-x',
    'pack.unknown-row',
    /triggers.inspected-inadequate.row/,
  ],
  [
    'gtg/2023',
    'judge: support-level, flow: level-decision}, tell: [adviser, seniors], cites: [GTG-031',
    'judge: level, flow: level-decision}, tell: [adviser, seniors], cites: [GTG-031',
    'pack.unknown-standing',
    /opens.judge names the standing level,/,
  ],
  [
    'gtg/2023',
    'opens: {flow: single-plan}',
    'opens: {flow: plan}',
    'pack.unknown-flow',
    /opens.flow names the flow plan,/,
  ],
  [
    'gtg/2023',
    'opens: {duty: judge-risk}',
    'opens: {duty: judge}',
    'pack.unknown-duty',
    /opens.duty names the duty judge,/,
  ],
  [
    'gtg/2023',
    'standing: support-level, level: enhanced, opens',
    'standing: support-level, level: enhancd, opens',
    'pack.unknown-level',
    /triggers.level-begins.level/,
  ],
  [
    'lle/2017',
    'set: {standing: designation, variant',
    'set: {standing: designatn, variant',
    'pack.unknown-standing',
    /opens.set.standing names the standing designatn,/,
  ],
  [
    'lle/2017',
    'variant: under-review}',
    'variant: reviewed}',
    'pack.unknown-variant',
    /opens.set.variant names the variant reviewed,/,
  ],
  ['lln/2026-27', 'log: outreach-log', 'log: outreach', 'pack.unknown-log', /the log outreach,/],
  [
    'gtg/2023',
    'while: {standing: support-level, at-least: focused}',
    'while: {standing: level, at-least: focused}',
    'pack.unknown-standing',
    /duties.tracking-visit.while.standing/,
  ],
  [
    'gtg/2023',
    'while: {standing: support-level, at-least: focused}',
    'while: {standing: support-level, at-least: focusd}',
    'pack.unknown-level',
    /while.at-least names the level focusd,/,
  ],
  ['gtg/2023', 'is: [enhanced]', 'is: [enhancd]', 'pack.unknown-level', /while.is.0 names the level enhancd,/],
  [
    'gtg/2023',
    'is: [focused], variant: around-school',
    'is: [focused], variant: around',
    'pack.unknown-variant',
    /while.variant names the variant around,/,
  ],
  [
    'gtg/2023',
    'while: {flow: single-plan}',
    'while: {flow: plan}',
    'pack.unknown-flow',
    /while.flow names the flow plan,/,
  ],
  ['gtg/2023', 'of: tag-meeting', 'of: tag', 'pack.unknown-duty', /clock.of names the duty tag,/],
  [
    'gtg/2023',
    'document: categorisation',
    'document: category',
    'pack.unknown-document',
    /steps.judge-indicators.document/,
  ],
  ['gtg/2023', 'report: review-report', 'report: review', 'pack.unknown-document', /duties.optional-review.report/],
  [
    'gtg/2023',
    'reads: [adviser, phase-leads, seniors]',
    'reads: [adviser, phases]',
    'pack.unknown-party',
    /the party phases,/,
  ],
  [
    'gtg/2023',
    'do: [start-child level-after-concern]',
    'do: [start-child level]',
    'pack.unknown-child',
    /the child level,/,
  ],
  [
    'gtg/2023',
    'do: [set-standing support-level], next: [level-letter], tell: [adviser, school-head]}\n          another',
    'do: [set-standing level], next: [level-letter], tell: [adviser, school-head]}\n          another',
    'pack.unknown-standing',
    /the standing level,/,
  ],
  [
    'lle/2017',
    'set-standing designation withdrawn',
    'set-standing designation gone',
    'pack.unknown-level',
    /the level gone,/,
  ],
  [
    'lle/2017',
    'do: [set-standing association-tie associated]',
    'do: [set-standing tie associated]',
    'pack.unknown-standing',
    /the standing tie,/,
  ],
  [
    'lle/2017',
    'do: [set-standing association-tie associated]',
    'do: [set-standing tie associated]',
    'pack.unknown-standing',
    /the standing tie,/,
  ],
  ['gtg/2023', 'uses: adviser-hours', 'uses: hours', 'pack.unknown-entitlement', /the entitlement hours,/],
  ['gtg/2023', 'counts: logged', 'counts: done', 'pack.unknown-state', /logs.hours-log.counts names the state done,/],
  [
    'gtg/2023',
    'moves: {logged: [adviser]',
    'moves: {noted: [adviser]',
    'pack.unknown-state',
    /moves.noted names the state noted,/,
  ],
  [
    'lln/2026-27',
    'clock: {window: term 5',
    'clock: {window: term 7',
    'pack.unknown-term',
    /a term of a year that has 6/,
  ],
]

describe('A name that leads nowhere is refused with its line', () => {
  for (const [name, from, to, code, words] of WRONG_NAMES)
    it(`${name}: ${to.slice(0, 60)}`, async () => {
      const { line, faults } = await faultsOf(name, from, to)
      assert.deepEqual(
        faults.map((fault) => [fault.code, fault.line]),
        [[code, line]],
      )
      assert.match(faults[0]?.message ?? '', words)
      assert.match(faults[0]?.message ?? '', /^process\.yaml:\d+:\d+: /)
    })

  it('an entitlement of the pack.yaml differs by levels of a standing that is there', async () => {
    for (const [from, to, code] of [
      ['      standing: support-level', '      standing: level', 'pack.unknown-standing'],
      ['        enhanced: {per', '        enhancd: {per', 'pack.unknown-level'],
    ] as const) {
      const { line, faults } = await faultsOf('gtg/2023', from, to, 'pack.yaml')
      assert.deepEqual(
        faults.map((fault) => [fault.code, fault.file, fault.line]),
        [[code, 'pack.yaml', line]],
      )
    }
  })
})

/** What is left out or cannot be meant: the entry of the file that the fault stands in, and what is told. */
const INCOMPLETE: readonly (readonly [PackName, string, string, string, RegExp])[] = [
  [
    'gtg/2023',
    '    attend: {must: [adviser, school-head]}\n    report: visit-report\n',
    '    report: visit-report\n',
    'duties.tracking-visit',
    /say who must come/,
  ],
  [
    'gtg/2023',
    '    document: tag-report\n    clock: {before',
    '    clock: {before',
    'duties.fill-tag-report',
    /say what is filled in/,
  ],
  ['lln/2026-27', '    document: focus-record\n', '', 'duties.next-focus', /say what is signed/],
  [
    'lle/2017',
    'kind: sign, stage: C3, owner: alliance-team, document: payment-contract,',
    'kind: sign, stage: C3, owner: alliance-team,',
    'flows.commission.steps.sign-payment',
    /say what is signed/,
  ],
  [
    'gtg/2023',
    'clock: {agreed: as often as headteacher and adviser agree, late',
    'clock: {late',
    'duties.tracking-visit',
    /never falls due/,
  ],
  ['gtg/2023', 'before: 5 days, of: tag-meeting', 'before: 5 days', 'duties.fill-tag-report', /say of which duty/],
  ['gtg/2023', '    while: {flow: single-plan}\n', '', 'duties.review-plan', /does not say of which flow/],
  [
    'gtg/2023',
    'while: {standing: support-level, is: [enhanced]}',
    'while: {standing: support-level}',
    'duties.optional-review',
    /neither a level nor a flow/,
  ],
  ['gtg/2023', 'opens: {duty: judge-risk}', 'opens: {}', 'triggers.inspected-without-grade', /opens nothing/],
  [
    'lle/2017',
    'opens: {set: {standing: designation, variant: under-review}, flow: designation-review}',
    'opens: {set: {standing: designation}}',
    'triggers.school-below-good',
    /opens nothing/,
  ],
  ['lln/2026-27', 'log: outreach-log, ', '', 'triggers.above-figure', /does not name the log/],
  [
    'gtg/2023',
    'standing: support-level, level: enhanced, opens',
    'opens',
    'triggers.level-begins',
    /does not name the standing/,
  ],
  [
    'gtg/2023',
    'event: inspection, row: graded-inadequate, ',
    'event: eligibility-change, ',
    'triggers.inspected-inadequate',
    /does not name the row/,
  ],
  [
    'lle/2017',
    'set: {standing: designation, variant: under-review}',
    'set: {standing: designation, level: withdrawn}',
    'triggers.school-below-good',
    /only a decision may let this standing go down/,
  ],
  ['gtg/2023', 'during: L1..L3', 'during: L3..L1', 'flows.level-decision.anytime.record-risk', /runs backwards/],
]

describe('What is left out is told with its place', () => {
  for (const [name, from, to, field, words] of INCOMPLETE)
    it(`${field}: ${words.source}`, async () => {
      const { faults } = await faultsOf(name, from, to)
      assert.deepEqual(
        faults.map((fault) => [fault.code, fault.field]),
        [['pack.missing', field]],
      )
      assert.match(faults[0]?.message ?? '', words)
      assert.ok((faults[0]?.line ?? 0) > 1)
    })
})

test('a day, a length or a recurrence that nobody can read is refused with its line', async () => {
  for (const [name, from, to, field] of [
    [
      'lln/2026-27',
      'clock: {window: "06-01..07-31"',
      'clock: {window: "June"',
      'duties.commissioning-plan.clock.window',
    ],
    [
      'lln/2026-27',
      'clock: {window: "09-01..09-30"',
      'clock: {window: "09-01..09-32"',
      'duties.release-needs.clock.window',
    ],
    ['lle/2017', 'clock: {by: "02-09"', 'clock: {by: soon', 'duties.give-plan-feedback.clock.by'],
    ['gtg/2023', 'clock: {every: 3 per year', 'clock: {every: now and then', 'duties.core-visit.clock.every'],
    ['gtg/2023', 'clock: {before: 5 days', 'clock: {before: a while', 'duties.fill-tag-report.clock.before'],
  ] as const) {
    const { line, faults } = await faultsOf(name, from, to)
    assert.deepEqual(
      faults.map((fault) => [fault.code, fault.field, fault.line]),
      [['pack.wrong-value', field, line]],
    )
  }
})

test('a standing without its levels, a duty without what is done and a duty for nobody are refused', async () => {
  const codes = async (from: string, to: string) =>
    (await faultsOf('gtg/2023', from, to)).faults.map(({ code }) => code)
  assert.deepEqual((await codes('    order:\n', '    levels:\n')).slice(0, 2), ['pack.missing', 'pack.unknown-key'])
  assert.deepEqual(await codes('    done: Every agreed priority and action is rated\n', ''), ['pack.missing'])
  assert.deepEqual(await codes('    per: school\n    owner: visitor\n', '    per: pupil\n    owner: visitor\n'), [
    'pack.wrong-value',
  ])
})

test('an id, a code of a fault and its line reach whoever checks a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alongside-check-'))
  try {
    await cp('packs/gtg/2023', folder, { recursive: true })
    const file = join(folder, 'process.yaml')
    await writeFile(file, (await readFile(file, 'utf8')).replace('of: tag-meeting', 'of: tag'))
    const [fault, ...others] = await checkPackDirectory(folder)
    assert.deepEqual([fault?.code, others], ['pack.unknown-duty', []])
    assert.match(
      fault?.message ?? '',
      /process\.yaml:\d+:\d+: duties\.fill-tag-report\.clock\.of names the duty tag, which is not there$/,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
