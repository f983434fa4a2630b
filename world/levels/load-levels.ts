import { rolesOf } from '../../src/app.ts'
import { beginByLevel, type CaseParts, followDuties, runStep, startCase } from '../../src/cases/index.ts'
import type { Actor } from '../../src/platform/actor.ts'
import type { Decision } from '../../src/platform/decision.ts'
import { findPack } from '../../src/programmes/index.ts'
import { followStandings } from '../../src/standings/index.ts'
import { actorsOf } from '../cases/people-of-case.ts'
import type { England } from '../england-file.ts'
import type { SceneWork } from '../scene-parts.ts'
import { readLevels, type ToldLevel } from './read-levels.ts'

/** Who sets the levels in the invented authority. */
const SENIOR = 'so-1'
const FLOW = 'level-decision'

type Deed = {
  readonly on: string
  readonly urn: number | null
  readonly step: string
  readonly by: string
  readonly fields: object
}

/**
 * The levels of a scene: rules act on the first day of the programme, and people decide the others in cases, each on the day that
 * the scene tells. What is only proposed waits for its discussion.
 */
export async function loadLevels(work: SceneWork): Promise<void> {
  const { window, packs, db, programme } = work
  const first = findPack(programme, packs)?.['academic-year'].from ?? ''
  const levels = readLevels(work.part, work.england.scenes ?? [])
  const deeds = [
    rulesOn(first),
    ...levels.filter(({ isAutomatic }) => !isAutomatic).flatMap((one) => deedsOf(work, one)),
  ]
  const due = deeds
    .filter(({ on }) => on <= window.to && (window.after === null || on > window.after))
    .toSorted((a, b) => a.on.localeCompare(b.on))
  const actor = actorsOf(db, rolesOf(packs))
  const cases = new Map<number, string>()
  for (const deed of due) {
    const parts = work.casesOn(deed.on)
    if (deed.urn === null) await followAll(parts)
    else await doDeed(parts, { ...deed, urn: deed.urn }, { by: await actor(deed.by, deed.on), programme, cases })
  }
}

function rulesOn(on: string): Deed {
  return { on, urn: null, step: '', by: '', fields: {} }
}

async function followAll(parts: CaseParts): Promise<void> {
  await followStandings(parts)
  await beginByLevel(parts)
  await followDuties(parts)
}

function deedsOf(
  { england }: SceneWork,
  { urn, level, variant, from, proposed, decidedOn, grounds }: ToldLevel,
): Deed[] {
  const adviser = adviserOf(england, urn)
  const on = proposed ?? from
  const isIntensive = level.startsWith('intensive')
  const present = ['school-head', 'adviser', ...(isIntensive ? ['governors', 'seniors'] : [])]
  const proposing = [
    { on, urn, step: 'judge-indicators', by: adviser, fields: INDICATORS },
    { on, urn, step: 'propose-level', by: adviser, fields: { level, variant, grounds } },
  ]
  if (proposed !== null && !decidedOn) return proposing
  const then = decidedOn ?? on
  return [
    ...proposing,
    { on: then, urn, step: 'discuss-level', by: adviser, fields: { 'held-on': then, present } },
    { on: then, urn, step: 'finalise-level', by: SENIOR, fields: { outcome: 'confirmed', why: grounds } },
    { on: then, urn, step: 'level-letter', by: SENIOR, fields: {} },
    { on: then, urn, step: 'write-tag-report', by: adviser, fields: REPORT },
  ]
}

/** Whose school it is, by the roles of the people. */
function adviserOf({ people = [] }: England, urn: number): string {
  const isAdviser = ([, role, scope]: readonly [string, string, unknown]) =>
    role === 'lama' && [scope].flat().map(String).includes(String(urn))
  return people.find(({ grants }) => grants.some(isAdviser))?.id ?? ''
}

const INDICATORS = {
  outcomes: 'As the last results show',
  ambition: 'Shown in the plan of the school',
  'leadership-management-and-governance': 'As seen at the core visit',
  'overall-effectiveness': 'As judged with the school',
}
const REPORT = {
  'areas-for-improvement': 'As proposed',
  'date-for-each-area': 'End of the year',
  effect: 'Too early to say',
}

type Doing = { readonly by: Actor; readonly programme: string; readonly cases: Map<number, string> }

async function doDeed(parts: CaseParts, deed: Deed & { urn: number }, { by, programme, cases }: Doing): Promise<void> {
  const { urn, step, fields } = deed
  let reference = cases.get(urn)
  if (!reference) {
    const subject = { kind: 'school', urn } as const
    reference = must(deed, await startCase(parts, { programme, flow: FLOW, subject, by })).reference
    cases.set(urn, reference)
  }
  must(deed, await runStep(parts, { reference, step, body: { ...fields }, by }))
}

function must<T>({ urn, step, on }: Deed, done: Decision<T>): T {
  if (!done.ok) throw new Error(`${urn}, ${step} on ${on}: ${JSON.stringify(done.refusals)}`)
  return done.value
}
