import type { JudgedSchool } from '../eligibility/index.ts'
import { isRuleRow, type Pack, packRef, type Standing } from '../programmes/index.ts'
import { type Floor, judgedFloorHolds, type Levels } from './standing-rules.ts'

/** A standing that a programme runs, with what its rules are read from. */
export type RunStanding = {
  readonly pack: Pack
  readonly id: string
  readonly standing: Standing
  readonly levels: Levels
  /** The roles whose holders set it. */
  readonly setters: readonly string[]
}

/** The standings of schools that this release runs. */
export function listRunStandings(packs: readonly Pack[]): RunStanding[] {
  return packs.flatMap((pack) =>
    Object.entries(pack.process?.standings ?? {})
      .filter(([id, { of }]) => of === 'school' && isRun(pack, id))
      .map(([id, standing]) => ({
        pack,
        id,
        standing,
        levels: { order: standing.order, variants: standing.variants ?? {} },
        setters: standing['set-by'].flatMap((party) => pack.process?.parties[party]?.roles ?? []),
      })),
  )
}

function isRun(pack: Pack, id: string): boolean {
  return !pack['not-run-yet'] || pack.runs?.standings?.includes(id) === true
}

/** One of them as an address names it. */
export function findRunStanding(packs: readonly Pack[], ref: string, id: string): RunStanding | undefined {
  return listRunStandings(packs).find((one) => packRef(one.pack) === ref && one.id === id)
}

/** The floors in force for a school: rows of the table that are met, and those that persons judged and nobody lifted. */
export function floorsOf({ pack, standing, setters }: RunStanding, school: JudgedSchool | undefined): Floor[] {
  if (!school) return []
  return (standing.floors ?? []).flatMap((floor): Floor[] => {
    const row = pack.eligibility.rows.find(({ id }) => id === floor.row)
    const judged = school.evaluation.rows.find(({ id }) => id === floor.row)
    if (!row || !judged) return []
    if (isRuleRow(row) || floor.until === 'row ends')
      return judged.result === 'met' ? [{ row: row.id, level: floor.level, evidence: judged.evidence }] : []
    const judgements = school.recorded.filter((one) => one.row === row.id)
    return judgedFloorHolds(judgements, setters)
      ? [{ row: row.id, level: floor.level, evidence: `${row.title}: ${judged.evidence}` }]
      : []
  })
}
