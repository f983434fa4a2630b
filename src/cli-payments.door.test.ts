import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Command } from 'commander'
import { type CaseDesk, openCaseDesk } from '../world/case-desk.ts'
import { type CaseTeam, teamOf } from '../world/deployment-form.ts'
import type { CommandResult } from './cli.ts'
import { addPaymentCommands } from './cli-payments.ts'
import { handedIn } from './money/test-money.ts'
import { runAsMachine } from './platform/scope.ts'

let desk: CaseDesk
let team: CaseTeam
let folder: string
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  team = await teamOf(desk)
  folder = await mkdtemp(join(tmpdir(), 'alongside-payments-'))
  await handedIn(desk, team, 'C-0791', { completed: '2024-03-08', handedIn: '2024-03-18' })
})
after(async () => {
  await desk.close()
  await rm(folder, { recursive: true })
})

/** The command as it is typed, over the database of this test. */
async function payments(...words: string[]) {
  let result: CommandResult = { exitCode: 2 }
  const program = new Command('alongside').exitOverride()
  const run = (work: () => Promise<CommandResult>) => async () => {
    result = await runAsMachine(work)
  }
  addPaymentCommands(program, run, (work) => work(desk.service.cases))
  await program.parseAsync(['payment-runs', ...words], { from: 'user' })
  const read = (text: string | undefined) => (text ? JSON.parse(text) : undefined)
  return {
    exitCode: result.exitCode,
    said: read(result.stdout),
    codes: read(result.stderr)?.map(({ code }: { code: string }) => code),
  }
}

describe('Payments at the command line', () => {
  it('a run is prepared, released by a second person, sent and answered, with the refusals of page and API', async () => {
    const ours = ['--programme', 'tsi']
    assert.deepEqual((await payments('ready', ...ours)).said, { ready: [] })
    assert.deepEqual(await payments('prepare', ...ours), { exitCode: 1, said: undefined, codes: ['run.empty'] })
    await team.rdp.step('C-0791', 'review-form', { outcome: 'forward' })
    await team.rg.step('C-0791', 'process-claim', { outcome: 'approved' })
    const { ready } = (await payments('ready', ...ours)).said
    assert.deepEqual(
      ready.map((one: object) => Object.values(one).slice(0, 1)),
      [['C-0791']],
    )
    assert.match(ready[0].due, /6,000/)

    const prepared = await payments('prepare', ...ours)
    assert.deepEqual([prepared.exitCode, prepared.said.items, prepared.said.pounds], [0, 1, 6000])
    const { reference } = prepared.said
    const to = join(folder, 'payer.csv')
    assert.deepEqual((await payments('file', reference, '--to', to)).codes, ['run.not-released'])
    assert.deepEqual((await payments('release', reference)).codes, ['run.same-person'])
    assert.deepEqual((await payments('release', reference, '--as', 'rg-ne')).codes, ['person.unknown'])
    assert.deepEqual((await payments('release', 'R-9999', '--as', 'rg-pay')).codes, ['run.unknown'])
    assert.equal((await payments('release', reference, '--as', 'rg-pay')).said.status, 'released')
    assert.deepEqual((await payments('release', reference, '--as', 'rg-pay')).codes, ['run.moved-on'])
    assert.deepEqual((await payments('file', reference, '--to', to)).said, { reference, payments: 1, file: to })
    assert.match(await readFile(to, 'utf8'), /Maren Holloway,Trust account,123456,01234567,6000.00,C-0791/)
    assert.equal((await stat(to)).mode & 0o777, 0o600)
    assert.deepEqual((await payments('file', reference, '--to', to)).codes, ['file.not-written'])
    assert.deepEqual((await payments('response', reference, join(folder, 'none.csv'))).codes, ['file.missing'])

    const answer = join(folder, 'answer.csv')
    const head = 'Reference,Result,Date,Payment reference,Reason,Amount'
    await writeFile(answer, `${head}\n${reference}-7,paid,2024-03-18,B-1,,\n${reference}-1,paid,2024-03-18,B-2,,\n`)
    const { said } = await payments('response', reference, answer)
    assert.deepEqual([said.paid, said.failed, said.open], [1, 0, 0])
    assert.deepEqual(
      said.faults.map(({ line, field }: { line: number; field: string }) => [line, field]),
      [[2, 'Reference']],
    )
    const { runs } = (await payments('list', ...ours)).said
    assert.deepEqual(
      runs.map((one: { reference: string; status: string }) => [one.reference, one.status]),
      [[reference, 'done']],
    )
  })
})
