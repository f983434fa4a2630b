/** Where a value stands in a file of a pack. */
export type Path = readonly (string | number)[]

/** One mapping of a pack with the requirements that stand beside it, or around it where it names none itself. */
export type Cited = {
  readonly path: Path
  readonly value: Readonly<Record<string, unknown>>
  readonly cites: readonly string[]
}

/** Words for people, numbers of things and addresses are no rules. */
export const WORDS: ReadonlySet<string> = new Set([
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

/** Every mapping that stands under a requirement, in the order of the file. */
export function citedParts(document: unknown): Cited[] {
  return walk(document, [], [])
}

function walk(value: unknown, path: Path, inherited: readonly string[]): Cited[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => walk(one, [...path, at], inherited))
  if (!isRecord(value)) return []
  const own = citesOf(value)
  const cites = own.length > 0 ? own : inherited
  const inner = Object.entries(value).flatMap(([name, one]) =>
    WORDS.has(name) ? [] : walk(one, [...path, name], cites),
  )
  return [...(cites.length > 0 ? [{ path, value, cites }] : []), ...inner]
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function citesOf({ cites }: Readonly<Record<string, unknown>>): string[] {
  return Array.isArray(cites) ? cites.map(String).filter((one) => /^[A-Z]{3}-\d{3}$/.test(one)) : []
}
