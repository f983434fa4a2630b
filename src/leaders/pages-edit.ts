import type { Refusal } from '../platform/decision.ts'
import { type Answer, page, type Route, type RouteRequest, redirect } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { changesBetween, EMPTY_FIELDS, fieldsOf, type LeaderFields } from './leader.ts'
import type { LeaderParts } from './leader-parts.ts'
import type { LeaderRecord } from './leader-record.ts'
import { findLeader } from './leader-store.ts'
import { withLeader } from './pages-leader.ts'
import { presentLeaderForm } from './present-form.ts'
import { leaderHref } from './present-roster.ts'
import { fieldText, readLeaderFields } from './read-fields.ts'
import { readRegions } from './register-facts.ts'
import { changeLeader, createLeader } from './save-leader.ts'

/** The forms that add and change a leader. */
export function editPages(parts: LeaderParts): Route[] {
  const get = { method: 'GET', allow: 'edit-leaders', audit: null } as const
  const post = { method: 'POST', allow: 'edit-leaders', audit: 'leader-changed' } as const
  return [
    { ...get, path: '/leaders/new', handle: () => newForm(parts, EMPTY_FIELDS) },
    { ...post, path: '/leaders/new', handle: (request) => addLeader(parts, request) },
    { ...get, path: '/leaders/:reference/edit', handle: (request) => withLeader(parts, request, editForm) },
    { ...post, path: '/leaders/:reference/edit', handle: (request) => withLeader(parts, request, saveLeader) },
  ]
}

async function newForm(parts: LeaderParts, fields: LeaderFields, refusals: readonly Refusal[] = []): Promise<Answer> {
  const words = { vocabulary: parts.vocabulary(), regions: await readRegions(parts.database.db) }
  const model = {
    ...presentLeaderForm(fields, words, refusals),
    title: 'Add a leader',
    section: 'leaders',
    isNew: true,
    action: '/leaders/new',
    href: '/leaders',
    breadcrumbs: [{ text: 'Leaders', href: '/leaders' }],
  }
  return page('leaders/leader-form.njk', model, refusals.length > 0 ? 422 : 200)
}

async function addLeader(parts: LeaderParts, request: RouteRequest): Promise<Answer> {
  const { actor, body } = request
  const fields = readLeaderFields(body)
  const decision = await createLeader(parts.database, {
    fields,
    vocabulary: parts.vocabulary(),
    by: actor,
    submission: submissionOf(request),
  })
  if (!decision.ok) return newForm(parts, fields, decision.refusals)
  return redirect(`${leaderHref(decision.value.reference)}?done=added`)
}

type Typed = { fields: LeaderFields; version: number; reason: string; refusals: readonly Refusal[]; moved?: unknown }

async function editForm(parts: LeaderParts, { leader }: LeaderRecord): Promise<Answer> {
  return showEdit(parts, leader.reference, {
    fields: fieldsOf(leader),
    version: leader.editVersion,
    reason: '',
    refusals: [],
  })
}

async function showEdit(parts: LeaderParts, reference: string, typed: Typed, status = 200): Promise<Answer> {
  const words = { vocabulary: parts.vocabulary(), regions: await readRegions(parts.database.db) }
  const href = leaderHref(reference)
  const model = {
    ...presentLeaderForm({ ...typed.fields, reference }, words, typed.refusals),
    title: `Change ${typed.fields.name || reference}`,
    caption: `Leader · ${reference}`,
    section: 'leaders',
    isNew: false,
    action: `${href}/edit`,
    href,
    version: typed.version,
    reason: typed.reason,
    moved: typed.moved,
    breadcrumbs: [
      { text: 'Leaders', href: '/leaders' },
      { text: reference, href },
    ],
  }
  return page('leaders/leader-form.njk', model, status)
}

async function saveLeader(
  parts: LeaderParts,
  { leader }: LeaderRecord,
  { actor, body }: RouteRequest,
): Promise<Answer> {
  const { reference } = leader
  const vocabulary = parts.vocabulary()
  const fields = { ...readLeaderFields(body), exercise: leader.exercise }
  const version = Number(fieldText(body, 'version'))
  const reason = fieldText(body, 'reason')
  const decision = await changeLeader(parts.database, { reference, fields, version, reason, vocabulary, by: actor })
  if (decision.ok) return redirect(`${leaderHref(reference)}?done=${decision.value.outcome}`)
  const { refusals } = decision
  if (!refusals.some((refusal) => refusal.code === 'moved-on'))
    return showEdit(parts, reference, { fields, version, reason, refusals }, 422)
  return movedOn(parts, reference, { fields, version, reason, refusals })
}

/** Somebody saved meanwhile: what is saved and what was typed side by side, and the typed words stay in the form. */
async function movedOn(parts: LeaderParts, reference: string, typed: Typed): Promise<Answer> {
  const now = await findLeader(parts.database.db, reference)
  if (!now) throw new Error(`Leader ${reference} went away while it was saved`)
  const moved = changesBetween(fieldsOf(now.leader), typed.fields, parts.vocabulary())
  return showEdit(parts, reference, { ...typed, version: now.editVersion, moved }, 409)
}
