import { z } from 'zod'
import { runTool } from './run-tool.ts'
import type { Finding } from './sources.ts'

const Report = z.object({
  summary: z.object({ changed: z.number(), unchanged: z.number(), diagnosticsNotPrinted: z.number() }),
  diagnostics: z.array(
    z.object({
      message: z.string(),
      category: z.string().nullish(),
      location: z.object({ path: z.string(), start: z.object({ line: z.number() }).nullish() }).nullish(),
    }),
  ),
})

/**
 * Lint, format and import order by biome; `biome.json` holds the rules, function length and complexity among them. Its JSON
 * report is still called unstable, so a shape that is not the one above fails the check.
 */
export async function checkStyle(root: string): Promise<Finding> {
  const args = ['check', '--reporter=json', '--max-diagnostics=200', '--diagnostic-level=warn', '.']
  const { stdout, stderr } = await runTool(root, 'biome', args)
  if (!stdout.startsWith('{')) return { problems: [stderr.trim() || 'biome printed nothing'] }
  const { summary, diagnostics } = Report.parse(JSON.parse(stdout))
  const problems = diagnostics.map(({ message, category, location }) => {
    return `${location?.path}:${location?.start?.line ?? 0} ${category}: ${message}`
  })
  if (summary.diagnosticsNotPrinted > 0) problems.push(`and ${summary.diagnosticsNotPrinted} more`)
  const files = summary.changed + summary.unchanged
  if (files === 0) problems.push('biome looked at no file')
  return { problems, note: `${files} files` }
}
