import type { Work } from '../programmes/index.ts'

export type ThemeNow = {
  readonly id: string
  readonly title: string
  readonly state: 'covered' | 'not needed' | 'open'
  readonly reason: string | null
  readonly catalogue: boolean
  readonly areas: readonly string[]
}

/** How far the plan covers each theme: by a strategy in one of its areas, set aside with a reason, or open (TSI-116). */
export function themesOf(
  { themes }: Work,
  { areas, notNeeded }: { areas: readonly string[]; notNeeded: ReadonlyMap<string, string> },
): ThemeNow[] {
  return themes.of.map(({ id, title, areas: covers, catalogue = false }) => {
    const reason = notNeeded.get(id) ?? null
    const isCovered = covers.some((area) => areas.includes(area))
    const state = isCovered ? 'covered' : reason !== null ? 'not needed' : 'open'
    return { id, title, state, reason: isCovered ? null : reason, catalogue, areas: covers }
  })
}

export function openThemes(work: Work, asked: Parameters<typeof themesOf>[1]): ThemeNow[] {
  return themesOf(work, asked).filter(({ state }) => state === 'open')
}
