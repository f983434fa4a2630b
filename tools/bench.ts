import { benchEligibility, benchImport, benchMatch, benchStarts } from './bench/data.ts'
import { benchGrowth } from './bench/growth.ts'
import { benchPages } from './bench/pages.ts'

/**
 * `npm run bench`: measures on this machine and prints one JSON object; `npm run bench -- growth` only how pages stand the growth
 * of the service. Read the ratios: each compares two things of the same run. Nothing here passes or fails; the budgets stand
 * beside the figures. Takes some minutes.
 */
const started = performance.now()
const report = process.argv[2] === 'growth' ? { growth: await benchGrowth() } : await benchAll()
const seconds = Math.round((performance.now() - started) / 1000)
process.stdout.write(`${JSON.stringify({ node: process.versions.node, ...report, seconds }, null, 2)}\n`)

async function benchAll() {
  const starts = await benchStarts()
  try {
    return {
      starts: starts.figures,
      import: await benchImport(),
      eligibility: await benchEligibility(starts.dataFolder),
      match: await benchMatch(),
      pages: await benchPages(starts.dataFolder),
      growth: await benchGrowth(),
    }
  } finally {
    await starts.remove()
  }
}
