import { sql } from 'kysely'
import { z } from 'zod'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { described } from '../platform/web/api-description.ts'
import { readListQuery } from '../platform/web/list.ts'
import { json, notFound, page, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import type { FormGroup } from '../programmes/index.ts'
import { caseHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { formOf } from './form-facts.ts'
import { answersOf } from './form-state.ts'
import { findForm } from './form-store.ts'
import { CASE_FILTERS, CASE_SORTS, type CaseLine, listCases } from './list-cases.ts'
import { answerInWords } from './present-fields.ts'
import { findSeenCase } from './read-case.ts'
import { seesCases } from './who-sees.ts'

/** One entry of a case that concerns its whole trust: under which heading, about what, in which words. */
export type TrustEntry = {
  readonly heading: string
  readonly reference: string
  readonly name: string
  readonly about: string
  readonly words: string
}
export type TrustSummary = {
  readonly uid: string
  readonly name: string
  readonly cases: readonly CaseLine[]
  readonly entries: readonly TrustEntry[]
}

/** The cases of a trust and its schools that somebody sees, and what their forms say of the whole trust (TSI-058). */
export async function readTrustSummary(
  { database: { db }, clock }: CaseParts,
  uid: string,
  actor: Actor,
): Promise<TrustSummary | undefined> {
  const { rows: trusts } = await sql<{ name: string }>`select name from establishment_group where uid = ${uid}`.execute(
    db,
  )
  const [trust] = trusts
  if (!trust) return undefined
  const asked = readListQuery(new URLSearchParams('sort=reference'), CASE_SORTS, CASE_FILTERS)
  const sees = sql`(${seesCases(actor)} and c.trust_uid = ${uid})`
  const { rows } = await listCases(db, asked, { today: clock.today().toString(), sees, size: null })
  const entries: TrustEntry[] = []
  for (const { reference } of rows) {
    const seen = await findSeenCase(db, actor, reference)
    if (seen?.whole) entries.push(...(await entriesOf(db, seen.record)))
  }
  return { uid, name: trust.name, cases: rows, entries }
}

async function entriesOf(db: Db, record: CaseRecord): Promise<TrustEntry[]> {
  const found = formOf(record)
  const stored = found && (await findForm(db, record.id, record.state.leaderId))
  if (!found || !stored) return []
  return found.form.sections.flatMap(({ id, groups = {} }) =>
    Object.entries(groups).flatMap(([name, group]) =>
      Object.values(answersOf(stored, id).rows?.[name] ?? {}).flatMap((row) => entryOf(record, group, row)),
    ),
  )
}

type Row = Readonly<Record<string, string | readonly string[]>>

function entryOf({ reference, name }: CaseRecord, { title, fields, ...group }: FormGroup, row: Row): TrustEntry[] {
  const told = group['told-to-trust']
  if (!told) return []
  const wordsOf = (field: string) => answerInWords(fields[field], row[field] ?? '')
  return [{ heading: title, reference, name, about: wordsOf(told.about), words: wordsOf(told.words) }]
}

/** The page of a trust's cases with what they say of the whole trust, and the same for other programs. */
export function trustSummaryRoutes(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const routes: Route[] = [
    { ...get, path: '/trusts/:uid/cases', handle: (request) => summaryPage(parts, request) },
    {
      ...get,
      path: API,
      handle: async ({ params, actor }) => {
        const summary = await readTrustSummary(parts, params['uid'] ?? '', actor)
        return summary ? json(summary) : problem([{ code: 'trust.unknown', message: NO_TRUST }], 404)
      },
    },
  ]
  return described(routes, {
    [`GET ${API}`]: {
      summary: 'The cases of a trust and its schools that the asker sees, and what their forms say of the whole trust',
      answer: z.object({
        uid: z.string(),
        name: z.string(),
        cases: z.array(z.looseObject({ reference: z.string(), name: z.string() })),
        entries: z.array(
          z.object({
            heading: z.string(),
            reference: z.string(),
            name: z.string(),
            about: z.string(),
            words: z.string(),
          }),
        ),
      }),
    },
  })
}

const API = '/api/v1/trusts/:uid/cases'
const NO_TRUST = 'The register holds no trust or group with this UID.'

async function summaryPage(parts: CaseParts, { params, actor }: RouteRequest) {
  const summary = await readTrustSummary(parts, params['uid'] ?? '', actor)
  if (!summary) return notFound(NO_TRUST)
  const { uid, name, cases, entries } = summary
  const headings = [...new Set(entries.map(({ heading }) => heading))]
  return page('cases/trust-summary.njk', {
    title: `Cases of ${name}`,
    section: 'schools',
    breadcrumbs: [
      { text: 'Schools', href: '/schools' },
      { text: name, href: `/trusts/${uid}` },
    ],
    cases: cases.map((one) => ({ ...one, href: caseHref(one.reference) })),
    parts: headings.map((title) => ({
      title,
      entries: entries
        .filter(({ heading }) => heading === title)
        .map((one) => ({ ...one, href: caseHref(one.reference) })),
    })),
  })
}
