import { type Finding, isTest, isTypeScript, type Sources } from './sources.ts'

const MOST_LINES = 400
const MOST_LINES_OF_A_TEST = 600

/** No hand-written file longer than 400 lines (a test: 600). The median and the 95th percentile are told, not enforced. */
export function checkFileSize(sources: Sources): Finding {
  const files = sources.paths.filter(isTypeScript).map((path) => ({ path, lines: countLines(sources.read(path)) }))
  const problems = files
    .filter(({ path, lines }) => lines > (isTest(path) ? MOST_LINES_OF_A_TEST : MOST_LINES))
    .map(({ path, lines }) => `${path}: ${lines} lines`)
  const sizes = files
    .filter(({ path }) => path.startsWith('src/') && !isTest(path))
    .map(({ lines }) => lines)
    .sort((a, b) => a - b)
  const quantile = (share: number) => sizes[Math.floor(share * (sizes.length - 1))] ?? 0
  return { problems, note: `src: ${sizes.length} files, lines median ${quantile(0.5)}, p95 ${quantile(0.95)}` }
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}
