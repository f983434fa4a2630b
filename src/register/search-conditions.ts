import { type RawBuilder, sql } from 'kysely'
import type { Authority } from './authority-store.ts'
import { plainText, readLikeness, type SearchTerms, type SearchWord } from './search-terms.ts'
import { OPEN_NOW } from './status.ts'

/** A search as SQL over `establishment e`: which rows, and in which order (less is better; null: none before another). */
export type SearchCondition = { readonly where: RawBuilder<unknown>; readonly rank: RawBuilder<unknown> | null }

/** What a word may also mean: the authorities it names, and the trusts that the whole phrase names. */
export type SearchContext = { readonly authorities: readonly Authority[]; readonly trustUids: readonly string[] }

const OPEN_FIRST = sql`not ${OPEN_NOW}`
const SHORTEST_PLACE_WORD = 4

/** Rows that the terms name exactly; words must all be there, in the name, town, postcode, authority or trust. */
export function exactCondition(terms: SearchTerms, context: SearchContext): SearchCondition {
  switch (terms.kind) {
    case 'nothing':
      return { where: sql`true`, rank: null }
    case 'no-words':
      return { where: sql`false`, rank: null }
    case 'urn':
      return { where: sql`e.urn = ${terms.urn}`, rank: OPEN_FIRST }
    case 'laestab':
      return { where: sql`e.laestab = ${terms.laestab}`, rank: OPEN_FIRST }
    case 'ukprn':
      return { where: sql`e.ukprn = ${terms.ukprn}`, rank: OPEN_FIRST }
    case 'code':
      return { where: sql`e.authority_code = ${terms.code} or e.trust_uid = ${terms.code}`, rank: OPEN_FIRST }
    case 'postcode':
      return { where: sql`replace(e.postcode, ' ', '') like ${terms.pattern}`, rank: OPEN_FIRST }
    case 'words':
      return wordsCondition(terms.phrase, terms.words, context)
  }
}

/** Rows with words like the typed ones, for when none has them exactly. Undefined when likeness cannot help. */
export function likenessCondition(terms: SearchTerms): SearchCondition | undefined {
  if (terms.kind !== 'words') return undefined
  const { common, rare } = readLikeness(terms.words)
  if (!rare.length && common.every((word) => terms.words.some((typed) => typed.text === word.text))) return undefined
  // The threshold is the extension's own, 0.6: one slip in a word of five letters or more.
  const like = rare.map((word) => sql`${word} <% e.search_text`)
  return {
    where: sql.join([...like, ...common.map(containsWord)], sql` and `),
    rank: rare.length ? sql`-round(word_similarity(${terms.phrase}, e.search_text)::numeric, 2)` : OPEN_FIRST,
  }
}

/** Exact name first, then names that begin so, then all words in the name, then the rest. */
function wordsCondition(phrase: string, words: readonly SearchWord[], context: SearchContext): SearchCondition {
  const each = words.map((word) => wordCondition(word, context.authorities))
  const all = sql`(${sql.join(each, sql` and `)})`
  const where = context.trustUids.length ? sql`(${all} or e.trust_uid = any(${[...context.trustUids]}))` : all
  if (words.every((word) => word.common)) return { where, rank: OPEN_FIRST }
  // One letter is in nearly every name, so that only names that begin with it come first.
  const inName = words.flatMap((word) =>
    word.common || word.text.length === 1 ? [] : [sql`lower(e.name) ~ ${word.pattern}`],
  )
  const rank = sql`case
    when e.search_text like ${`${escaped(phrase)}%`} then case when plain_text(e.name) = ${phrase} then 0 else 1 end
    when ${inName.length ? sql.join(inName, sql` and `) : sql`true`} then 2
    else 3 end`
  return { where, rank }
}

function wordCondition(word: SearchWord, authorities: readonly Authority[]): RawBuilder<unknown> {
  const codes = authoritiesNamed(word, authorities)
  const contained = containsWord(word)
  return codes.length ? sql`(${contained} or e.authority_code = any(${codes}))` : contained
}

/** The trigram index serves the pattern; a common word is not worth the index, and LIKE is the quickest over many rows. */
function containsWord(word: SearchWord): RawBuilder<unknown> {
  if (!word.common) return matchesPattern(word)
  const parts = word.like.map((pattern) => sql`e.search_text like ${pattern}`)
  return sql`(${sql.join(parts, sql` or `)})`
}

/** Two letters are too short for the index and are looked for in every row: LIKE settles most of them at half the cost. */
function matchesPattern({ text, pattern }: Extract<SearchWord, { common: false }>): RawBuilder<unknown> {
  const match = sql`e.search_text ~ ${pattern}`
  return text.length === 2 ? sql`(e.search_text like ${`%${escaped(text)}%`} and ${match})` : match
}

function authoritiesNamed(word: SearchWord, authorities: readonly Authority[]): string[] {
  if (word.text.length < SHORTEST_PLACE_WORD) return []
  return authorities
    .filter((authority) =>
      plainText(authority.name)
        .split(/[ ,.]+/)
        .includes(word.text),
    )
    .map((authority) => authority.code)
}

function escaped(phrase: string): string {
  return phrase.replaceAll(/[%_\\]/g, (sign) => `\\${sign}`)
}
