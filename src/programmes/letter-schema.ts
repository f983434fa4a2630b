import { z } from 'zod'

/**
 * A letter of a pack: `letters/<id>.md`, YAML between two lines of `---`, then the words. The words are plain: paragraphs, lines
 * that begin with `## ` or `- `, and fields in braces. `{days.agreed}` must be known before the letter can go; a line with
 * `{reason?}` is left out while that is not known.
 */

/** How a value of a field is written: a deadline as "Thu 9 Nov 2023", days as "10 days", a list as lines of its own, lines as they were typed. */
export type FieldKind = 'text' | 'date' | 'deadline' | 'days' | 'money' | 'link' | 'list' | 'lines'
export type LetterField = { readonly kind: FieldKind; readonly title: string }

/**
 * Every fact that a letter may name. The list is closed: what is internal, a bank detail or of another case has no field here, so
 * no letter can hold it (TSI-206).
 */
export const LETTER_FIELDS = {
  'letter.date': { kind: 'date', title: 'Date of the letter' },
  'programme.title': { kind: 'text', title: 'Name of the programme' },
  'case.number': { kind: 'text', title: 'Number of the case' },
  'case.summary': { kind: 'text', title: 'Summary of the case without confidential data' },
  'subject.name': { kind: 'text', title: 'School or trust that is supported' },
  'subject.level': { kind: 'text', title: 'Level of support: school or trust' },
  'school.name': { kind: 'text', title: 'Name of the school' },
  'school.urn': { kind: 'text', title: 'URN of the school' },
  'school.phase': { kind: 'text', title: 'Phase of the school' },
  'trust.name': { kind: 'text', title: 'Name of the trust' },
  'authority.name': { kind: 'text', title: 'Local authority' },
  'region.name': { kind: 'text', title: 'Region' },
  'leader.name': { kind: 'text', title: 'Name of the leader' },
  'leader.type': { kind: 'text', title: 'Type of the leader' },
  'leader.organisation': { kind: 'text', title: 'Organisation of the leader' },
  'contact.name': { kind: 'text', title: 'Name of the contact at the school or trust' },
  'contact.role': { kind: 'text', title: 'Role of the contact at the school or trust' },
  'contact.reach': { kind: 'text', title: 'Telephone or e-mail of the contact at the school or trust' },
  'partner.name': { kind: 'text', title: 'Name of the contact at the delivery partner' },
  'partner.organisation': { kind: 'text', title: 'Delivery partner' },
  'partner.reach': { kind: 'text', title: 'Telephone or e-mail of the delivery partner' },
  'sender.name': { kind: 'text', title: 'Who sends the letter' },
  'sender.role': { kind: 'text', title: 'Role of who sends the letter' },
  'support.kind': { kind: 'text', title: 'Kind of support that was asked for' },
  'support.focus': { kind: 'list', title: 'Focus areas' },
  'days.agreed': { kind: 'days', title: 'Days agreed' },
  'days.extra': { kind: 'days', title: 'More days' },
  'days.left': { kind: 'days', title: 'Days left' },
  'date.start': { kind: 'date', title: 'First day of the support' },
  'date.end': { kind: 'date', title: 'Last day of the support' },
  'date.decided': { kind: 'date', title: 'Day of the decision' },
  'answer.by': { kind: 'deadline', title: 'Last day to answer' },
  'step.title': { kind: 'text', title: 'Step that is waited for' },
  'step.due': { kind: 'deadline', title: 'Last day of the step' },
  'step.late': { kind: 'text', title: 'How late the step is' },
  outcome: { kind: 'text', title: 'Outcome' },
  reason: { kind: 'text', title: 'Reason of the outcome' },
  conditions: { kind: 'list', title: 'Conditions' },
  amount: { kind: 'money', title: 'Amount' },
  instalments: { kind: 'list', title: 'Instalments' },
  'partnership.trust': { kind: 'text', title: 'Trust that supports in a partnership' },
  'notes.shared': { kind: 'list', title: 'Context that is shared with the leader' },
  'message.words': { kind: 'lines', title: 'What is written' },
  'link.answer': { kind: 'link', title: 'Link to answer' },
  'link.case': { kind: 'link', title: 'Link to the case' },
  'link.form': { kind: 'link', title: "Link to the case's own form" },
  'link.once': { kind: 'link', title: 'Link for one person, for a time' },
  'link.ends': { kind: 'date', title: 'Last day of that link' },
} as const satisfies Readonly<Record<string, LetterField>>

