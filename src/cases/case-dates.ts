import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { countOf } from '../platform/words.ts'
import type { Fields, Step } from '../programmes/index.ts'
import { caseHref, stepHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import type { Answers } from './case-state.ts'
import { listWork, type WorkLine } from './list-cases.ts'
import { flowOf } from './present-case.ts'
import { isDay } from './read-answers.ts'
import { findSeenCase } from './read-case.ts'
import { listDecisions } from './subject-change-store.ts'
import { keysOfActor } from './who-acts.ts'
import { doneStepsFor } from './who-reads.ts'
import { leadersOf } from './work-read.ts'

/**
 * A date of somebody in a case: a plain date, with what may stand in a calendar outside the service. No word of it says why there
 * is a case, what was judged or what anybody worries about. `id` stays when the date moves.
 */
export type OwnDate = {
  readonly id: string
  readonly kind: 'due' | 'decision' | 'visit' | 'agreed'
  readonly title: string
  readonly date: string
  readonly place?: string
  readonly href: string
}

const MOST = 500
/** How long a date that has passed stays, so that nobody wonders where yesterday's visit went. */
const KEPT_DAYS = 31

/**
 * The dates of a person, by day: what they have to do, with the decisions that wait for them, and of those who work on a case or
 * whose school it is, its visits and the days agreed on. Asked in the person's scope, it knows no case that they do not see.
 */
export async function readOwnDates(parts: CaseParts, actor: Actor): Promise<OwnDate[]> {
  const { db } = parts.database
  const keys = keysOfActor(actor)
  const from = parts.clock.today().subtract({ days: KEPT_DAYS }).toString()
  const work = await listWork(db, keys, MOST)
  const decisions = await listDecisions(db, keys, MOST)
  const visits = await readVisitDates(db, actor, from)
  const agreed = await readAgreedDates(parts, actor, from)
  return [
    ...work.flatMap((line) => dueDate(parts, line)),
    ...decisions.flatMap((one) =>
      one.dueOn === null
        ? []
        : [
            {
              id: `case-${one.reference}-change-${one.id}`,
              kind: 'decision' as const,
              title: titled('Decide how the case goes on', one),
              date: one.dueOn,
              href: caseHref(one.reference),
            },
          ],
    ),
    ...visits,
    ...agreed,
  ].toSorted((a, b) => a.date.localeCompare(b.date) || a.id.localeCompare(b.id))
}

type InCase = { readonly reference: string; readonly name: string }

function titled(what: string, { reference, name }: InCase): string {
  return `${what} – ${reference}, ${name}`
}

function stepOf({ packs }: Pick<CaseParts, 'packs'>, one: { programme: string; flow: string; step: string }) {
  return packs.find(({ programme }) => programme === one.programme)?.process?.flows?.[one.flow]?.steps[one.step]
}

/** What a calendar may call a step. */
function plainTitle(step: Pick<Step, 'title' | 'discreet'> | undefined): string {
  return step && !step.discreet ? step.title : 'Something to do'
}

function dueDate(parts: CaseParts, line: WorkLine): OwnDate[] {
  const date = line.delayTo ?? line.dueOn
  if (date === null) return []
  const title = titled(`Due: ${plainTitle(stepOf(parts, line))}`, line)
  const href = stepHref(line.reference, line.step, line.key)
  return [{ id: `case-${line.reference}-step-${line.seq}`, kind: 'due', title, date, href }]
}

/** Cases that are somebody's own: as their leader, member of the team, school or trust. */
function ownCases(actor: Actor) {
  const valuesOf = (kind: string) =>
    actor.hats.filter(({ scopeKind }) => scopeKind === kind).flatMap(({ scopeValues }) => scopeValues)
  return sql`(c.urn::text = any(${valuesOf('establishment')}) or c.trust_uid = any(${valuesOf('organisation')})
    or l.reference = any(${leadersOf(actor)}) or m.person_id = ${actor.personId})`
}

const CASE_NAME = sql`c.reference, coalesce(e.name, g.name) as name from support_case c
  left join establishment e on e.id = c.establishment_id left join establishment_group g on g.uid = c.trust_uid`

type Visit = InCase & { readonly id: number; readonly on: string; readonly halfDays: number }

const VISITS = sql`select i.id, i.on_date as "on", i.half_days as "halfDays", ${CASE_NAME}
  join case_log_item i on i.case_id = c.id left join leader l on l.id = i.leader_id
  left join case_member m on m.id = i.member_id`

async function readVisitDates(db: Db, actor: Actor, from: string): Promise<OwnDate[]> {
  const { rows } = await sql<Visit>`${VISITS}
    where i.withdrawn_on is null and i.on_date >= ${from} and ${ownCases(actor)}
    order by i.on_date, i.id limit ${MOST}`.execute(db)
  return rows.map(visitDate)
}

function visitDate(one: Visit): OwnDate {
  return {
    id: `case-${one.reference}-day-${one.id}`,
    kind: 'visit',
    title: titled(`Day of support (${countOf(one.halfDays / 2, 'day')})`, one),
    date: one.on,
    href: `${caseHref(one.reference)}/log/${one.id}`,
  }
}

/** Visits and days agreed on in one case, for whoever sees it whole; undefined for everybody else. */
export async function readCaseDates(
  parts: CaseParts,
  { actor, reference }: { actor: Actor; reference: string },
): Promise<OwnDate[] | undefined> {
  const { db } = parts.database
  const seen = await findSeenCase(db, actor, reference)
  if (!seen?.whole) return undefined
  const { record } = seen
  const { rows } = await sql<Visit>`${VISITS} where i.withdrawn_on is null and c.id = ${record.id}`.execute(db)
  const done = doneStepsFor(seen, actor).filter(({ isWithheld, superseded }) => !isWithheld && !superseded)
  return [
    ...rows.map(visitDate),
    ...done.flatMap((one) => agreedDates(flowOf(record).steps[one.step], { ...record, ...one })),
  ]
}

type AgreedRow = InCase & { programme: string; flow: string; seq: number; step: string; fields: Answers }

/** Days that steps agreed on, such as that of a meeting: dates that need not have passed when they were entered. */
async function readAgreedDates(parts: CaseParts, actor: Actor, from: string): Promise<OwnDate[]> {
  const { rows } = await sql<AgreedRow>`
    select distinct c.programme, c.flow, s.seq, s.step, s.fields, ${CASE_NAME}
      join case_step s on s.case_id = c.id left join leader l on l.id = c.leader_id
      left join case_member m on m.case_id = c.id and m.ended_on is null
    where s.state = 'done' and s.kind = 'step' and not s.superseded and c.status <> 'closed'
      and s.fields::text ~ '"[0-9]{4}-[0-9]{2}-[0-9]{2}"' and ${ownCases(actor)} limit ${MOST}`.execute(
    parts.database.db,
  )
  return rows
    .flatMap((row) => {
      const step = stepOf(parts, row)
      // What only some read of a step stays in the service.
      return step?.reads ? [] : agreedDates(step, row)
    })
    .filter(({ date }) => date >= from)
}

/** The days that one done step agreed on. */
function agreedDates(step: Step | undefined, one: InCase & Pick<AgreedRow, 'seq' | 'fields'>): OwnDate[] {
  const fields: Fields = step?.fields ?? {}
  const place = Object.entries(fields).flatMap(([name, field]) => (field.place ? [one.fields[name]] : []))[0]
  return Object.entries(fields).flatMap(([name, field]): OwnDate[] => {
    const date = one.fields[name]
    if (field.type !== 'date' || field.past || typeof date !== 'string' || !isDay(date)) return []
    return [
      {
        id: `case-${one.reference}-agreed-${one.seq}-${name}`,
        kind: 'agreed',
        title: titled(step?.discreet ? plainTitle(step) : field.title, one),
        date,
        ...(typeof place === 'string' && place && !step?.discreet && { place }),
        href: caseHref(one.reference),
      },
    ]
  })
}
