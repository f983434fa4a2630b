// `npm run rules`: writes the values of the packs to their tables under docs/rules/, to be read and agreed before they are committed.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { AGREED, RULE_COLUMNS, rulesOfPack } from './rules-of-pack.ts'

const ROOT = join(import.meta.dirname, '../..')
for (const { pack, table } of AGREED) {
  const rules = rulesOfPack(join(ROOT, pack))
  writeFileSync(join(ROOT, table), stringify(rules, { header: true, columns: [...RULE_COLUMNS] }))
  process.stdout.write(`${table}: ${rules.length} values\n`)
}
