import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

/** A service of its own process on a data folder; `readySeconds` counts from the spawn until /ready answers 200. */
export type BenchService = {
  readonly address: string
  readonly readySeconds: number
  /** Resident memory of the service's own process (the database server is another), in MiB. */
  memoryMiB(): number
  stop(): Promise<void>
}

export async function startService(dataFolder: string): Promise<BenchService> {
  const started = performance.now()
  const child = spawn(process.execPath, [MAIN, 'serve', '--demo', '--port', '0', '--data', dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await readAddress(child)
  while ((await fetch(`${address}/ready`)).status !== 200) await sleep(50)
  return {
    address,
    readySeconds: (performance.now() - started) / 1000,
    memoryMiB: () =>
      Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (bytes) => {
      said += bytes
      const address = /http:\/\/[\d.]+:\d+/.exec(said)?.[0]
      if (address) resolve(address)
    })
    child.once('exit', (code) => reject(new Error(`The service ended with ${code} before it listened`)))
  })
}
