// `npm run mutate:code [-- FILE.ts …]`: the rules of money, clocks and decisions changed one expression at a time by Stryker; a
// unit test must fail. Below 80 of 100 the command fails. Installs what it needs under tools/stryker the first time.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'tools/stryker')
const STRYKER = join(FOLDER, 'node_modules/@stryker-mutator/core/bin/stryker.js')
/** Stryker starts "node" for each test file: it must be the one that runs TypeScript. */
const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) }

if (!existsSync(STRYKER)) runOrEnd('npm', ['ci', '--ignore-scripts'], FOLDER)
const files = process.argv.slice(2)
const only = files.length > 0 ? ['--mutate', files.join(',')] : []
runOrEnd(process.execPath, [STRYKER, 'run', join(FOLDER, 'stryker.json'), ...only], ROOT)

function runOrEnd(command: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, env, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
