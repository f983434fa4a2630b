import { sql } from 'kysely'
import type { ClientBase } from 'pg'
import type { Db } from '../../platform/db.ts'
import type { NewCorrection } from './decide-correction.ts'

/** A correction as it is kept, with the inspection or the other school that it is about. Dates are ISO texts. */
export type Correction = {
  readonly id: number
  readonly establishmentId: number
  readonly field: string
  readonly inspectionId: number | null
  readonly linkedUrn: number | null
  readonly linkedName: string | null
  readonly fact: string
  readonly corrected: Readonly<Record<string, unknown>>
  readonly register: Readonly<Record<string, unknown>>
  readonly inspectedOn: string | null
  readonly holdsFrom: string | null
  readonly source: string
  readonly sourceDate: string
  readonly reason: string
  readonly madeOn: string
  readonly madeBy: string
  readonly endedOn: string | null
  readonly endedHow: 'register agrees' | 'person' | null
  readonly endedBy: string | null
  readonly endReason: string | null
}

const CORRECTION = sql`select c.id, c.establishment_id as "establishmentId", c.field, c.inspection_id as "inspectionId",
    c.linked_urn as "linkedUrn", o.name as "linkedName", c.fact, c.corrected, c.register, i.inspected_on as "inspectedOn",
    c.holds_from as "holdsFrom", c.source, c.source_date as "sourceDate", c.reason, c.made_on as "madeOn", c.made_by as "madeBy",
    c.ended_on as "endedOn", c.ended_how as "endedHow", c.ended_by as "endedBy", c.end_reason as "endReason"
  from register_correction c
  left join inspection i on i.id = c.inspection_id left join establishment o on o.urn = c.linked_urn`

/** All corrections of a school, those in force first, then the newest. */
export async function listCorrections(db: Db, establishmentId: number): Promise<Correction[]> {
  const { rows } = await sql<Correction>`${CORRECTION} where c.establishment_id = ${establishmentId}
    order by c.ended_at is null desc, c.id desc`.execute(db)
  return rows
}

export type StoredBy = { readonly today: string; readonly name: string }

export async function insertCorrection(
  client: Pick<ClientBase, 'query'>,
  establishmentId: number,
  correction: NewCorrection,
  by: StoredBy,
): Promise<number> {
  const { field, inspectionId, linkedUrn, corrected, register, holdsFrom, source, sourceDate, reason } = correction
  const { rows } = await client.query<{ id: number }>(
    `insert into register_correction (establishment_id, field, inspection_id, linked_urn, fact, corrected, register, holds_from,
       source, source_date, reason, made_on, made_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id`,
    [
      establishmentId,
      field.id,
      inspectionId,
      linkedUrn,
      field.fact,
      JSON.stringify(corrected),
      JSON.stringify(register),
      holdsFrom,
      source,
      sourceDate,
      reason,
      by.today,
      by.name,
    ],
  )
  const [row] = rows
  if (!row) throw new Error('The correction was not stored')
  return row.id
}
