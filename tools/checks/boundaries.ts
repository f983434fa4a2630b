import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { runTool } from './run-tool.ts'
import type { Finding } from './sources.ts'

const CruiseReport = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        rule: z.object({ name: z.string() }),
        cycle: z.array(z.object({ name: z.string() })).optional(),
        via: z.array(z.object({ name: z.string() })).optional(),
      }),
    ),
  }),
})

const FOLDERS = ['src', 'world', 'e2e', 'tools']

/**
 * Import cycles and the direction of imports, by the rules in `.dependency-cruiser.mjs`. Cruising nothing is a problem: with a
 * compiler it does not know, dependency-cruiser sees no TypeScript and is content.
 */
export async function checkBoundaries(root: string): Promise<Finding> {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders]
  const { stdout, stderr } = await runTool(root, 'depcruise', args)
  if (!stdout.trimStart().startsWith('{'))
    return { problems: [stderr.trim() || stdout.trim() || 'depcruise printed nothing'] }
  const { totalCruised, violations } = CruiseReport.parse(JSON.parse(stdout)).summary
  const problems = violations.map(({ from, to, rule, cycle, via }) => {
    const way = (cycle ?? via)?.map(({ name }) => name).join(' -> ') ?? to
    return `${from} -> ${way} (${rule.name})`
  })
  if (totalCruised === 0) problems.push('no module was cruised')
  return { problems, note: `${totalCruised} modules` }
}
