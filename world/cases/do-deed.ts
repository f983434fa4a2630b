import {
  addCaseNote,
  addItem,
  addMember,
  addStrategy,
  answerList,
  type CaseParts,
  keepDraft,
  runStep,
  saveSection,
  startCase,
} from '../../src/cases/index.ts'
import type { Actor } from '../../src/platform/actor.ts'
import type { Decision } from '../../src/platform/decision.ts'
import type { Deed } from './deed.ts'
import { payDeed } from './pay-deed.ts'

/** The case that a deed belongs to. `emailOf` says how somebody of the scene is written to. */
export type DeedOf = {
  readonly reference: string
  readonly programme: string
  readonly subject: { readonly kind: 'school'; readonly urn: number } | { readonly kind: 'trust'; readonly uid: string }
  readonly by: Actor
  emailOf(person: string): string
}

function childOf(reference: string, number: number | undefined): string {
  return number ? `${reference}-${number}` : reference
}

/** Does one deed through the use case that everybody uses, on the day of `parts.clock`; refused as anybody would be. */
export function doDeed(parts: CaseParts, deed: Deed, of: DeedOf): Promise<Decision<unknown>> {
  const { reference, by } = of
  const base = { reference, by }
  switch (deed.do) {
    case 'start':
      return startCase(parts, { programme: of.programme, subject: of.subject, by, reference })
    case 'step': {
      const body = deed.fields ?? {}
      const ask = { reference: childOf(reference, deed.of), step: deed.step, body, by }
      return runStep(parts, { ...ask, key: String(body['key'] ?? '') })
    }
    case 'draft':
      return keepDraft(parts, { ...base, step: deed.step, body: deed.fields })
    case 'section': {
      const { section, fields: body, complete } = deed
      return saveSection(parts, { ...base, section, body, complete, version: null })
    }
    case 'day': {
      const { performer } = deed.fields
      const named = typeof performer === 'string' && { performer: of.emailOf(performer) }
      return addItem(parts, { ...base, body: { ...deed.fields, ...named } })
    }
    case 'strategy':
      return addStrategy(parts, { ...base, body: deed.fields })
    case 'note':
      return addCaseNote(parts, { ...base, body: deed.fields })
    case 'member':
      return addMember(parts, { ...base, body: { person: of.emailOf(deed.person), specialism: deed.specialism } })
    case 'pay':
      return payDeed(parts, { ...base, reference: childOf(reference, deed.of), on: deed.on, pay: deed.pay })
    case 'list':
      return answerList(parts, { ...base, list: deed.list, body: deed.fields })
  }
}
