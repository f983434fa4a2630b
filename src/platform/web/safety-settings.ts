import { StartRefusal } from '../start-refusal.ts'

/** How the web door is guarded. Defaults suit a service that listens on this machine only. */
export type SafetySettings = {
  /** Where browsers find the service, such as `https://alongside.example`; null: at this machine only. */
  readonly origin: string | null
  /** Whether a proxy in front says who asks (X-Forwarded-For); never set it without one. */
  readonly trustProxy: boolean
  /** Requests a minute from one address; a fifth of it for what changes something. 0: no limit. */
  readonly requestsPerMinute: number
  readonly metrics: boolean
  /** `problems`: faults and what was turned away; `all`: every request. */
  readonly log: 'problems' | 'all'
  readonly writeLog: (line: string) => void
}

const USUAL_REQUESTS = 600

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads ALONGSIDE_ORIGIN, ALONGSIDE_PROXY, ALONGSIDE_RATE_LIMIT, ALONGSIDE_METRICS and ALONGSIDE_LOG; empty ones count as
 * absent. Throws StartRefusal `config.origin`, `config.rate-limit`, `config.switch` or `config.log`.
 */
export function readSafetySettings(env: Environment): SafetySettings {
  return {
    origin: readOrigin(env.ALONGSIDE_ORIGIN),
    trustProxy: readSwitch(env, 'ALONGSIDE_PROXY'),
    requestsPerMinute: readLimit(env.ALONGSIDE_RATE_LIMIT),
    metrics: readSwitch(env, 'ALONGSIDE_METRICS'),
    log: readLog(env.ALONGSIDE_LOG),
    writeLog: (line) => process.stderr.write(`${line}\n`),
  }
}

function readOrigin(given: string | undefined): string | null {
  if (!given) return null
  if (/^https?:\/\/[^/?#@\s]+$/.test(given) && URL.canParse(given)) return new URL(given).origin
  throw new StartRefusal('config.origin', 'ALONGSIDE_ORIGIN must be like https://alongside.example, without a path.')
}

function readLimit(given: string | undefined): number {
  if (!given) return USUAL_REQUESTS
  if (/^\d{1,9}$/.test(given)) return Number(given)
  throw new StartRefusal('config.rate-limit', 'ALONGSIDE_RATE_LIMIT must be a whole number; 0 means no limit.')
}

function readSwitch(env: Environment, name: string): boolean {
  const given = env[name] || 'off'
  if (given === 'on' || given === 'off') return given === 'on'
  throw new StartRefusal('config.switch', `${name} must be on or off.`)
}

function readLog(given: string | undefined): 'problems' | 'all' {
  const log = given || 'problems'
  if (log === 'problems' || log === 'all') return log
  throw new StartRefusal('config.log', 'ALONGSIDE_LOG must be problems or all.')
}
