import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a check answers: each problem is one line with its place; the note is a measured figure, shown either way. */
export type Finding = { problems: string[]; note?: string }

/** The project's own files: tracked or about to be, as paths relative to `root` with `/`, and their text. */
export type Sources = { root: string; paths: readonly string[]; read(path: string): string }

/** Reads the list of files from git, which knows what is ignored. Throws where there is no repository or no file. */
export function readSources(root: string): Sources {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  // A file that was removed and not yet committed is still listed.
  const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path))).sort()
  if (paths.length === 0) throw new Error(`No file found in ${root}`)
  const texts = new Map<string, string>()
  return {
    root,
    paths,
    read(path) {
      const text = texts.get(path) ?? readFileSync(join(root, path), 'utf8')
      texts.set(path, text)
      return text
    },
  }
}

/** Sources held in memory, for trying a check on a bad example. */
export function sourcesOf(files: Record<string, string>): Sources {
  return { root: '/nowhere', paths: Object.keys(files), read: (path) => files[path] ?? '' }
}

export const isTypeScript = (path: string): boolean => path.endsWith('.ts')
export const isTest = (path: string): boolean => path.endsWith('.test.ts')
