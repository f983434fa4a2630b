import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { stopEmbedded } from '../src/platform/embedded-postgres.ts'
import { killInBackup, killInMigration, killInRounds, prepareSmallFolder } from '../tools/kill/rounds.ts'

// A short run of `npm run kill`: what it proves is told by what it throws.
const folder = mkdtempSync(join(tmpdir(), 'alongside-kill-'))
const [rounds, made, restored] = [join(folder, 'rounds'), join(folder, 'made'), join(folder, 'restored')]

after(async () => {
  for (const one of [rounds, made, restored]) await stopEmbedded(one)
  rmSync(folder, { recursive: true, force: true })
})

test('nothing that was acknowledged is lost when service, database or both are killed', async (t) => {
  await prepareSmallFolder(rounds)
  await killInRounds(rounds, 3, (line) => t.diagnostic(line))
  await killInBackup(rounds, restored, (line) => t.diagnostic(line))
})

test('a start that was killed while it made the database is made good by the next', async (t) => {
  await killInMigration(made, (line) => t.diagnostic(line))
})
