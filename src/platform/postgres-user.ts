import { spawnSync } from 'node:child_process'
import { chownSync, lchownSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StartRefusal } from './start-refusal.ts'

/**
 * How a PostgreSQL program is run here: `prefix` goes before the command line, `uid` and `gid` are what it changes to
 * (absent: stay who we are), and `owner` is who must own its files.
 */
export type PostgresUser = {
  readonly prefix: readonly string[]
  readonly uid?: number
  readonly gid?: number
  readonly owner: { readonly uid: number; readonly gid: number }
}

type Ids = { readonly uid: number; readonly gid: number }

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it as itself. Root runs it as the owner of an existing cluster,
 * else as `nobody`; and where that user cannot reach the folders or the program (a private home), in a user namespace in
 * which root has another number. Throws StartRefusal `database.root` when none of these works.
 */
export function choosePostgresUser(program: string, folders: readonly string[], cluster: string): PostgresUser {
  const self = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 }
  if (self.uid !== 0) return { prefix: [], owner: self }

  const nobody = findNobody()
  const owner = findOwner(cluster)
  for (const ids of owner && owner.uid !== 0 ? [owner, nobody] : [nobody])
    if (canRun(program, folders, ids)) return { prefix: [], ...ids, owner: ids }

  const prefix = ['unshare', '--user', `--map-user=${nobody.uid}`, '--']
  if (spawnSync('unshare', [...prefix.slice(1), program, '--version'], { stdio: 'ignore' }).status === 0)
    return { prefix, owner: self }

  throw new StartRefusal(
    'database.root',
    `PostgreSQL does not run as root, and the user "nobody" cannot reach ${folders.join(' and ')}. Start as an ordinary user, choose a data folder that "nobody" can reach, or set DATABASE_URL.`,
  )
}

/** Gives a folder and all in it to its user; does nothing when the folder is that user's already. */
export function giveTo(user: PostgresUser, folder: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = user.owner
  if (statSync(folder).uid === uid) return
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(folder, name), uid, gid)
  // The folder comes last: a kill in between leaves the wrong owner on it, and the next start does the rest.
  chownSync(folder, uid, gid)
}

function canRun(program: string, folders: readonly string[], ids: Ids): boolean {
  // cd in a shell, because `cwd` would be entered before the user changes.
  const script = 'program=$1; shift; for folder; do cd "$folder" || exit 1; done; "$program" --version'
  return spawnSync('/bin/sh', ['-c', script, 'sh', program, ...folders], { ...ids, stdio: 'ignore' }).status === 0
}

function findOwner(folder: string): Ids | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat && { uid: stat.uid, gid: stat.gid }
}

function findNobody(): Ids {
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return line ? { uid: Number(line[1]), gid: Number(line[2]) } : { uid: 65_534, gid: 65_534 }
}
