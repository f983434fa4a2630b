import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { type Query, type RouteRequest, wholeNumber } from '../platform/web/route.ts'
import { type Catalogue, findPack, getTerms, type Pack, type Term } from '../programmes/index.ts'
import { readAsks } from './calculate.ts'
import { findSchoolCircumstances, findTrustCircumstances } from './circumstance-store.ts'
import type { Circumstances } from './circumstances.ts'
import { listLocalPlaces } from './local-place-store.ts'
import { type LocalPlace, withMarks } from './local-places.ts'
import type { Asked } from './suggest.ts'

export type CatalogueParts = { readonly database: Database; readonly packs: readonly Pack[]; readonly clock: Clock }

/** A pack that has a catalogue. */
export type CataloguePack = Pack & { readonly catalogue: Catalogue }

/** Everything a page or API answer rests on: what was asked, of whom, on which day, and what is mapped there. */
export type CatalogueContext = {
  readonly pack: CataloguePack
  readonly catalogue: Catalogue
  readonly on: string
  readonly typed: Readonly<Record<string, string>>
  readonly circumstances: Circumstances | null
  readonly mapped: readonly LocalPlace[]
  readonly terms: readonly Term[]
  readonly areas: Asked['areas']
  readonly subjects: readonly string[]
}

export function findCatalogue(ref: string | undefined, packs: readonly Pack[]): CataloguePack | undefined {
  const pack = findPack(ref ?? '', packs)
  return pack?.catalogue && { ...pack, catalogue: pack.catalogue }
}

/**
 * Reads an address: `school` or `urn`, or `trust`; `area` (several, or `areas` with commas), `subject` or `subjects`, `on`
 * (ISO date, else today), and answers to what the catalogue asks. Undefined when there is no such catalogue.
 */
export async function readContext(
  parts: CatalogueParts,
  { params, query }: Pick<RouteRequest, 'params' | 'query'>,
): Promise<Decision<CatalogueContext> | undefined> {
  const pack = findCatalogue(params.ref, parts.packs)
  if (!pack) return undefined
  const { catalogue } = pack
  const refusals: Refusal[] = []
  const areas = pickWords(query, ['area', 'areas'], pack['focus-areas']?.areas ?? [], refusals)
  const subjects = pickWords(query, ['subject', 'subjects'], catalogue.subjects, refusals)
  const on = readDay(query.get('on'), parts.clock, refusals)
  const typed = Object.fromEntries([...query].map(([name, value]) => [name, value.trim()]))
  const asked = readAsks(catalogue, typed)
  if (!asked.ok) refusals.push(...asked.refusals)
  const found = await findBeneficiary(parts.database, typed, refusals)
  if (refusals.length > 0) return refuse(...refusals)
  const mapped = await listLocalPlaces(parts.database.db, pack.programme, on)
  const answered = found && { ...found, facts: { ...found.facts, ...(asked.ok ? asked.value : {}) } }
  const circumstances = answered && withMarks(catalogue, mapped, answered)
  const { terms } = await getTerms(parts.database, pack, circumstances?.authority?.code ?? null)
  return accept({
    pack,
    catalogue,
    on,
    typed,
    circumstances,
    mapped,
    terms,
    areas,
    subjects: subjects.map(({ id }) => id),
  })
}

type Word = { readonly id: string; readonly name: string }

/** Words by id or by name; several as several fields or with commas. Blank ones are none. */
function pickWords(query: Query, [one, many]: readonly [string, string], words: readonly Word[], refusals: Refusal[]) {
  // A name may hold a comma, so that only the plural field is split.
  const texts = [...query.getAll(one), ...query.getAll(many).flatMap((list) => list.split(','))]
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .flatMap((text) => {
      const found = words.find(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase())
      if (!found) refusals.push({ code: `${one}.unknown`, message: `There is no ${one} "${text}"`, field: one })
      return found ? [found] : []
    })
}

function readDay(text: string | null, clock: Clock, refusals: Refusal[]): string {
  if (!text) return clock.today().toString()
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch {
    refusals.push({ code: 'on.not-a-date', message: 'The day must be a date, such as 2024-01-15', field: 'on' })
    return ''
  }
}

async function findBeneficiary(
  { db }: Database,
  typed: Readonly<Record<string, string>>,
  refusals: Refusal[],
): Promise<Circumstances | null> {
  const urn = typed.school || typed.urn
  const { trust } = typed
  const found = urn
    ? await findSchoolCircumstances(db, wholeNumber(urn))
    : trust
      ? await findTrustCircumstances(db, trust)
      : undefined
  if (!found && urn)
    refusals.push({ code: 'school.unknown', message: `The register has no school with URN ${urn}`, field: 'school' })
  if (!found && !urn && trust)
    refusals.push({ code: 'trust.unknown', message: `The register has no trust ${trust}`, field: 'trust' })
  return found ?? null
}
