import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartRefusal } from './start-refusal.ts'

/** What `postmaster.pid` tells of the server on a cluster; the file is there from start to stop, and after a kill. */
export type Postmaster = { readonly pid: number; readonly socketDir: string | undefined }

/** The server that a cluster names as its own, running or not. Throws StartRefusal `database.folder` when not ours to read. */
export function findPostmaster(cluster: string): Postmaster | undefined {
  // Lines: process, folder, start, port, socket folder, … (PostgreSQL source, miscadmin.h).
  const lines = findLines(join(cluster, 'postmaster.pid'))
  const pid = Number(lines?.[0])
  return pid > 0 ? { pid, socketDir: lines?.[4]?.trim() || undefined } : undefined
}

function findLines(file: string): string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new StartRefusal('database.folder', `${file} belongs to another user, who has to start the database.`, {
      cause: error,
    })
  }
}

/** Whether a process runs under this number. A zombie, waiting only for its parent, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, but not ours.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return !findState(pid).startsWith('Z')
}

function findState(pid: number): string {
  try {
    if (process.platform === 'linux') return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? ''
    return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

/** Whether the process is a PostgreSQL server and not a stranger who got the same number later. */
export function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return false
  try {
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'latin1')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes('postgres')
  } catch {
    return false
  }
}

/**
 * Removes the locks of a server that is gone, in the cluster and beside its socket. PostgreSQL does that itself unless the
 * number in them lives on as a zombie (a container without an init) or in a stranger. Its lock on shared memory, which
 * ends with the last process of a server, still keeps two servers apart.
 */
export function removeStaleLocks(cluster: string, socketDir: string): void {
  for (const file of [join(cluster, 'postmaster.pid'), join(socketDir, '.s.PGSQL.5432.lock')]) {
    const pid = findLines(file)?.[0]
    if (pid !== undefined && !isPostgres(Number(pid))) rmSync(file, { force: true })
  }
}

/** Ends a server in order ("fast": sessions are ended, everything is written) and waits until it is gone. */
export async function stopPostmaster(cluster: string, { withinMs = 60_000 } = {}): Promise<void> {
  const postmaster = findPostmaster(cluster)
  if (!postmaster || !isPostgres(postmaster.pid)) return
  process.kill(postmaster.pid, 'SIGINT')
  const deadline = Date.now() + withinMs
  while (isAlive(postmaster.pid) && findPostmaster(cluster)?.pid === postmaster.pid) {
    if (Date.now() > deadline) throw new Error(`The database server (process ${postmaster.pid}) did not stop in time`)
    await sleep(10)
  }
}
