/** How a school comes to its level in a scene: by a rule, decided on a day, or only proposed until a day. */
export type ToldLevel = {
  readonly urn: number
  readonly level: string
  readonly variant: string
  readonly from: string
  readonly proposed: string | null
  /** The day on which what was proposed is decided, where it is. */
  readonly decidedOn?: string
  readonly isAutomatic: boolean
  readonly grounds: string
}

/**
 * What a scene says under `levels`, in either of its ways: `[core, 2026-09-14, decided]`, or an object with the level as a key.
 * Schools without a level are left out. Throws on what cannot be read.
 */
export function readLevels(
  part: unknown,
  scenes: readonly { readonly id: string; readonly exists?: unknown }[],
): ToldLevel[] {
  if (typeof part === 'string') return readAsOther(part, scenes)
  return Object.entries(Object(part)).flatMap(([urn, told]) => {
    const one = Array.isArray(told) ? readList(told) : readObject(told)
    return one ? [{ ...one, urn: Number(urn) }] : []
  })
}

/** "as gtg-levels, with 900207 in force since 2026-11-02": the levels of another scene, one of them no longer only proposed. */
function readAsOther(
  words: string,
  scenes: readonly { readonly id: string; readonly exists?: unknown }[],
): ToldLevel[] {
  const other = scenes.find(({ id }) => id === /^as ([a-z-]+)/.exec(words)?.[1])
  if (!other) throw new Error(`A scene tells its levels by a scene that is not there: ${words}`)
  const inForce = Number(/with (\d{6}) in force/.exec(words)?.[1])
  const exists: Readonly<Record<string, unknown>> = Object(other.exists)
  return readLevels(exists['levels'], scenes).map((one) =>
    one.urn === inForce ? { ...one, decidedOn: one.from } : one,
  )
}

function readList(told: readonly unknown[]): Omit<ToldLevel, 'urn'> {
  const [level, from, origin] = told.map(dayOrText)
  return {
    level: levelId(level ?? ''),
    variant: '',
    from: from ?? '',
    proposed: null,
    isAutomatic: (origin ?? '').startsWith('automatic'),
    grounds: 'As judged in the summer',
  }
}

const KEYS = ['core', 'focused', 'enhanced', 'intensive_a', 'intensive_b']

function readObject(told: unknown): Omit<ToldLevel, 'urn'> | undefined {
  if (typeof told === 'string') return undefined
  const given: Readonly<Record<string, unknown>> = Object(told)
  const key = KEYS.find((one) => one in given)
  if (!key) throw new Error(`A scene tells no level: ${JSON.stringify(told)}`)
  const detail = given[key]
  const parts: Readonly<Record<string, unknown>> = Array.isArray(detail) ? { aspects: detail } : Object(detail)
  return {
    level: levelId(key),
    variant: 'tas' in parts ? 'around-school' : '',
    from: dayOrText(given['from']),
    proposed: /proposed (\S+)/.exec(String(given['state'] ?? ''))?.[1] ?? null,
    isAutomatic: false,
    grounds: typeof detail === 'string' ? detail : Object.values(parts).flat().join(', '),
  }
}

function levelId(key: string): string {
  return key.replace('_', '-')
}

function dayOrText(value: unknown): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value ?? '')
}
