import { benchEligibility, benchImport, benchMatch, benchStarts } from './bench/data.ts'
import { benchPages } from './bench/pages.ts'

/**
 * `npm run bench`: measures on this machine and prints one JSON object. Read the ratios: each compares two things of the
 * same run. Nothing here passes or fails; the budgets stand beside the figures. Takes some minutes.
 */
const started = performance.now()
const starts = await benchStarts()
const report = {
  node: process.versions.node,
  starts: starts.figures,
  import: await benchImport(),
  eligibility: await benchEligibility(starts.dataFolder),
  match: await benchMatch(),
  pages: await benchPages(starts.dataFolder),
  seconds: Math.round((performance.now() - started) / 1000),
}
await starts.remove()
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
