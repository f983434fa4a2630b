import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { citedParts, type Path, WORDS } from './cited.ts'

/** One value of a pack changed: where, from what to what, and the requirements that stand beside it. */
export type Mutant = {
  readonly file: string
  readonly line: number
  readonly path: string
  readonly change: string
  readonly cites: readonly string[]
  /** The whole file with that one value changed. */
  readonly text: string
}

/** A change of a fresh copy of the document. */
type Change = { readonly path: Path; readonly words: string; apply(document: Document): void }
type Found = Change & { readonly cites: readonly string[] }

const PARTY_KEYS = new Set(['owner', 'by', 'as'])
const LENGTH = /^(\d+) (working days|days|weeks|months)$/
const OTHER_UNIT: Readonly<Record<string, string>> = {
  'working days': 'weeks',
  days: 'weeks',
  weeks: 'days',
  months: 'weeks',
}
const LISTS = new Set(['do', 'next', 'tell', 'needs', 'late', 'writers', 'readers'])

/** Every mutant of one YAML file of a pack. `parties` are its parties, so that one can stand for another. */
export function findMutants(file: string, text: string, parties: readonly string[]): Mutant[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  return changesIn(document, parties).map(({ path, words, cites, apply }) => {
    const copy = parseDocument(text)
    apply(copy)
    const node = document.getIn([...path], true)
    const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined
    return {
      file,
      line: lines.linePos(range?.[0] ?? 0).line,
      path: path.join('.'),
      change: words,
      cites,
      text: copy.toString({ lineWidth: 0 }),
    }
  })
}

/** The changes of every part that stands under a requirement. */
function changesIn(document: Document, parties: readonly string[]): Found[] {
  return citedParts(document.toJS()).flatMap(({ path, value, cites }) =>
    [...dropCheck(value, path), ...changesOf(value, path, parties)].map((change) => ({ ...change, cites })),
  )
}

function dropCheck(value: Readonly<Record<string, unknown>>, path: Path): Change[] {
  if (path.at(-2) !== 'checks' || typeof value['when'] !== 'string') return []
  return [{ path, words: `check ${String(value['id'])} dropped`, apply: (document) => document.deleteIn([...path]) }]
}

function changesOf(value: Readonly<Record<string, unknown>>, path: Path, parties: readonly string[]): Change[] {
  return Object.entries(value).flatMap(([name, one]) => {
    if (WORDS.has(name)) return []
    const at = [...path, name]
    const to = (next: unknown): Change => ({
      path: at,
      words: `${JSON.stringify(one)} to ${JSON.stringify(next)}`,
      apply: (document) => document.setIn(at, next),
    })
    if (LISTS.has(name) && Array.isArray(one)) return one.map((item, index) => dropItem([...at, index], item))
    return otherValues(name, one, parties).map(to)
  })
}

function dropItem(path: Path, item: unknown): Change {
  return { path, words: `${JSON.stringify(item)} left out`, apply: (document) => document.deleteIn([...path]) }
}

/** What a value is changed to: a number by one, a length in number and unit, a yes to a no, a party to another, a level to a warning. */
function otherValues(name: string, value: unknown, parties: readonly string[]): unknown[] {
  if (typeof value === 'number') return value > 0 ? [value + 1, value - 1] : [value + 1]
  if (typeof value === 'boolean') return [!value]
  if (typeof value !== 'string') return []
  const length = LENGTH.exec(value)
  if (length) return [`${Number(length[1]) + 1} ${length[2]}`, `${length[1]} ${OTHER_UNIT[length[2] ?? '']}`]
  if (name === 'level' && (value === 'refuse' || value === 'reason')) return ['warn']
  if (PARTY_KEYS.has(name) && parties.includes(value)) return parties.filter((party) => party !== value).slice(0, 1)
  return []
}
