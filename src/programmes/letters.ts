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
  partner: 'of the trust that supports in a partnership',
  leader: 'of the case',
  asker: 'whoever asked',
  owner: 'whoever the step waits for',
}

/** A letter in plain words: to whom and when, and its lines, in which each field says what is filled in. */
export function describeLetter(letter: Letter, pack: Pack) {
  const recipients = (part: string, rules: readonly RecipientRule[]) =>
    rules.map((rule) => ({ part, text: describeRule(rule, pack), when: conditionWords(rule.when ?? '') }))
  return {
    ...letter,
    recipients: [...recipients('To', letter.to), ...recipients('Copy', letter.cc)],
    subject: piecesOf(letter.subject),
    blocks: blocksOf(letter.body),
    linkWords: letter.link ? describeLink(letter.link, pack) : '',
  }
}

function describeLink({ days, by }: NonNullable<Letter['link']>, { process }: Pick<Pack, 'process'>): string {
  const parties = by.map((party) => process?.parties[party]?.title ?? party)
  const who = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(parties)
  return `Its link opens one case for its reader, once, and works for ${days} days. It may be sent by: ${who}.`
}

type DescribedBlock = { readonly kind: 'heading' | 'text' | 'list'; readonly lines: ReturnType<typeof piecesOf>[] }

/** Headings, lists and paragraphs; each line as its pieces. */
function blocksOf(body: string): DescribedBlock[] {
  const blocks: DescribedBlock[] = []
  let isOpen = false
  for (const line of body.split('\n')) {
    const kind = line.startsWith('## ') ? 'heading' : line.startsWith('- ') ? 'list' : 'text'
    const pieces = piecesOf(kind === 'text' ? line : line.replace(/^(##|-) /, ''))
    const last = blocks.at(-1)
    if (line.trim() === '') isOpen = false
    else if (isOpen && last?.kind === kind && kind !== 'heading') last.lines.push(pieces)
    else {
      blocks.push({ kind, lines: [pieces] })
      isOpen = true
    }
  }
  return blocks
}

/** The conditions that letters have again and again, in words; any other as it stands in the pack. */
const CONDITIONS: Readonly<Record<string, string>> = {
  "subjectKind == 'single-school'": 'the support is for a school in no trust',
  "subjectKind != 'single-school'": 'the support is for a trust or a school in one',
  "subjectKind == 'trust-school'": 'the support is for a school in a trust',
  "subjectKind == 'trust'": 'the support is for a trust',
}

function conditionWords(when: string): string {
  return CONDITIONS[when] ?? when
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
  const title = role === undefined ? '' : titleOf(role, pack)
  // "Chief executive of the trust" says the place already.
  const who = title.endsWith(PLACES[of]) ? title : `${title} ${PLACES[of]}`.trim()
  const instead = vacant === undefined ? '' : `; while vacant: ${titleOf(vacant, pack)}`
  return `${who.charAt(0).toUpperCase()}${who.slice(1)}${instead}: ${because}${offered ? ' (only if the sender ticks it)' : ''}`
}

function titleOf(role: string, pack: Pack): string {
  return pack.roles[role]?.title ?? role
}
