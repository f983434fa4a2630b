import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'

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

type Path = readonly (string | number)[]
/** A change of a fresh copy of the document. */
type Change = { readonly path: Path; readonly words: string; apply(document: Document): void }
type Found = Change & { readonly cites: readonly string[] }

/** Words for people, numbers of things and addresses are no rules. */
const WORDS = new Set([
  'title',
  'help',
  'say',
  'hint',
  'cites',
  'id',
  'name',
  'words',
  'summary',
  'link',
  'about',
  'kind',
  'audience',
  'status',
])
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

function changesIn(document: Document, parties: readonly string[]): Found[] {
  return walk(document.toJS(), [], { inherited: [], parties })
}

type Around = { readonly inherited: readonly string[]; readonly parties: readonly string[] }

/** The changes of a value and of everything in it; what cites nothing itself stands under the cites around it. */
function walk(value: unknown, path: Path, { inherited, parties }: Around): Found[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => walk(one, [...path, at], { inherited, parties }))
  if (!isRecord(value)) return []
  const own = citesOf(value)
  const cites = own.length > 0 ? own : inherited
  const changes = cites.length > 0 ? [...dropCheck(value, path), ...changesOf(value, path, parties)] : []
  const inner = Object.entries(value).flatMap(([name, one]) =>
    WORDS.has(name) ? [] : walk(one, [...path, name], { inherited: cites, parties }),
  )
  return [...changes.map((change) => ({ ...change, cites })), ...inner]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function citesOf({ cites }: Readonly<Record<string, unknown>>): string[] {
  return Array.isArray(cites) ? cites.map(String).filter((one) => /^[A-Z]{3}-\d{3}$/.test(one)) : []
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
