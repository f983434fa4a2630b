import pg from 'pg'
import { isDatabaseAway } from '../database-away.ts'

/** What a request was turned away for before any route saw it: status, code and words for whoever asked. */
export class TurnedAway extends Error {
  readonly statusCode: number
  readonly refusal: { readonly code: string; readonly message: string }

  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.refusal = { code, message }
  }
}

export type Trouble = { readonly status: number; readonly code: string; readonly lines: readonly string[] }

/** The database was stopped under the service, which starts it again. What was acknowledged is on the disk. */
export function databaseAway(): TurnedAway {
  return new TurnedAway(
    503,
    'database.away',
    'The database is being started again; try again in a few seconds. What you sent just now was either saved whole or not at all: look whether it is there before you send it again.',
  )
}

/** Where PostgreSQL keeps a new row to its scope (docs/adr/0009-scope.md). Use cases refuse first and say more. */
const OUT_OF_SCOPE = 'ExecWithCheckOptions'

/** What a person is told of an error. Of a fault of ours only that it happened: what failed was one transaction, nothing half. */
export function describeTrouble(error: unknown, maxUploadBytes: number): Trouble {
  if (isDatabaseAway(error)) return describeTrouble(databaseAway(), maxUploadBytes)
  if (error instanceof TurnedAway)
    return { status: error.statusCode, code: error.refusal.code, lines: [error.refusal.message] }
  if (error instanceof pg.DatabaseError && error.routine === OUT_OF_SCOPE)
    return { status: 403, code: 'not-allowed', lines: ['You do not have permission for this. Nothing was saved.'] }
  const status = statusOf(error)
  if (status >= 500)
    return {
      status,
      code: 'trouble',
      lines: [
        'Something went wrong on our side.',
        'Nothing was half done: what you were doing was either saved whole or not at all. Try again.',
      ],
    }
  if (status === 413) {
    const limit = `The file is too large. The limit is ${maxUploadBytes / 1024 / 1024} MB.`
    return { status, code: 'too-large', lines: [limit] }
  }
  return { status, code: 'unreadable', lines: ['What was sent could not be read. Go back, check it and try again.'] }
}

/** For the log: what broke and where, without the values that a database's message repeats. */
export function logOfFault(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const at = frames.slice(0, 12).map((line) => line.trim())
  if (!(error instanceof pg.DatabaseError)) return { error: error.name, message: error.message, at }
  const { code, table, constraint, routine } = error
  return { error: 'DatabaseError', code, table, constraint, routine, at }
}

function statusOf(error: unknown): number {
  const status = Object(error).statusCode
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}
