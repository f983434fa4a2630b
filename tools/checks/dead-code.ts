import { linesOf, runTool } from './run-tool.ts'
import type { Finding } from './sources.ts'

/** Files, exports and dependencies that nothing reaches from `src/main.ts`, the tools and the tests (`knip.json`). */
export async function checkDeadCode(root: string): Promise<Finding> {
  const { exitCode, stdout, stderr } = await runTool(root, 'knip', ['--reporter', 'compact', '--no-progress'])
  return { problems: exitCode === 0 ? [] : linesOf(stdout + stderr) }
}
