import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What an outside program printed, and how it ended; `exitCode` is -1 when a signal ended it. */
export type ToolRun = { exitCode: number; stdout: string; stderr: string }

/** Runs a program of `node_modules/.bin` in `root`, without a shell. Throws when it cannot be started. */
export async function runTool(root: string, program: string, args: readonly string[]): Promise<ToolRun> {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  const child = spawn(program, args, { cwd: root, env: { ...process.env, PATH: path, NO_COLOR: '1' } })
  const ended = new Promise<number>((resolve, reject) =>
    child.on('error', reject).on('close', (code) => resolve(code ?? -1)),
  )
  const [exitCode, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { exitCode, stdout, stderr }
}

/** The non-empty lines of what a program printed. */
export function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => line.trim() !== '')
}
