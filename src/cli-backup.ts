import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { allChecks, version } from './app.ts'
import type { CommandResult } from './cli.ts'
import { refused, withDatabase, withRegister } from './cli-data.ts'
import type { Run } from './cli-serve.ts'
import { formatAuditReport, verifyAudit } from './platform/audit-verify.ts'
import { backup } from './platform/backup.ts'
import { systemClock } from './platform/clock.ts'
import { readConfig } from './platform/config.ts'
import { openDatabase } from './platform/db.ts'
import { restore } from './platform/restore.ts'
import { holdServiceLock } from './platform/service-lock.ts'
import { type Verified, verify } from './platform/verify.ts'
import { countOf, thousands } from './platform/words.ts'

type VerifyFlags = { json?: boolean; head?: string }

/** Commands that keep the data: everything out, everything in, and whether it holds together. */
export function addBackupCommands(program: Command, run: Run): void {
  program
    .command('backup')
    .description('write the whole data into one file, as at one moment; the service may run')
    .argument('<file>')
    .action((file: string) => run(() => backupCommand(file))())
  program
    .command('restore')
    .description('take a backup into an empty data folder or database; older releases are brought up to date')
    .argument('<file>')
    .action((file: string) => run(() => restoreCommand(file))())
  program
    .command('verify')
    .description('check that what is worked out agrees with the facts it rests on')
    .option('--json', 'the checks as JSON')
    .option('--head <digest>', 'a head of the audit noted earlier, which must still be in its chain')
    .action((flags: VerifyFlags) => run(() => verifyCommand(flags))())
  program
    .command('upgrade')
    .description('how data of another PostgreSQL major come into this release')
    .action(() => run(async () => upgradeCommand())())
}

/** An empty folder gets the shipped register first, and a first load that is under way is waited for. */
function backupCommand(file: string): Promise<CommandResult> {
  return withRegister(async (database) => {
    const path = resolve(file)
    const { dataDir } = readConfig(process.env)
    const manifest = await backup(database, { file: path, version, now: systemClock.now(), dataDir })
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    const { size } = await stat(path)
    return {
      exitCode: 0,
      stdout: `Backed up ${thousands(rows)} rows of ${countOf(manifest.tables.length, 'table')} to ${path} (${thousands(Math.ceil(size / 1024))} KiB).`,
    }
  })
}

async function restoreCommand(file: string): Promise<CommandResult> {
  const config = readConfig(process.env)
  const database = await openDatabase(config, { migrate: false })
  try {
    const lock = await holdServiceLock(database.pool)
    const restored = await restore(database, { file: resolve(file), dataDir: config.dataDir })
    await lock.release()
    if (!restored.ok) return refused(restored.refusals)
    const { takenAt, product, tables } = restored.value
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    return {
      exitCode: 0,
      stdout: `Restored ${thousands(rows)} rows of ${countOf(tables.length, 'table')}, backed up ${takenAt} by release ${product}. Run verify next.`,
    }
  } finally {
    await database.close()
  }
}

function verifyCommand(flags: VerifyFlags): Promise<CommandResult> {
  return withDatabase(async (database) => {
    const audit = await verifyAudit(database, { knownHead: flags.head })
    const results: Verified[] = [
      ...(await verify(database, allChecks)),
      { name: 'the audit is whole and in order', faults: audit.faults.map(({ message }) => message) },
    ]
    const failed = results.filter(({ faults }) => faults.length > 0)
    const exitCode = failed.length > 0 ? 1 : 0
    if (flags.json) return { exitCode, stdout: JSON.stringify({ checks: results, audit }, null, 2) }
    const passed = results.filter(({ faults }) => faults.length === 0).map(({ name }) => `holds: ${name}`)
    const wrong = failed.flatMap(({ name, faults }) => [`FAILS: ${name}`, ...faults.map((fault) => `  ${fault}`)])
    return {
      exitCode,
      stdout: [...passed, formatAuditReport(audit)].join('\n'),
      ...(wrong.length > 0 && { stderr: wrong.join('\n') }),
    }
  })
}

/** The old binaries are not shipped, so nothing can be converted in place; a backup carries the data across. */
function upgradeCommand(): CommandResult {
  return refused([
    {
      code: 'upgrade.by-backup',
      message:
        'This release cannot read data files of another PostgreSQL major. With the release that wrote them, run "backup FILE"; then, with this release and a new data folder (ALONGSIDE_DATA), run "restore FILE" and "verify". Keep the old folder until then. On the same major nothing is needed: migrations run at start.',
    },
  ])
}
