import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { runTool } from './run-tool.ts'
import type { Finding } from './sources.ts'

const MOST_PERCENT = 1.5

const Place = z.object({ name: z.string(), start: z.number(), end: z.number() })
const Report = z.object({
  duplicates: z.array(z.object({ firstFile: Place, secondFile: Place, tokens: z.number() })),
  statistics: z.object({ total: z.object({ sources: z.number(), percentage: z.number() }) }),
})

/** Copied code under `src/`, tests left out: at most 1.5 per cent of its lines, counted in runs of 60 tokens (`.jscpd.json`). */
export async function checkDuplication(root: string): Promise<Finding> {
  const output = await mkdtemp(join(tmpdir(), 'duplication-'))
  try {
    const run = await runTool(root, 'jscpd', [
      '--config',
      '.jscpd.json',
      '--reporters',
      'json',
      '--output',
      output,
      'src',
    ])
    const report = await readFile(join(output, 'jscpd-report.json'), 'utf8').catch(() => undefined)
    if (report === undefined) return { problems: [`jscpd gave no report: ${(run.stderr || run.stdout).trim()}`] }
    return judge(Report.parse(JSON.parse(report)))
  } finally {
    await rm(output, { recursive: true })
  }
}

function judge({ duplicates, statistics }: z.infer<typeof Report>): Finding {
  const { sources, percentage } = statistics.total
  const note = `${percentage.toFixed(2)} % of ${sources} files, ${duplicates.length} copies`
  if (sources === 0) return { problems: ['jscpd looked at no file'], note }
  if (percentage <= MOST_PERCENT) return { problems: [], note }
  const show = (place: z.infer<typeof Place>) => `${place.name}:${place.start}-${place.end}`
  return { problems: duplicates.map((copy) => `${show(copy.firstFile)} and ${show(copy.secondFile)}`), note }
}
