import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { stringify } from 'yaml'
import { testDatabase } from '../platform/test-database.ts'
import { inspectCsvFile } from './csv-file.ts'
import { chooseImport } from './import-kinds.ts'
import { type LoadStep, loadShippedRegister, readShippedManifest, registerIsLoaded } from './shipped.ts'

const database = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'shipped-'))
after(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

test('every shipped file is whole and has the columns that its kind needs', async () => {
  const { files, credit } = await readShippedManifest()
  assert.match(credit, /Open Government Licence v3\.0/)
  for (const { file, kind, asAt, dataset, year } of files) {
    const { header } = await inspectCsvFile(join(import.meta.dirname, 'shipped', file))
    const given = dataset ? { name: dataset, publisher: '', ...(year ? { year } : {}) } : undefined
    const { fitted } = chooseImport(kind, header, { asAt, dataset: given })
    assert.deepEqual({ file, missing: fitted.missing, persons: fitted.persons }, { file, missing: [], persons: [] })
  }
})

const about = { publisher: 'Test', source: 'Invented', limits: 'Invented' }
const SCHOOL_COLUMNS =
  'URN,LA (code),LA (name),EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),PhaseOfEducation (name),GOR (name),NumberOfPupils'

async function writeFolder(absence: string): Promise<void> {
  const school = (urn: number, pupils: number, type = 'Community school') =>
    `${urn},901,Alder,School ${urn},${type},Open,Primary,North East,${pupils}`
  const older = [school(800001, 100), school(800002, 200), school(800003, 50, 'Other independent school')]
  const files = {
    'older.csv': [SCHOOL_COLUMNS, ...older].join('\n'),
    'newer.csv': [SCHOOL_COLUMNS, school(800001, 120)].join('\n'),
    'absence.csv': absence,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const register = { ...about, kind: 'schools', rows: 3 }
  const manifest = {
    licence: 'OGL',
    credit: 'Credit',
    files: [
      { ...register, file: 'older.csv', title: 'Older', asAt: '2023-11-16', coverage: 'all establishments' },
      { ...register, file: 'newer.csv', title: 'Newer', asAt: '2026-06-02', coverage: 'open state-funded schools' },
      {
        ...about,
        file: 'absence.csv',
        kind: 'measures',
        title: 'Absence',
        asAt: '2024-07-31',
        coverage: 'schools',
        rows: 2,
        dataset: 'absence',
        year: '2023/24',
      },
    ],
    maps: [],
  }
  await writeFile(join(folder, 'manifest.yaml'), stringify(manifest))
}

test('a load that was stopped half way goes on where it stopped, and a whole one is not repeated', async () => {
  const rows = async (query: string) => (await database.pool.query(query)).rows
  const steps: LoadStep[] = []
  const load = () => loadShippedRegister(database, { folder, onProgress: (step) => steps.push(step) })

  const structure = () =>
    rows(`select pg_get_indexdef(indexrelid) as part from pg_index where indrelid::regclass::text !~ '^pg_'
          union all
          select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint order by part`)
  const whole = await structure()

  await writeFolder('LA,ESTAB,PERCTOT\n901,1,5')
  await assert.rejects(load(), /absence\.csv: The file has no column URN/)
  assert.equal(await registerIsLoaded(database.db), false)
  assert.match((await rows('select failed from import_progress order by id desc limit 1'))[0].failed, /no column URN/)
  assert.notDeepEqual(await structure(), whole)

  await writeFolder('LA,ESTAB,URN,PERCTOT,PPERSABS10\n901,1,800001,5.5%,SUPP\n901,2,800002,7,10')
  await load()
  assert.equal(await registerIsLoaded(database.db), true)
  assert.deepEqual(steps.at(-1), { title: 'Register', step: 'comparing and indexing', done: 8, total: 8 })
  assert.deepEqual(
    (await rows('select name from data_file order by id')).map(({ name }) => name),
    ['older.csv', 'newer.csv', 'absence.csv'],
  )
  assert.deepEqual(await structure(), whole)
  await load()
  assert.equal((await rows('select from data_file')).length, 3)

  // 800002 is of a type that the newer whole file lists, and is not in it; the independent school never would be.
  assert.deepEqual(await rows('select urn, not_listed_since from establishment order by urn'), [
    { urn: 800001, not_listed_since: null },
    { urn: 800002, not_listed_since: '2026-06-02' },
    { urn: 800003, not_listed_since: null },
  ])
  assert.deepEqual(await rows('select values from school_measure order by establishment_id limit 1'), [
    { values: { PERCTOT: 5.5, PPERSABS10: 'SUPP' } },
  ])
  assert.deepEqual(
    await rows(`select measure, area_kind, area, mean, schools from measure_benchmark
                where dataset = 'absence' and phase = 'Primary' order by measure, area_kind`),
    ['authority', 'england', 'region'].map((area_kind) => ({
      measure: 'PERCTOT',
      area_kind,
      area: { authority: '901', england: 'England', region: 'North East' }[area_kind],
      mean: 5.5,
      schools: 1,
    })),
  )
})
