import { compileExpression, createLanguage, type Expression, evaluateCondition, type Facts } from './conditions.ts'
import type { Cited } from './describe-pack.ts'
import {
  isGroup,
  isLetterField,
  LETTER_FIELDS,
  type Letter,
  type LetterPlace,
  type LetterRecipient,
  type LetterUse,
  RECIPIENT_FACTS,
  type RecipientRule,
  splitLetter,
} from './letter-schema.ts'
import type { Pack } from './pack-schema.ts'

/** A letter by its id, or by what the service uses it for; undefined when the pack has none. */
export function findLetter(
  pack: Pick<Pack, 'letters'>,
  wanted: string | { readonly use: LetterUse },
): Letter | undefined {
  if (typeof wanted === 'string') return Object.hasOwn(pack.letters, wanted) ? pack.letters[wanted] : undefined
  return Object.values(pack.letters).find((letter) => letter.use === wanted.use)
}

/** What conditions of recipients are written in: the same for every pack. */
export const RECIPIENT_LANGUAGE = createLanguage(
  { 'academic-year': { name: '', from: '0000-01-01', to: '9999-12-31', cites: [] }, eligibility: {} },
  RECIPIENT_FACTS,
)
const compiled = new Map<string, Expression>()

/** Whether a rule's condition holds. What cannot be told does not hold: nobody gets a letter by a guess. */
export function recipientApplies({ when }: RecipientRule, facts: Facts): boolean {
  if (when === undefined) return true
  const expression = compiled.get(when) ?? compileExpression(when, RECIPIENT_LANGUAGE)
  compiled.set(when, expression)
  return evaluateCondition(expression, facts) === 'met'
}

/** The letters of a programme in a line each. */
export function describeLetters({ letters }: Pick<Pack, 'letters'>): Cited[] {
  return Object.values(letters).map(({ id, title, cites }) => ({ id, text: title, cites }))
}

const PLACES: Readonly<Record<LetterPlace, string>> = {
  school: 'of the school',
  trust: 'of the trust',
  authority: 'of the local authority',
  diocese: 'of the diocese',
  region: 'of the region',
  leader: 'of the case',
  asker: 'whoever asked',
  owner: 'whoever the step waits for',
}

/** A letter in plain words: to whom and when, and its lines, in which each field says what is filled in. */
export function describeLetter(letter: Letter, pack: Pack) {
  const recipients = (part: string, rules: readonly RecipientRule[]) =>
    rules.map((rule) => ({ part, text: describeRule(rule, pack), when: rule.when ?? '' }))
  return {
    ...letter,
    recipients: [...recipients('To', letter.to), ...recipients('Copy', letter.cc)],
    subject: piecesOf(letter.subject),
    lines: letter.body.split('\n').map((line) => {
      const heading = line.startsWith('## ')
      return { heading, blank: line.trim() === '', pieces: piecesOf(heading ? line.slice(3) : line) }
    }),
  }
}

function piecesOf(text: string) {
  return splitLetter(text).map(({ text: words, field, optional }) =>
    field !== undefined && isLetterField(field)
      ? { field: `${LETTER_FIELDS[field].title}${optional ? ', if known' : ''}` }
      : { words },
  )
}

function describeRule(rule: RecipientRule, pack: Pack): string {
  if (isGroup(rule)) return rule['any-of'].map((one) => describeRecipient(one, pack)).join('; or ')
  return describeRecipient(rule, pack)
}

function describeRecipient({ role, of, because, vacant, offered }: LetterRecipient, pack: Pack): string {
  const who = role === undefined ? PLACES[of] : `${titleOf(role, pack)} ${PLACES[of]}`
  const instead = vacant === undefined ? '' : `; while vacant: ${titleOf(vacant, pack)}`
  return `${who.charAt(0).toUpperCase()}${who.slice(1)}${instead}: ${because}${offered ? ' (only if the sender ticks it)' : ''}`
}

function titleOf(role: string, pack: Pack): string {
  return pack.roles[role]?.title ?? role
}
