import type { PoolClient } from 'pg'
import { readUrn } from './csv-cell.ts'
import type { FittedLayout, Row } from './import-layout.ts'
import { type RecordTarget, saveRecords } from './import-records.ts'
import type { SavedFile, SaveTotals } from './import-schools.ts'
import type { StageColumns } from './import-stage.ts'

export const MEASURES_STAGE: StageColumns = { urn: 'integer', year: 'text', values: 'jsonb' }

/** A set of published measures: which one, and the school year where the file has no Year column ("2023/24"). */
export type Dataset = { readonly name: string; readonly year?: string; readonly publisher: string }

// They say who and when, not how much; the URN and year are the key.
const NOT_MEASURES = ['LA', 'ESTAB', 'URN', 'YEAR', 'MATCH']

/**
 * A layout for any file of measures by URN: every other column is a measure under its published name, a number (percent
 * signs dropped) or the publisher's code for why there is none.
 */
export function fitMeasures(header: string[], dataset: Dataset): FittedLayout {
  const urnPlace = header.indexOf('URN')
  const yearPlace = header.indexOf('Year')
  const measures = header.flatMap((name, place) =>
    name && !NOT_MEASURES.includes(name.toUpperCase()) ? [{ name, place }] : [],
  )
  const missing = [...(urnPlace < 0 ? ['URN'] : []), ...(yearPlace < 0 && !dataset.year ? ['Year'] : [])]
  return {
    layout: {
      kind: 'measures',
      publisher: dataset.publisher,
      fields: [],
      unique: { what: (row: Row) => `URN ${row.urn} for ${row.year}`, field: 'URN' },
    },
    missing,
    ignored: [],
    persons: [],
    facts: ['values', ...measures.map((measure) => measure.name)],
    read: (cells) => {
      const urn = readUrn(cells[urnPlace] ?? '')
      if (urn === null || typeof urn === 'object') return { field: 'URN', fault: urn?.fault ?? 'must have 6 digits' }
      const values: Record<string, number | string> = {}
      for (const { name, place } of measures) {
        const text = cells[place]?.trim()
        if (text) values[name] = readMeasure(text)
      }
      return {
        rows: [{ urn, year: cells[yearPlace]?.trim() || (dataset.year ?? null), values: JSON.stringify(values) }],
      }
    },
  }
}

function readMeasure(text: string): number | string {
  return /^-?\d+(\.\d+)?%?$/.test(text) ? Number(text.replace('%', '')) : text
}

export function saveMeasures(client: PoolClient, file: SavedFile, dataset: string): Promise<SaveTotals> {
  const target: RecordTarget = {
    table: 'school_measure',
    record: 'measure',
    key: ['establishment_id', 'dataset', 'year'],
    values: ['values'],
    rows: `select e.id as establishment_id, '${dataset.replaceAll("'", "''")}'::text as dataset, s.year, s.values
           from stage s join establishment e on e.urn = s.urn`,
    recordKey: `(select urn::text from establishment where id = n.establishment_id) || ' ' || n.dataset || ' ' || n.year`,
    blanks: 'replace',
  }
  return saveRecords(client, file, target)
}
