import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findPostmaster } from '../../src/platform/postgres-process.ts'

const MAIN = join(import.meta.dirname, '../../src/main.ts')
const BACK_WITHIN_MS = 180_000

/** The service of a data folder as processes that may be killed at any moment. */
export type Victim = {
  readonly address: string
  readonly dataDir: string
  start(): void
  killService(): Promise<void>
  killDatabase(): void
  /** Waits until /ready answers 200. Throws when it does not within a minute. */
  untilReady(): Promise<void>
  stop(): Promise<void>
}

export async function createVictim(dataDir: string): Promise<Victim> {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return {
    address,
    dataDir,
    start() {
      const args = [MAIN, 'serve', '--demo', '--port', String(port), '--data', dataDir]
      child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'ignore'] })
    },
    killService: () => end('SIGKILL'),
    killDatabase() {
      const server = findPostmaster(join(dataDir, 'postgres'))
      if (server) tryKill(server.pid)
    },
    async untilReady() {
      const deadline = Date.now() + BACK_WITHIN_MS
      while (Date.now() < deadline) {
        const answer = await fetch(`${address}/ready`).catch(() => undefined)
        if (answer?.status === 200) return
        await sleep(50)
      }
      throw new Error(`The service on ${dataDir} was not ready again within three minutes`)
    },
    stop: () => end('SIGTERM'),
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was gone already.
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}

/** Runs a command of the command line on a data folder; `killAfterMs` kills it with SIGKILL. Answers its exit code and words. */
export async function runCommand(
  dataDir: string,
  words: readonly string[],
  { killAfterMs, env = {} }: { killAfterMs?: number; env?: Readonly<Record<string, string>> } = {},
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { ...process.env, ...env, ALONGSIDE_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes))
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  await once(child, 'close')
  clearTimeout(timer)
  return { code: child.exitCode, said: child.signalCode ? `${said}(ended by ${child.signalCode})` : said }
}
