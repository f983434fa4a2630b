import { sql } from 'kysely'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { Pack } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { LogAsk } from './log-run.ts'
import { dateParts } from './plan-run.ts'
import { isDay } from './read-answers.ts'
import { changeWork, notYours, type WorkDesk } from './work-desk.ts'

/** An entry of the catalogue as the case needs it. `never` says which funding may not pay for it, and why. */
export type CatalogueEntry = {
  readonly id: string
  readonly title: string
  readonly access: string
  readonly withdrawn: boolean
  readonly never?: Readonly<Record<string, string>>
}
export type FindCatalogueEntry = (pack: Pack, id: string) => CatalogueEntry | undefined

export type Signpost = {
  readonly id: number
  readonly programme: string
  readonly title: string
  readonly area: string
  readonly toldOn: string
  readonly toldWhom: string
  readonly access: string
  readonly funding: string | null
  readonly keyAction: string | null
  readonly expected: string | null
  readonly madeBy: string
}

export async function readSignposts(db: Db, caseId: number): Promise<Signpost[]> {
  const { rows } =
    await sql<Signpost>`select id, programme, title, area, told_on as "toldOn", told_whom as "toldWhom", access,
    funding, key_action as "keyAction", expected, made_by as "madeBy" from case_signpost
    where case_id = ${caseId} order by told_on, id`.execute(db)
  return rows
}

/**
 * Records that the school was told of a programme: which, for what, when, whom, and the way in as shown that day (TSI-023).
 * Codes: `catalogue.unknown`, `catalogue.withdrawn`, `funding.never`, `field.*`.
 */
export function addSignpost(parts: CaseParts, ask: LogAsk): Promise<Decision<{ id: number }>> {
  return changeWork(parts, ask, async (desk) => {
    const who = notYours(desk, [desk.work.signposts.by])
    if (who) return refuse(who)
    const text = (name: string) => String(ask.body[name] ?? '').trim()
    const entry = parts.findCatalogueEntry?.(desk.record.pack, text('programme'))
    const on = text('date') || dateParts(ask.body, 'date')
    const funding = text('funding')
    const refusals = [
      ...entryFaults(entry, text('programme'), funding),
      ...signpostFaults(desk, { on, area: text('area'), told: text('told'), funding }),
    ]
    if (!entry || refusals.length > 0) return refuse(...refusals)
    const { rows } = await sql<{ id: number }>`
      insert into case_signpost (case_id, programme, title, area, told_on, told_whom, access, funding, key_action, expected,
        made_by, made_by_id)
      values (${desk.record.id}, ${entry.id}, ${entry.title}, ${text('area')}, ${on}, ${text('told')}, ${entry.access},
        ${funding || null}, ${text('key-action') || null}, ${text('expected') || null}, ${ask.by.name}, ${ask.by.personId})
      returning id`.execute(desk.db)
    await writeAudit(desk.db, {
      actor: ask.by,
      action: 'Further support named',
      record: 'case',
      recordKey: desk.record.reference,
      new: { programme: entry.title, area: text('area') },
    })
    return accept({ id: rows[0]?.id ?? 0 })
  })
}

function entryFaults(entry: CatalogueEntry | undefined, asked: string, funding: string): Refusal[] {
  if (!entry)
    return [
      {
        code: 'catalogue.unknown',
        message: `The catalogue has no programme ${asked || 'without a name'}`,
        field: 'programme',
      },
    ]
  if (entry.withdrawn)
    return [
      {
        code: 'catalogue.withdrawn',
        message: `${entry.title} is withdrawn and cannot be named any more`,
        field: 'programme',
      },
    ]
  const never = entry.never?.[funding]
  return never ? [{ code: 'funding.never', message: never, field: 'funding' }] : []
}

function signpostFaults(
  { record, work, today }: WorkDesk,
  { on, area, told, funding }: { on: string; area: string; told: string; funding: string },
): Refusal[] {
  const areas = record.pack['focus-areas']?.areas ?? []
  const wrong = (field: string, message: string): Refusal => ({ code: 'field.missing', message, field })
  return [
    ...(areas.some(({ id }) => id === area) ? [] : [wrong('area', 'Choose a focus area')]),
    ...(told ? [] : [wrong('told', 'Say who was told')]),
    ...(isDay(on) && on <= today ? [] : [wrong('date', 'Give the day, today or in the past, such as 27 3 2024')]),
    ...(!funding || work.signposts.funding.some(({ id }) => id === funding)
      ? []
      : [wrong('funding', 'Choose a source of the list')]),
  ]
}
