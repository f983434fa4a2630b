import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a test result depends on. `docs/` is left out: words about the service prove nothing and break nothing. */
const SOURCES = ['{src,packs,db,e2e,world,tools}/**/*', 'package.json', 'package-lock.json']

/**
 * One SHA-256 (hex) over path and content of every source file under `root`, tracked or not. It walks the folders and does
 * not ask git, so that an unpacked archive without a repository gives the same answer.
 */
export function sourceFingerprint(root: string): string {
  const hash = createHash('sha256')
  for (const path of listSourceFiles(root)) {
    const content = readFileSync(join(root, path))
    hash.update(`${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

function listSourceFiles(root: string): string[] {
  const isLeftOut = (name: string) => name === 'node_modules' || name.startsWith('.')
  return globSync(SOURCES, { cwd: root, withFileTypes: true, exclude: (entry) => isLeftOut(entry.name) })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}
