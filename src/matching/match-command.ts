import { readFile } from 'node:fs/promises'
import type { Refusal } from '../platform/decision.ts'
import { parseProblem } from './problem.ts'
import { solve } from './solve.ts'

/** The `match` command's words as typed: `timeLimit` is in seconds and more than 0. */
export type MatchCommand = {
  readonly problemFile: string
  readonly timeLimit?: string | number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What to print where, and the exit status: the answer on standard output, or the refusals as JSON on standard error. */
export type MatchOutcome = { readonly exitCode: 0 | 1; readonly stdout: string; readonly stderr: string }

/**
 * The use case of `alongside match --problem FILE [--time-limit S] --json`: reads a problem, solves it and answers what to
 * print. Refusals besides those of `parseProblem`: `problem.unreadable-file`, `problem.not-json`, `match.time-limit`.
 */
export async function runMatch(command: MatchCommand): Promise<MatchOutcome> {
  const timeLimitSeconds = command.timeLimit === undefined ? undefined : Number(command.timeLimit)
  if (timeLimitSeconds !== undefined && !(timeLimitSeconds > 0 && Number.isFinite(timeLimitSeconds))) {
    const message = 'The time limit must be a number of seconds, more than 0'
    return refused([{ code: 'match.time-limit', message, field: 'time-limit' }])
  }
  const text = await readFile(command.problemFile, 'utf8').catch(() => undefined)
  if (text === undefined) {
    const message = `The file “${command.problemFile}” cannot be read`
    return refused([{ code: 'problem.unreadable-file', message, field: 'problem' }])
  }
  const input = parseJson(text)
  if (input === undefined) {
    const message = `The file “${command.problemFile}” is not JSON`
    return refused([{ code: 'problem.not-json', message, field: 'problem' }])
  }
  const parsed = parseProblem(input)
  if (!parsed.ok) return refused(parsed.refusals)

  const solution = await solve(parsed.value, { timeLimitSeconds, signal: command.signal })
  return { exitCode: 0, stdout: `${JSON.stringify(solution)}\n`, stderr: '' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

function refused(refusals: readonly Refusal[]): MatchOutcome {
  return { exitCode: 1, stdout: '', stderr: `${JSON.stringify(refusals)}\n` }
}
