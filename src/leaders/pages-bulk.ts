import type { Refusal } from '../platform/decision.ts'
import { type Answer, page, type Route, type RouteRequest, redirect } from '../platform/web/route.ts'
import { countOf } from '../platform/words.ts'
import { type BulkAsked, type BulkRow, previewBulkChange, saveBulkChange } from './bulk-edit.ts'
import type { LeaderParts } from './leader-parts.ts'
import { readLeaders } from './leader-store.ts'
import { presentRefusals } from './present-form.ts'
import { fieldText, fieldTexts, readBulkChange } from './read-fields.ts'
import { STATES, type Word } from './vocabulary.ts'

/** One change for several leaders: choose, look at what would change, save. */
export function bulkPages(parts: LeaderParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/leaders/bulk',
      allow: 'edit-leaders',
      audit: null,
      handle: ({ query }) => bulkForm(parts, { leader: query.getAll('leader') }),
    },
    {
      method: 'POST',
      path: '/leaders/bulk',
      allow: 'edit-leaders',
      audit: 'leader-changed',
      handle: (request) => (request.body.step === 'save' ? saveBulk(parts, request) : previewBulk(parts, request)),
    },
  ]
}

type Body = RouteRequest['body']

function askedOf(parts: LeaderParts, body: Body): BulkAsked {
  return {
    references: fieldTexts(body, 'leader'),
    change: readBulkChange(body),
    reason: fieldText(body, 'reason'),
    vocabulary: parts.vocabulary(),
  }
}

type Shown = { readonly refusals?: readonly Refusal[]; readonly preview?: readonly BulkRow[]; readonly status?: number }

async function bulkForm(
  parts: LeaderParts,
  body: Body,
  { refusals = [], preview, status = 200 }: Shown = {},
): Promise<Answer> {
  const { references, change, reason, vocabulary } = askedOf(parts, body)
  const chosen = await readLeaders(parts.database.db, references)
  const select = (words: readonly Word[], picked: string, none: string) => [
    { value: '', text: none },
    ...words.map(({ id, title }) => ({ value: id, text: title, selected: id === picked })),
  ]
  const tick = (picked: readonly string[]) =>
    vocabulary.focusAreas.map(({ id, title }) => ({ value: id, text: title, checked: picked.includes(id) }))
  const model = {
    ...presentRefusals(refusals),
    title: preview ? 'Check the changes' : 'Change several leaders',
    section: 'leaders',
    breadcrumbs: [{ text: 'Leaders', href: '/leaders' }],
    leaders:
      preview ?? chosen.map(({ leader }) => ({ reference: leader.reference, title: leader.name || leader.reference })),
    counted: countOf(chosen.length, 'leader'),
    preview,
    sent: sentFields(change, reason),
    states: select(STATES, change.state, 'Leave as it is'),
    terms: select(vocabulary.terms, change.term, 'No change of days'),
    add: tick(change.addExpertise),
    remove: tick(change.removeExpertise),
    typed: { days: change.days, reason },
  }
  return page('leaders/bulk.njk', model, status)
}

function sentFields(change: BulkAsked['change'], reason: string): { name: string; value: string }[] {
  return Object.entries({ ...change, reason }).flatMap(([name, value]) =>
    typeof value === 'string' ? [{ name, value }] : value.map((one) => ({ name, value: one })),
  )
}

async function previewBulk(parts: LeaderParts, { body }: RouteRequest): Promise<Answer> {
  const decision = await previewBulkChange(parts.database, askedOf(parts, body))
  if (!decision.ok) return bulkForm(parts, body, { refusals: decision.refusals, status: 422 })
  return bulkForm(parts, body, { preview: decision.value })
}

async function saveBulk(parts: LeaderParts, { actor, body }: RouteRequest): Promise<Answer> {
  const asked = askedOf(parts, body)
  const versions = Object.fromEntries(
    asked.references.map((reference) => [reference, Number(fieldText(body, `version-${reference}`))]),
  )
  const decision = await saveBulkChange(parts.database, { ...asked, versions, by: actor })
  if (!decision.ok) {
    const status = decision.refusals.some((one) => one.code === 'moved-on') ? 409 : 422
    return bulkForm(parts, body, { refusals: decision.refusals, status })
  }
  const changed = decision.value.filter((one) => one.outcome === 'changed').length
  return redirect(`/leaders?done=bulk&count=${changed}`)
}
