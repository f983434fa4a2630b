// `npm run kill -- [--rounds 20]`: kills the service, its PostgreSQL and both while another process writes, and looks whether
// anything that was acknowledged is lost. Then once each in the making of the database, the first load, a nightly import, and a backup.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stopEmbedded } from '../src/platform/embedded-postgres.ts'
import { killInNightlyImport } from './kill/nightly.ts'
import { killInBackup, killInFirstImport, killInMigration, killInRounds, prepareSmallFolder } from './kill/rounds.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } })
const folder = mkdtempSync(join(tmpdir(), 'alongside-kill-'))
const folders = ['rounds', 'made', 'first', 'restored'].map((name) => join(folder, name))
const [rounds = '', made = '', first = '', restored = ''] = folders
const tell = (line: string) => process.stdout.write(`${line}\n`)

try {
  await prepareSmallFolder(rounds)
  const acknowledged = await killInRounds(rounds, Number(values.rounds), tell)
  await killInMigration(made, tell)
  await killInBackup(rounds, restored, tell)
  await killInNightlyImport(rounds, tell)
  await killInFirstImport(first, tell)
  tell(`Nothing lost: ${acknowledged} acknowledged changes over ${values.rounds} rounds.`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  for (const one of folders) await stopEmbedded(one).catch(() => undefined)
  rmSync(folder, { recursive: true, force: true })
}
