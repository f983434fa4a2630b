/** What someone typed into a search box, read as far as its shape tells. */
export type SearchTerms =
  | { readonly kind: 'nothing' }
  /** Something was typed, but only signs that no name has. */
  | { readonly kind: 'no-words' }
  | { readonly kind: 'urn'; readonly urn: number }
  /** Authority number and establishment number without the slash: 2013614. */
  | { readonly kind: 'laestab'; readonly laestab: string }
  | { readonly kind: 'ukprn'; readonly ukprn: string }
  /** Three digits name an authority, four or five a group, TR and digits a trust. */
  | { readonly kind: 'code'; readonly code: string }
  /** A LIKE pattern over the postcode without its space: whole, outward part or cut short. */
  | { readonly kind: 'postcode'; readonly pattern: string }
  | { readonly kind: 'words'; readonly phrase: string; readonly words: readonly SearchWord[] }

/**
 * One word with its other spellings. A common word, which much of the register has, is looked for by LIKE patterns and is no
 * ground to rank by; any other as a regular expression of the database, at the beginning of a word.
 */
export type SearchWord =
  | { readonly text: string; readonly common: true; readonly like: readonly string[] }
  | { readonly text: string; readonly common: false; readonly pattern: string }

const LONGEST = 120
const MOST_WORDS = 8
const SHORTEST_LIKE = 4

const IDENTIFIERS: readonly { shape: RegExp; read: (digits: string) => SearchTerms }[] = [
  { shape: /^[1-9]\d{5}$/, read: (text) => ({ kind: 'urn', urn: Number(text) }) },
  { shape: /^\d{3} ?[/-] ?\d{4}$|^\d{7}$/, read: (text) => ({ kind: 'laestab', laestab: text.replaceAll(/\D/g, '') }) },
  { shape: /^1\d{7}$/, read: (text) => ({ kind: 'ukprn', ukprn: text }) },
  { shape: /^\d{3,5}$|^tr\d{3,6}$/, read: (text) => ({ kind: 'code', code: text.toUpperCase() }) },
]

/** Outward part, then nothing or a part of the inward one. */
const POSTCODE = /^([a-z]{1,2}\d[a-z\d]?)(?: (\d[a-z]{0,2})| ?(\d[a-z]{2}))?$/

/** Names of the register spell these in many ways; each row is one thing. */
const COMMON_SAME: Readonly<Record<string, readonly string[]>> = {
  cofe: ['%cofe%', '%c of e%', '%church of england%', '% ce %', '%c.e.%', '%c.of e%'],
  rc: ['% rc %', '%r.c.%', '%catholic%'],
  st: ['st %', '% st %', 'st. %', '% st. %', '%saint %'],
}
const PHRASES: readonly [RegExp, string][] = [
  [/\b(?:church of england|c of e|c\.? ?e\.?(?= |$)|coe)/g, 'cofe'],
  [/\broman catholic\b/g, 'rc'],
  [/\b(?:saint\b|st\.(?= |$))/g, 'st'],
]
/** They tell no school from another, and names have them or not. */
const SILENT = new Set(['and', 'the', 'of', 'a'])

/** Words that half the register has in its names: a misspelt one is set right here, not looked for by likeness. */
const GENERIC = [
  'primary',
  'school',
  'academy',
  'college',
  'infant',
  'junior',
  'secondary',
  'nursery',
  'community',
  'catholic',
  'church',
  'grammar',
  'special',
  'centre',
  'trust',
]

/** Reads a search box: an identifier or postcode when the whole text has that shape, else words. */
export function readSearch(typed: string): SearchTerms {
  const text = plainText(typed).slice(0, LONGEST)
  if (!text) return { kind: 'nothing' }
  const identifier = IDENTIFIERS.find((one) => one.shape.test(text))
  if (identifier) return identifier.read(text)
  const postcode = POSTCODE.exec(text)
  if (postcode) return { kind: 'postcode', pattern: postcodePattern(postcode) }
  return readWords(text)
}

/** The same search with misspelt common words set right; the rare ones are to be looked for by likeness. */
export function readLikeness(words: readonly SearchWord[]): { common: SearchWord[]; rare: string[] } {
  const common: SearchWord[] = []
  const rare: string[] = []
  for (const word of words) {
    const known = GENERIC.find((one) => isNearly(word.text, one))
    if (known) common.push(readWord(known))
    else if (word.text.length >= SHORTEST_LIKE) rare.push(word.text)
  }
  return { common, rare }
}

/** Lower case without accents, apostrophes as one sign, single spaces: as the database keeps its search text. */
export function plainText(typed: string): string {
  return typed
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\u2018\u2019`\u00b4]/g, "'")
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .toLowerCase()
}

function postcodePattern([, outward = '', cut, whole]: RegExpExecArray): string {
  const inward = (cut ?? whole ?? '').padEnd(3, '_')
  return `${outward}${inward}`.toUpperCase()
}

function readWords(text: string): SearchTerms {
  let phrase = text.replaceAll(/[,;"()%_\\]/g, ' ').replaceAll('&', ' and ')
  for (const [shape, word] of PHRASES) phrase = phrase.replaceAll(shape, word)
  const all = phrase.split(' ').filter(Boolean).slice(0, MOST_WORDS)
  const telling = all.filter((word) => !SILENT.has(word))
  const words = (telling.length ? telling : all).map(readWord)
  return words.length ? { kind: 'words', phrase: text, words } : { kind: 'no-words' }
}

/** "mary" is not in "primary", "larkb" finds Larkbeck, and "Marys", "Mary's" and "Mary" are one name to whoever types it. */
function readWord(word: string): SearchWord {
  const same = COMMON_SAME[word]
  if (same) return { text: word, common: true, like: same }
  if (GENERIC.some((one) => word === one || word === `${one}s`))
    return { text: word, common: true, like: [`%${word}%`] }
  const stem = /^(\w{3,})'?s$/.exec(word)?.[1]
  if (stem) return { text: word, common: false, pattern: `\\m${stem}('?s)?\\M` }
  return { text: word, common: false, pattern: `\\m${word.replaceAll(/[^\w ]/gu, (sign) => `\\${sign}`)}` }
}

/** Equal but for one or two letters, in words long enough for that to mean a slip of the fingers. */
function isNearly(word: string, known: string): boolean {
  if (word === known || word === `${known}s`) return true
  if (word.length < 4 || Math.abs(word.length - known.length) > 2) return false
  return editDistance(word, known) <= (known.length > 6 ? 2 : 1)
}

/** Levenshtein's distance, row by row. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1]
    for (const [column, other] of [...right].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1)
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
