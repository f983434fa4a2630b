import { linesOf, runTool } from './run-tool.ts'
import type { Finding } from './sources.ts'

/** Lint, format and import order by biome; `biome.json` holds the rules, function length and complexity among them. */
export async function checkStyle(root: string): Promise<Finding> {
  const args = ['check', '--reporter=github', '--max-diagnostics=200', '--error-on-warnings', '.']
  const { exitCode, stdout, stderr } = await runTool(root, 'biome', args)
  const note = /Checked \d+ files/.exec(stdout + stderr)?.[0] ?? 'checked no file'
  if (exitCode === 0) return { problems: note === 'checked no file' ? [note] : [], note }
  const found = linesOf(stdout).flatMap(readAnnotation)
  return { problems: found.length > 0 ? found : linesOf(stdout + stderr), note }
}

function readAnnotation(line: string): string[] {
  const parts = /^::(?:error|warning|notice) title=(.*?),file=(.*?),line=(\d+).*?::(.*)$/.exec(line)
  return parts ? [`${parts[2]}:${parts[3]} ${parts[1]}: ${parts[4]}`] : []
}
