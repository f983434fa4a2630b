import type { ClientBase } from 'pg'
import { type AskedCorrection, type CorrectionFacts, readWhat } from './decide-correction.ts'

type Client = Pick<ClientBase, 'query'>

type Found = Omit<CorrectionFacts, 'today' | 'urn'>

const STATUSES = ['Open', 'Open, but proposed to close', 'Closed', 'Proposed to open']

/** What a correction is decided on. The corrections in force must be lifted: the register's own values are read. */
export async function readCorrectionFacts(
  client: Client,
  { id, urn, today }: { id: number; urn: number; today: string },
  asked: AskedCorrection,
): Promise<CorrectionFacts> {
  const { field, number } = readWhat(asked.what)
  const inspection = field?.of === 'inspection' ? number : null
  const value = asked.value.trim()
  const linked = field?.of === 'link' ? (number ?? (/^\d{6}$/.test(value) ? Number(value) : 0)) : 0
  const day = field?.id === 'inspected-on' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : ''
  const { rows } = await client.query<Found>(
    `select to_jsonb(e) as register,
       (select to_jsonb(i) from inspection i where i.id = $2 and i.establishment_id = e.id) as inspection,
       exists (
         select from inspection i join inspection mine on mine.id = $2 and mine.kind = i.kind and mine.id <> i.id
         where i.establishment_id = e.id and i.inspected_on::text = $3) as "dateTaken",
       jsonb_build_object(
         'phase', coalesce((select jsonb_agg(distinct phase order by phase) from establishment where phase is not null), '[]'),
         'type', coalesce((select jsonb_agg(distinct type order by type) from establishment where type is not null), '[]')) as words,
       (select jsonb_build_array(region) from authority where code = $4) as "authorityRegion",
       exists (
         select from establishment_group
         where uid = $4 and type in ('Multi-academy trust', 'Single-academy trust', 'Secure single-academy trust')) as "trustIsKnown",
       exists (select from establishment where urn = $5) as "predecessorIsKnown",
       exists (
         select from plain_predecessor where establishment_id = e.id and predecessor_urn = $5
         union all
         select from establishment_link l join establishment o on o.id = l.establishment_id
         where o.urn = $5 and l.linked_urn = e.urn and l.link_type = 'Successor') as "linkIsHeld",
       exists (
         with recursive before (urn) as (
           select $5::int
           union
           select k.predecessor_urn from before b join establishment s on s.urn = b.urn
           join plain_predecessor k on k.establishment_id = s.id)
         select from before where urn = e.urn) as "linkIsCircle",
       exists (
         select from register_correction c
         where c.establishment_id = e.id and c.ended_at is null and c.field = $6
           and c.inspection_id is not distinct from $2 and ($5 = 0 or c.linked_urn = $5)) as "alreadyCorrected"
     from establishment e where e.id = $1`,
    [id, inspection, day, value, linked, field?.id ?? ''],
  )
  const [found] = rows
  if (!found) throw new Error(`There is no establishment ${id}`)
  const region: unknown = found.authorityRegion
  return {
    ...found,
    inspection: found.inspection ?? undefined,
    words: { ...found.words, status: STATUSES },
    authorityRegion: Array.isArray(region) ? (region[0] ?? null) : undefined,
    today,
    urn,
  }
}
