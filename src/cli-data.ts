import type { CommandResult } from './cli.ts'
import { readConfig } from './platform/config.ts'
import { type Database, openDatabase } from './platform/db.ts'
import type { Refusal } from './platform/decision.ts'
import { withoutKeepingChanges } from './platform/demonstration-register.ts'
import { loadShippedRegister, registerIsLoaded } from './register/index.ts'

/** Opens the data folder's database for one command: joins a running server or starts one for the run. */
export async function withDatabase(work: (database: Database) => Promise<CommandResult>): Promise<CommandResult> {
  const database = await openDatabase(readConfig(process.env))
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** As above for commands that need the register: an empty folder gets the shipped one first. */
export function withRegister(work: (database: Database) => Promise<CommandResult>): Promise<CommandResult> {
  return withDatabase(async (database) => {
    if (!(await registerIsLoaded(database.db))) {
      process.stderr.write('Loading the shipped register first …\n')
      await withoutKeepingChanges(database.db, () => loadShippedRegister(database, { onProgress: () => undefined }))
    }
    return work(database)
  })
}

export function refused(refusals: readonly Refusal[]): CommandResult {
  return { exitCode: 1, stderr: JSON.stringify(refusals, null, 2) }
}
