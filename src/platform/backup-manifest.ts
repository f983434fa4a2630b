import { z } from 'zod'

/** One table of a backup: its stored columns in the order of the COPY, how many rows, and the hash of its bytes. */
const tableSchema = z.strictObject({
  name: z.string().regex(/^[a-z_][a-z0-9_]*$/),
  columns: z.array(z.string()),
  rows: z.int().nonnegative(),
  sha256: z.string(),
})

/** `migrations`: the schema it was taken from. `sequences`: where counters stood, as setval takes them. */
export const manifestSchema = z.strictObject({
  format: z.literal('alongside-backup-1'),
  product: z.string(),
  postgres: z.string(),
  takenAt: z.iso.datetime(),
  kind: z.string().nullable(),
  migrations: z.array(z.string()),
  tables: z.array(tableSchema),
  sequences: z.array(z.strictObject({ name: z.string(), value: z.string(), called: z.boolean() })),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().nonnegative(), sha256: z.string() })),
})

export type BackupManifest = z.infer<typeof manifestSchema>
export type BackedTable = z.infer<typeof tableSchema>

export const MANIFEST_NAME = 'manifest.json'

/** The migrator's own tables: a restore runs the migrations, which fills them. */
export const MIGRATOR_TABLES: readonly string[] = ['kysely_migration', 'kysely_migration_lock']

/** The table that an entry of the file belongs to. */
export function tableOf(entry: string): string | undefined {
  return /^tables\/([a-z_][a-z0-9_]*)\/\d+\.copy$/.exec(entry)?.[1]
}