export type LetterFieldName = keyof typeof LETTER_FIELDS

export function isLetterField(name: string): name is LetterFieldName {
  return Object.hasOwn(LETTER_FIELDS, name)
}

/** What a recipient's role is a role at. The last three are persons of the case themselves, who need no role. */
const LETTER_PLACES = [
  'school',
  'trust',
  'authority',
  'diocese',
  'region',
  'partner',
  'leader',
  'asker',
  'owner',
] as const
const PERSONS: readonly string[] = ['leader', 'asker', 'owner']
export type LetterPlace = (typeof LETTER_PLACES)[number]

/** What a condition of a recipient may read. */
export const RECIPIENT_FACTS = {
  subjectKind: { type: 'string', mayBeUnknown: false, title: 'single-school, trust-school or trust' },
  outcome: { type: 'string', mayBeUnknown: true, title: 'Id of the outcome that the letter tells' },
} as const

/** Letters that the service sends of itself, whatever the pack calls them. */
const LETTER_USES = ['reminder', 'one-time-link'] as const
export type LetterUse = (typeof LETTER_USES)[number]

const words = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters, digits and hyphens')

const recipient = z
  .strictObject({
    role: id.optional(),
    of: z.enum(LETTER_PLACES),
    // the word for them in a refusal: "CEO is required recipient"
    named: words,
    because: words,
    when: words.optional(),
    // the role that gets it instead while nobody holds the first
    vacant: id.optional(),
    // a copy that the sender may tick; not ticked at first
    offered: z.literal(true).optional(),
  })
  .refine(({ role, of }) => role !== undefined || PERSONS.includes(of), 'needs a role')

const group = z.strictObject({ 'any-of': z.array(recipient).min(2), named: words, when: words.optional() })

const rules = z.array(z.union([recipient, group]))

const cites = z
  .array(
    z
      .string()
      .regex(/^([A-Z]{3}-\d{3}|ADR-\d{4}|setting: .+)$/, 'must be a requirement id, ADR-nnnn or "setting: reason"'),
  )
  .min(1)

/** The longest that a link may work: whoever is away for longer is sent another. */
const MOST_LINK_DAYS = 60

/** Of the letter that holds a link for one person: how many days it works, and the parties of the process who may send it. */
const link = z.strictObject({ days: z.int().positive().max(MOST_LINK_DAYS), by: z.array(id).min(1), cites })

export const letterSchema = z.strictObject({
  title: words,
  subject: words,
  to: rules.min(1),
  cc: rules.default([]),
  needs: z.array(z.string().refine(isLetterField, 'is no field of letters')).default([]),
  use: z.enum(LETTER_USES).optional(),
  link: link.optional(),
  // how its case tells that it did not arrive; without it, the title says it
  failed: words.optional(),
  cites,
})

export type LetterRecipient = z.infer<typeof recipient>
export type LetterGroup = z.infer<typeof group>
export type RecipientRule = LetterRecipient | LetterGroup

/** A letter as it stands in a pack; `digest` tells one wording from another. */
export type Letter = z.infer<typeof letterSchema> & {
  readonly id: string
  readonly body: string
  readonly digest: string
}

export function isGroup(rule: RecipientRule): rule is LetterGroup {
  return 'any-of' in rule
}

/** A piece of a letter: words, or a field in braces with the place of its name. */
export type LetterPiece = {
  readonly text: string
  readonly at: number
  readonly field?: string
  readonly optional: boolean
}

/** Words and fields of a text in their order; `at` counts from 0. */
export function splitLetter(text: string): LetterPiece[] {
  let at = 0
  return text
    .split(/(\{[^{}\n]*\})/)
    .map((piece): LetterPiece => {
      const inner = /^\{([^?]*)(\??)\}$/.exec(piece)
      const start = at
      at += piece.length
      if (!inner) return { text: piece, at: start, optional: false }
      return { text: piece, at: start + 1, field: inner[1] ?? '', optional: inner[2] === '?' }
    })
    .filter(({ text: piece }) => piece !== '')
}
