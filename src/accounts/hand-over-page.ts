import type { Capability } from '../platform/actor.ts'
import type { Refusal } from '../platform/decision.ts'
import { type Answer, page, type RouteRequest, textOf, wholeNumber } from '../platform/web/route.ts'
import type { AccountParts } from './account-parts.ts'
import { listLeft, listSuccessors } from './open-work.ts'

type Leaver = {
  readonly id: number
  readonly name: string
  readonly keeps: ReadonlySet<Capability>
  readonly action: string
  readonly back: string
}

/** Before somebody leaves: the open work, and the choice of who takes it over. */
export async function handOverPage(
  { database: { db }, roles, clock, openWork = [] }: AccountParts,
  { id: personId, name, keeps, action, back }: Leaver,
  { body, refusals }: { body: RouteRequest['body']; refusals: readonly Refusal[] },
): Promise<Answer> {
  const today = clock.today().toString()
  const work = await listLeft(db, { sources: openWork }, { personId, keeps })
  const able = await listSuccessors(db, { roles, today }, { personId, work })
  const chosen = textOf(body, 'successor')
  return page(
    'accounts/hand-over.njk',
    {
      title: `Before ${name} leaves`,
      section: 'people',
      name,
      work,
      action,
      back,
      successors:
        able.length === 0
          ? []
          : [
              { value: '', text: 'Choose a person' },
              ...able.map((one) => ({ value: one.id, text: one.name, selected: String(one.id) === chosen })),
            ],
      errors: refusals.map(({ message, field }) => ({ text: message, ...(field && { href: `#${field}` }) })),
      wrong: Object.fromEntries(refusals.map(({ message, field }) => [field ?? '', { text: message }])),
    },
    422,
  )
}

/** The successor that a form names; null without one. */
export function readSuccessor(body: RouteRequest['body']): number | null {
  return wholeNumber(textOf(body, 'successor')) || null
}
