import type { JudgedRegister, JudgedSchool } from './judge-register.ts'

type Choice = { readonly value: string; readonly text: string }

/** What pages ask of a judged register again and again, worked out once for each. */
export type JudgedSummary = {
  readonly eligible: readonly JudgedSchool[]
  readonly cannotTell: readonly JudgedSchool[]
  /** How many schools meet each row, by the row's id. */
  readonly metBy: ReadonlyMap<string, number>
  readonly regions: readonly Choice[]
  readonly authorities: readonly Choice[]
  readonly phases: readonly Choice[]
}

const kept = new WeakMap<JudgedRegister, JudgedSummary>()

export function summaryOf(judged: JudgedRegister): JudgedSummary {
  const held = kept.get(judged)
  if (held) return held
  const fresh = summarise(judged.schools)
  kept.set(judged, fresh)
  return fresh
}

function summarise(schools: readonly JudgedSchool[]): JudgedSummary {
  const metBy = new Map<string, number>()
  for (const { evaluation } of schools)
    for (const { id, result } of evaluation.rows) if (result === 'met') metBy.set(id, (metBy.get(id) ?? 0) + 1)
  const choices = (value: (one: JudgedSchool['school']) => string | null, text = value): Choice[] => {
    const found = new Map<string, string>()
    for (const { school } of schools) {
      const key = value(school)
      if (key) found.set(key, text(school) ?? key)
    }
    return [...found].map(([key, words]) => ({ value: key, text: words })).sort((a, b) => order.compare(a.text, b.text))
  }
  return {
    eligible: schools.filter(({ evaluation }) => evaluation.outcome === 'eligible'),
    cannotTell: schools.filter(({ evaluation }) => evaluation.outcome === 'not-categorised'),
    metBy,
    regions: choices((school) => school.region),
    authorities: choices(
      (school) => school.authorityCode,
      (school) => school.authority,
    ),
    phases: choices((school) => school.phase),
  }
}

const order = new Intl.Collator('en-GB')
