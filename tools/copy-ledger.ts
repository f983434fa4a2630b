// `node tools/preflight.cjs tools/copy-ledger.ts FOLDER`: ids and levels of the requirement ledgers (FOLDER/*.yaml) to
// docs/requirements.csv, so that `alongside requirements` works where the ledgers are not at hand. Their texts stay there.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { parse } from 'yaml'
import { z } from 'zod'

const Ledger = z.array(
  z.object({ id: z.string().regex(/^[A-Z]{3}-\d{3}$/), level: z.enum(['must', 'should', 'could']) }),
)

const folder = process.argv[2]
if (folder === undefined) throw new Error('Say which folder holds the ledgers')

const rows = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => Ledger.parse(parse(readFileSync(join(folder, name), 'utf8'))))
  .sort((a, b) => a.id.localeCompare(b.id))
const twice = rows.find((row, at) => row.id === rows[at - 1]?.id)
if (rows.length === 0 || twice) throw new Error(twice ? `${twice.id} stands twice` : 'No requirement found')

writeFileSync(
  join(import.meta.dirname, '../docs/requirements.csv'),
  stringify(rows, { header: true, columns: ['id', 'level'] }),
)
process.stdout.write(`${rows.length} requirements\n`)
