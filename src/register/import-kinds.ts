import type { PoolClient } from 'pg'
import { AUTHORITIES_STAGE, saveAuthorities } from './import-authorities.ts'
import type { TextIndexed } from './import-bulk.ts'
import { INSPECTIONS_STAGE, saveInspections } from './import-inspections.ts'
import { type FittedLayout, fitLayout, type Layout } from './import-layout.ts'
import { AUTHORITIES_LAYOUT, GROUP_LINKS_LAYOUT, GROUPS_LAYOUT, LINKS_LAYOUT } from './import-layout-groups.ts'
import { INSPECTIONS_LAYOUT, MANAGEMENT_INFORMATION_LAYOUT } from './import-layout-inspections.ts'
import { SCHOOLS_LAYOUT } from './import-layout-schools.ts'
import { type Dataset, fitMeasures, MEASURES_STAGE, saveMeasures } from './import-measures.ts'
import {
  GROUP_LINKS_STAGE,
  GROUPS_STAGE,
  LINKS_STAGE,
  saveGroupLinks,
  saveGroups,
  saveLinks,
} from './import-memberships.ts'
import { type SavedFile, type SaveTotals, SCHOOLS_STAGE, saveSchools } from './import-schools.ts'
import type { StageColumns } from './import-stage.ts'
import type { Projection } from './projections.ts'

/** What can be asked for. A file of group links is told from one of groups by its columns. */
export type ImportKind = 'authorities' | 'schools' | 'groups' | 'links' | 'inspections' | 'measures'

type Saving = {
  readonly stage: StageColumns
  readonly save: (client: PoolClient, file: SavedFile) => Promise<SaveTotals>
  /** Whether its rows are about establishments that must be known. */
  readonly needsSchools: boolean
  readonly projections: readonly Projection[]
  /** The table with trigram indexes that it fills, and the column that identifies its rows. */
  readonly searched?: { readonly table: TextIndexed; readonly key: string }
}

/** A kind of import settled for one file: how its rows are read, staged, saved and projected. */
export type Import = Saving & { readonly fitted: FittedLayout }

const LAYOUTS: Record<Exclude<ImportKind, 'measures'>, readonly Layout[]> = {
  authorities: [AUTHORITIES_LAYOUT],
  schools: [SCHOOLS_LAYOUT],
  groups: [GROUPS_LAYOUT, GROUP_LINKS_LAYOUT],
  links: [LINKS_LAYOUT],
  inspections: [INSPECTIONS_LAYOUT, MANAGEMENT_INFORMATION_LAYOUT],
}

const SAVINGS = {
  authorities: { stage: AUTHORITIES_STAGE, save: saveAuthorities, needsSchools: false, projections: [] },
  schools: {
    stage: SCHOOLS_STAGE,
    save: saveSchools,
    needsSchools: false,
    projections: ['listing', 'trust', 'grade', 'benchmark'],
    searched: { table: 'establishment', key: 'urn' },
  },
  groups: {
    stage: GROUPS_STAGE,
    save: saveGroups,
    needsSchools: false,
    projections: ['trust'],
    searched: { table: 'establishment_group', key: 'uid' },
  },
  'group-links': { stage: GROUP_LINKS_STAGE, save: saveGroupLinks, needsSchools: true, projections: ['trust'] },
  links: { stage: LINKS_STAGE, save: saveLinks, needsSchools: true, projections: ['grade'] },
  inspections: { stage: INSPECTIONS_STAGE, save: saveInspections, needsSchools: true, projections: ['grade'] },
} satisfies Record<string, Saving>

export type NightlyKind = Exclude<ImportKind, 'measures' | 'authorities'>

/** The kinds of file that a nightly register has, in the order in which each builds on those before. */
export const NIGHTLY_KINDS: readonly NightlyKind[] = ['schools', 'groups', 'links', 'inspections']

/**
 * Of what kind a file is by its header: the one of whose required columns it has the largest share, then the one that knows
 * most of its columns. Undefined when it has not even half of any.
 */
export function recogniseKind(header: string[]): NightlyKind | undefined {
  const given = { asAt: '2000-01-01' }
  const [best] = NIGHTLY_KINDS.flatMap((kind) => LAYOUTS[kind].map((layout) => ({ kind, layout })))
    .map(({ kind, layout }) => {
      const { missing, ignored } = fitLayout([layout], header, given)
      const required = layout.fields.filter((field) => field.required).length
      return { kind, share: 1 - missing.length / required, known: header.length - ignored.length }
    })
    .sort((a, b) => b.share - a.share || b.known - a.known)
  return best && best.share >= 0.5 ? best.kind : undefined
}

/** The layout that fits a header of a kind best, and which of the columns it knows. */
export function knownColumns(kind: ImportKind, header: string[]): { layout: Layout; columns: string[] } | undefined {
  if (kind === 'measures') return undefined
  const fitted = fitLayout(LAYOUTS[kind], header, { asAt: '2000-01-01' })
  const unknown = new Set([...fitted.ignored, ...fitted.persons])
  return { layout: fitted.layout, columns: header.filter((column) => column && !unknown.has(column)) }
}

/** Chooses by kind and header. `fitted.missing` says which required columns the nearest layout lacks. */
export function chooseImport(
  kind: ImportKind,
  header: string[],
  given: { asAt: string; dataset: Dataset | undefined },
): Import {
  if (kind !== 'measures') {
    const fitted = fitLayout(LAYOUTS[kind], header, given)
    return { fitted, ...savingOf(fitted.layout) }
  }
  const { dataset } = given
  if (!dataset) throw new Error('An import of measures must name its dataset')
  return {
    fitted: fitMeasures(header, dataset),
    stage: MEASURES_STAGE,
    save: (client, file) => saveMeasures(client, file, dataset.name),
    needsSchools: true,
    projections: ['benchmark'],
  }
}

function savingOf({ kind }: Layout): Saving {
  if (kind === 'measures') throw new Error(`A layout of kind ${kind} is not chosen by header`)
  return SAVINGS[kind]
}
