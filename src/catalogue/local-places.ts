import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { Catalogue, PlaceKind } from '../programmes/index.ts'
import type { Circumstances } from './circumstances.ts'

export const AREA_KINDS = { region: 'Region', authority: 'Local authority', school: 'School' } as const
export type AreaKind = keyof typeof AREA_KINDS

/** A local place in force: a hub that serves an area, or a mark on one. */
export type LocalPlace = {
  readonly id: number
  readonly kind: string
  readonly areaKind: AreaKind
  readonly area: string
  readonly name: string
  readonly link: string | null
  readonly from: string
  readonly until: string | null
}

/** The one to turn to: the place that was mapped, else the national finder. Null where a kind has neither. */
export type LocalContact = {
  readonly kind: string
  readonly title: string
  readonly name: string
  readonly link: string | null
  readonly mapped: boolean
}

/** The nearer mapping wins: a school's own, then its authority's, then its region's. */
export function findContact(
  { places }: Pick<Catalogue, 'places'>,
  kind: string | undefined,
  mapped: readonly LocalPlace[],
  circumstances: Circumstances | null,
): LocalContact | null {
  const known = places.find((one) => one.id === kind)
  if (!known) return null
  const title = known.name
  const found = mapped.filter((one) => one.kind === kind && covers(one, circumstances)).sort(nearestFirst)[0]
  if (found) return { kind: known.id, title, name: found.name, link: found.link, mapped: true }
  return known.finder
    ? { kind: known.id, title, name: `Find the local ${title}`, link: known.finder, mapped: false }
    : null
}

const NEARNESS: Readonly<Record<AreaKind, number>> = { school: 0, authority: 1, region: 2 }

function nearestFirst(a: LocalPlace, b: LocalPlace): number {
  return NEARNESS[a.areaKind] - NEARNESS[b.areaKind]
}

function covers(place: LocalPlace, circumstances: Circumstances | null): boolean {
  if (!circumstances) return false
  switch (place.areaKind) {
    case 'region':
      return place.area === circumstances.region
    case 'authority':
      return place.area === circumstances.authority?.code
    case 'school':
      return circumstances.beneficiary === 'school' && place.area === circumstances.key
  }
}

/** The same circumstances with the marks of the areas that the school lies in. */
export function withMarks(
  { places }: Pick<Catalogue, 'places'>,
  mapped: readonly LocalPlace[],
  circumstances: Circumstances,
): Circumstances {
  const marks = new Set(places.filter(({ mark }) => mark).map(({ id }) => id))
  const flags = mapped.filter((one) => marks.has(one.kind) && covers(one, circumstances)).map(({ kind }) => kind)
  return { ...circumstances, facts: { ...circumstances.facts, flags: [...new Set(flags)] } }
}

export type NewLocalPlace = {
  readonly kind: string
  readonly areaKind: string
  readonly area: string
  readonly name: string
  readonly link: string
  readonly from: string
}

/** What the register says of the area, and the place that serves it now. */
export type LocalPlaceFacts = {
  readonly places: readonly PlaceKind[]
  readonly areaExists: boolean
  readonly serving: Pick<LocalPlace, 'id' | 'name' | 'from'> | undefined
}

export type DecidedPlace = {
  readonly place: Omit<LocalPlace, 'id' | 'until'>
  /** The place that it follows, and that one's last day. */
  readonly ends: { readonly id: number; readonly until: string } | null
}

/** One place of a kind serves an area at a time: the one before ends the day before. */
export function decideLocalPlace(typed: NewLocalPlace, facts: LocalPlaceFacts): Decision<DecidedPlace> {
  const refusals: Refusal[] = []
  const fault = (field: string, code: string, message: string) => refusals.push({ code, message, field })
  const kind = facts.places.find((one) => one.id === typed.kind)
  const areaKind = findAreaKind(typed.areaKind)
  if (!kind) fault('kind', 'kind.unknown', 'Choose what the place is')
  if (!areaKind) fault('areaKind', 'areaKind.unknown', 'Choose whether it serves a region, an authority or a school')
  else if (!facts.areaExists)
    fault('area', 'area.unknown', `The register has no ${AREA_KINDS[areaKind].toLowerCase()} "${typed.area}"`)
  const name = typed.name || (kind?.mark ? kind.name : '')
  refusals.push(...wordFaults(name, typed.link))
  const from = findDay(typed.from)
  if (!from) fault('from', 'from.not-a-date', 'The first day must be a real date, such as 1 9 2023')
  const { serving } = facts
  if (from && serving && from <= serving.from)
    fault('from', 'from.too-early', `The first day must be after that of ${serving.name}, which serves this area now`)
  if (!kind || !areaKind || !from || refusals.length > 0) return refuse(...refusals)
  const place = { kind: kind.id, areaKind, area: typed.area, name, link: typed.link || null, from }
  return accept({ place, ends: serving ? { id: serving.id, until: dayBefore(from) } : null })
}

function wordFaults(name: string, link: string): Refusal[] {
  const refusals: Refusal[] = []
  const fault = (field: string, code: string, message: string) => refusals.push({ code, message, field })
  if (!name) fault('name', 'name.missing', 'Enter the name of the place')
  else if (name.length > LONGEST_NAME)
    fault('name', 'name.too-long', `The name must have at most ${LONGEST_NAME} characters`)
  if (link && !(/^https:\/\/\S+$/.test(link) && URL.canParse(link)))
    fault('link', 'link.wrong', 'The link must begin with https://')
  return refusals
}

const LONGEST_NAME = 200

export function findAreaKind(text: string): AreaKind | undefined {
  return text === 'region' || text === 'authority' || text === 'school' ? text : undefined
}

/** A place ends on a day that is not before its first. */
export function decideEnd(place: Pick<LocalPlace, 'from' | 'until'>, until: string): Decision<string> {
  if (place.until) return refuse({ code: 'place.ended', message: 'This place has ended already' })
  if (until < place.from)
    return refuse({ code: 'until.too-early', message: 'This place has not begun yet: enter another one instead' })
  return accept(until)
}

function findDay(text: string): string | undefined {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch {
    return undefined
  }
}

function dayBefore(day: string): string {
  return Temporal.PlainDate.from(day).subtract({ days: 1 }).toString()
}
