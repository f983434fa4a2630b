import type { Finding } from './sources.ts'

/** One check and the words it is known by. */
export type Part = { name: string; check: () => Finding | Promise<Finding> }

const AT_ONCE = 2

/**
 * Runs all parts, two at a time in the order given, and prints each with its time, its figures and its problems. Answers how
 * many problems there are; a part that throws is one.
 */
export async function runParts(parts: readonly Part[], output: NodeJS.WritableStream): Promise<number> {
  const waiting = parts.values()
  const found: string[] = []
  // The workers share one iterator: each takes the next part when it has finished its last.
  const worker = async () => {
    for (const part of waiting) found.push(...(await runPart(part, output)))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return found.length
}

async function runPart({ name, check }: Part, output: NodeJS.WritableStream): Promise<string[]> {
  const start = performance.now()
  const { problems, note } = await Promise.resolve()
    .then(check)
    .catch((error: unknown): Finding => ({ problems: [`could not run: ${error}`] }))
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5)
  const lines = [
    `${problems.length === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}${note ? ` (${note})` : ''}`,
    ...problems.map((problem) => `       ${problem}`),
  ]
  output.write(`${lines.join('\n')}\n`)
  return problems
}
