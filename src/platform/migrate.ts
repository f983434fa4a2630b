import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'
import type { Db } from './db.ts'
import { StartRefusal } from './start-refusal.ts'

export const MIGRATIONS_FOLDER = resolve(import.meta.dirname, '../../db/migrations')

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/

/** One forward step of the schema. `name` is the file name, by which the database remembers it. */
export type MigrationFile = { readonly name: string; readonly text: string }

/** The migrations in their order. Throws when a file is not named `NNNN_name.sql` or a number is used twice. */
export function readMigrations(folder: string = MIGRATIONS_FOLDER): MigrationFile[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  let last: string | undefined
  for (const name of names) {
    const number = FILE_NAME.exec(name)?.[1]
    if (!number) throw new Error(`Migration ${name}: the name must look like 0001_what_it_does.sql`)
    if (number === last) throw new Error(`Migration ${name}: the number ${number} is used twice`)
    last = number
  }
  return names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

/**
 * Brings a database to the latest migration: all of the missing files in one transaction, so that a failure changes
 * nothing. Harmless when repeated or when two processes do it at once. Throws an Error that names the file and line, or
 * StartRefusal `database.newer` when the database holds a migration that this release does not know.
 */
export async function migrateToLatest(db: Db, folder: string = MIGRATIONS_FOLDER): Promise<void> {
  const { error } = await migratorOf(db, readMigrations(folder)).migrateToLatest()
  if (error === undefined) return
  if (error instanceof Error && /previously executed migration .* is missing/.test(error.message))
    throw new StartRefusal('database.newer', `The data were written by a newer release: ${error.message}`, {
      cause: error,
    })
  throw error
}

/** The same within the caller's transaction; `only` keeps to the migrations named, for the schema of an earlier release. */
export async function migrateInTransaction(client: pg.PoolClient, only?: readonly string[]): Promise<void> {
  const files = readMigrations().filter(({ name }) => only?.includes(name) ?? true)
  // One connection that is lent but never given back or closed here.
  const held = { query: client.query.bind(client), release: () => undefined }
  const pool = { options: {}, connect: async () => held, end: async () => undefined }
  const db: Db = new Kysely<Record<never, never>>({ dialect: new PostgresDialect({ pool }) })
  const { error } = await migratorOf(db, files, { disableTransactions: true }).migrateToLatest()
  if (error !== undefined) throw error
}

function migratorOf(
  db: Db,
  files: readonly MigrationFile[],
  options: { disableTransactions?: boolean } = {},
): Migrator {
  return new Migrator({
    db,
    ...options,
    // Work that goes on side by side has number ranges of its own, so a lower number may come later.
    allowUnorderedMigrations: true,
    provider: { getMigrations: async () => Object.fromEntries(files.map((file) => [file.name, migrationOf(file)])) },
    nameComparator: (a, b) => (a < b ? -1 : Number(a > b)),
  })
}

function migrationOf({ name, text }: MigrationFile): Migration {
  return {
    async up(db: Kysely<unknown>) {
      try {
        await sql.raw(text).execute(db)
      } catch (error) {
        throw new Error(`Migration ${name}${lineOf(error, text)}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        })
      }
    },
  }
}

function lineOf(error: unknown, text: string): string {
  if (!(error instanceof pg.DatabaseError) || !error.position) return ''
  return ` line ${text.slice(0, Number(error.position)).split('\n').length}`
}
