import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../src/platform/db.ts'
import { schoolsFile } from '../../world/night-folder.ts'
import type { Tell } from './rounds.ts'
import { createVictim, runCommand } from './victim.ts'

const SCHOOLS = 30_000
const TRIES = 3

/**
 * The import of a night killed in its midst, the process alone or with its database: the file is in whole or not at all, and
 * `verify` passes; the next night takes it in. Throws with what was half done.
 */
export async function killInNightlyImport(dataDir: string, tell: Tell): Promise<void> {
  const folder = join(dataDir, 'kill-register')
  mkdirSync(folder, { recursive: true })
  const schools = Array.from({ length: SCHOOLS }, (_, place) => ({ urn: 910_000 + place }))
  writeFileSync(join(folder, 'edubasealldata20240115.csv'), schoolsFile(schools))
  const env = { ALONGSIDE_REGISTER_FOLDER: folder }
  let cut = 0
  for (let turn = 0; turn < TRIES; turn += 1) {
    const killed = await runCommand(dataDir, ['register', 'nightly'], {
      killAfterMs: 1_500 + Math.random() * 3_500,
      env,
    })
    if (turn % 2 === 1) (await createVictim(dataDir)).killDatabase()
    if (killed.code === null) cut += 1
    const held = await countTaken(dataDir)
    if (held !== 0 && held !== SCHOOLS) throw new Error(`The import of a night left ${held} of ${SCHOOLS} schools`)
    await expectDone(dataDir, ['verify'])
  }
  await expectDone(dataDir, ['register', 'nightly'], env)
  const held = await countTaken(dataDir)
  if (held !== SCHOOLS) throw new Error(`The night after the kills took in ${held} of ${SCHOOLS} schools`)
  await expectDone(dataDir, ['verify'])
  tell(
    `killed ${cut} times while a night was taken in: all or nothing of its file, verify passes, the next night is whole`,
  )
}

async function countTaken(dataDir: string): Promise<number> {
  const database = await openDatabase({ dataDir, databaseUrl: undefined }, { migrate: false })
  try {
    const { rows } = await database.pool.query<{ held: number }>(
      'select count(*)::int as held from establishment where urn >= 910000',
    )
    return rows[0]?.held ?? 0
  } finally {
    await database.close()
  }
}

async function expectDone(dataDir: string, words: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const { code, said } = await runCommand(dataDir, words, { env })
  if (code !== 0) throw new Error(`${words.join(' ')}: ${said}`)
}
