import { linesOf, runTool } from './run-tool.ts'
import type { Finding } from './sources.ts'

/** The compiler's own errors, over everything that `tsconfig.json` includes. */
export async function checkTypes(root: string): Promise<Finding> {
  const { exitCode, stdout, stderr } = await runTool(root, 'tsc', [
    '--noEmit',
    '-p',
    '.',
    '--pretty',
    'false',
    '--diagnostics',
  ])
  const isFigure = (line: string) => /^[A-Z][\w /]+: +[\d.]+[sK]?$/.test(line)
  const lines = linesOf(stdout + stderr)
  const files = /^Files: +(\d+)$/m.exec(stdout)?.[1] ?? '0'
  const problems = exitCode === 0 ? [] : lines.filter((line) => !isFigure(line))
  if (exitCode !== 0 && problems.length === 0) problems.push(`tsc ended with status ${exitCode}`)
  return { problems, note: `${files} files` }
}
