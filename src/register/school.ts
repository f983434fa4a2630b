import type { Actor } from '../platform/actor.ts'
import { longDate, thousands } from '../platform/words.ts'
import { drawStrip, signOf } from './inspection-strip.ts'
import { gradeName, gradeNameOn, INSPECTION_KINDS, reportCardAreas } from './inspection-words.ts'
import { drawAuthorityMap } from './national-grid-map.ts'
import { asAtInWords } from './school-measures.ts'
import type { ChainInspection, SchoolLink, SchoolRecord } from './school-store.ts'
import { statusInWords } from './status.ts'

/** A fact as a page prints it: always a value in words, with where it comes from and of what date. */
export type Fact = {
  readonly name: string
  readonly value: string
  readonly note?: string | undefined
  readonly href?: string
}

/** The frame that all tabs of a school share. */
export function presentSchoolFrame(
  school: SchoolRecord,
  tab: 'summary' | 'data' | 'people' | 'history' | 'corrections',
  actor: Pick<Actor, 'capabilities'>,
) {
  const base = `/schools/${school.urn}`
  return {
    heading: school.name,
    title: tab === 'summary' ? school.name : `${school.name}: ${tab}`,
    section: 'schools',
    caption: `School · URN ${school.urn}`,
    where: standingOf(school),
    tabs: [
      { text: 'Summary', href: base, active: tab === 'summary' },
      { text: 'Data beside others', href: `${base}/data`, active: tab === 'data' },
      { text: 'Support', href: `${base}/eligibility`, active: false, signedIn: true },
      { text: 'People', href: `${base}/people`, active: tab === 'people', signedIn: true },
      ...(actor.capabilities.has('administer')
        ? [{ text: 'Corrections', href: `${base}/corrections`, active: tab === 'corrections' }]
        : []),
      { text: 'History', href: `${base}/history`, active: tab === 'history' },
    ],
    breadcrumbs: [{ text: 'Schools', href: '/schools' }],
  }
}

/** "Open since 1 September 2014", as far as it is held, with the words and links of who runs it. */
function standingOf(school: SchoolRecord) {
  const since = school.opened ? ` since ${longDate(school.opened)}` : ''
  const status =
    school.status === 'Closed'
      ? `Closed${school.closed ? ` on ${longDate(school.closed)}` : ', date not held'}`
      : `${statusInWords(school)}${statusInWords(school) === 'Open' ? since : ''}`
  const unlisted = school.not_listed_since
    ? `Open in the register of ${longDate(school.as_at)}, and missing from that of ${longDate(school.not_listed_since)}: it has closed or changed its type in between.`
    : null
  const phase = school.phase && school.phase !== 'Not applicable' ? school.phase : null
  return {
    closed: school.status === 'Closed',
    status,
    unlisted,
    kind: [phase, school.type].filter(Boolean).join(', '),
    authority: school.authority_name
      ? { text: school.authority_name, href: `/authorities/${school.authority_code}` }
      : null,
    trust: school.trust_uid ? { text: school.trust_name ?? '', href: `/trusts/${school.trust_uid}` } : null,
  }
}

/** The latest grade in a sentence; a later inspection without one is said beside it, never turned into a grade. */
export function presentLatestGrade(school: SchoolRecord, inspections: readonly ChainInspection[]) {
  const later = inspections.find(
    (one) => one.kind !== 'graded' && one.inspected_on > (school.latest_grade_on ?? '0000'),
  )
  return {
    grade: school.latest_grade,
    name: school.latest_grade ? gradeName(school.latest_grade) : null,
    on: school.latest_grade_on,
    ofPredecessor: Boolean(school.latest_grade_urn && school.latest_grade_urn !== school.urn),
    later: later
      ? {
          text: INSPECTION_KINDS[later.kind],
          on: later.inspected_on,
          note: later.kind === 'newer_unspecified' ? 'what it found is not held' : 'it gave no overall grade',
        }
      : null,
  }
}

/** Four figures that tell a school's size and intake, each with its own date. */
export function presentFigures(school: SchoolRecord): Fact[] {
  const ages =
    school.low_age !== null && school.high_age !== null ? `${school.low_age} to ${school.high_age}` : 'not held'
  return [
    {
      name: 'Pupils',
      value: thousands(school.pupils),
      note: school.pupils_as_at ? asAtInWords(school.pupils_as_at) : undefined,
    },
    {
      name: 'Places',
      value: thousands(school.capacity),
      note: school.capacity_as_at ? asAtInWords(school.capacity_as_at) : undefined,
    },
    {
      name: 'Free school meals',
      value: school.fsm_percent === null ? 'not held' : `${Number(school.fsm_percent)}%`,
      note: school.fsm_as_at ? asAtInWords(school.fsm_as_at) : undefined,
    },
    { name: 'Ages', value: ages },
  ]
}

/** Everything else that the register says, as one list; "not held" is said only where a reader would look for it. */
export function presentDetails(school: SchoolRecord): Fact[] {
  const address = [school.street, school.locality, school.address3, school.town, school.county, school.postcode]
  const facts: [string, string | null][] = [
    ['Address', address.filter(Boolean).join(', ') || 'not held'],
    ['Telephone', school.telephone],
    ['LAESTAB', school.laestab ? `${school.laestab.slice(0, 3)}/${school.laestab.slice(3)}` : 'not held'],
    ['UKPRN', school.ukprn ?? 'not held'],
    ['Region', school.region ?? 'not held'],
    ['District', school.district],
    ['Constituency', school.constituency],
    ['Opened', school.opened ? longDate(school.opened) : 'not held'],
    ['Reason for opening', meaningful(school.reason_opened)],
    ['Reason for closing', meaningful(school.reason_closed)],
    ['Gender', school.gender],
    ['Religious character', meaningful(school.religious_character)],
    ['Diocese', meaningful(school.diocese)],
    ['Sixth form', meaningful(school.sixth_form)],
    ['Boarders', meaningful(school.boarders)],
    ['Admissions', meaningful(school.admissions)],
  ]
  const details: Fact[] = facts.flatMap(([name, value]) => (value ? [{ name, value }] : []))
  const website = webAddress(school.website)
  return website
    ? [...details, { name: 'Website', value: website.replace(/^https?:\/\//, ''), href: website }]
    : details
}

function meaningful(value: string | null): string | null {
  return value && !/^(not applicable|does not apply|not recorded)$/i.test(value) ? value : null
}

/** Only an ordinary web address becomes a link: the register's text is typed by hand. */
function webAddress(text: string | null): string | null {
  if (!text) return null
  const address = /^https?:\/\//i.test(text) ? text : `http://${text}`
  return URL.canParse(address) && new URL(address).hostname.includes('.') ? address : null
}

/** The strip and its table. An inspection from before this school opened is a predecessor's, wherever it is filed. */
export function presentInspections(school: SchoolRecord, inspections: readonly ChainInspection[], until: string) {
  const ofPredecessor = (one: ChainInspection): boolean =>
    one.depth > 0 || Boolean(one.filed_opened && one.inspected_on < one.filed_opened)
  const strip = drawStrip(
    inspections.map((one) => ({
      on: one.inspected_on,
      kind: one.kind,
      overall: one.overall,
      predecessor: ofPredecessor(one),
    })),
    inspections.some(ofPredecessor) ? school.opened : null,
    until,
  )
  return {
    strip,
    rows: inspections.map((one) => ({
      on: one.inspected_on,
      sign: signOf(one),
      kind: INSPECTION_KINDS[one.kind],
      outcome: outcomeOf(one),
      parts: partsOf(one),
      predecessor: ofPredecessor(one),
      filedUnder: one.depth > 0 ? { urn: one.urn, name: one.name } : null,
      filedLater: one.depth === 0 && ofPredecessor(one),
      source: one.file_title,
      sourceDate: one.file_as_at,
    })),
  }
}

function outcomeOf(one: ChainInspection): string {
  switch (one.kind) {
    case 'graded':
      return one.overall ? `${gradeNameOn(one.overall, one.inspected_on)} (${one.overall})` : 'grade not held'
    case 'graded_no_overall':
      return 'Judgements by area, no overall grade'
    case 'report_card':
      return 'Report card by area, not converted to a grade'
    case 'ungraded':
      return one.ungraded_outcome ?? 'outcome not held'
    case 'newer_unspecified':
      return 'A later inspection took place; what it found is not held'
  }
}

/** The judgements of an inspection by area, in the words they were published in. */
function partsOf(one: ChainInspection): { area: string; outcome: string }[] {
  const grades: [string, number | null][] = [
    ['Quality of education', one.quality_of_education],
    ['Behaviour and attitudes', one.behaviour],
    ['Personal development', one.personal_development],
    ['Leadership and management', one.leadership],
    ['Early years', one.early_years],
    ['Sixth form', one.sixth_form],
  ]
  const areas = grades.flatMap(([area, grade]) =>
    grade && grade <= 4 ? [{ area, outcome: gradeNameOn(grade, one.inspected_on) }] : [],
  )
  const card = reportCardAreas(one.report_card)
  const safeguarding = one.safeguarding ? [{ area: 'Safeguarding', outcome: safeguardingWords(one.safeguarding) }] : []
  return [...areas, ...card, ...(card.some((part) => part.area === 'Safeguarding') ? [] : safeguarding)]
}

function safeguardingWords(value: string): string {
  if (value === 'Yes') return 'effective'
  return value === 'No' ? 'not effective' : value
}

const LINK_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^predecessor/i, 'Came before'],
  [/^successor/i, 'Came after'],
]

/** Links by what they mean for the reader; the published kind stands beside, because it decides which history counts. */
export function presentLinks(links: readonly SchoolLink[]) {
  return links.map((link) => ({
    words: LINK_WORDS.find(([kind]) => kind.test(link.link_type))?.[1] ?? 'Linked',
    kind: link.link_type,
    name: link.name ?? `URN ${link.urn}`,
    urn: link.urn,
    href: link.held ? `/schools/${link.urn}` : null,
    on: link.established,
  }))
}

/** Where the school lies in its authority; null without coordinates or outline. */
export function presentMap(school: SchoolRecord) {
  if (!school.authority_code || school.easting === null || school.northing === null) return null
  const map = drawAuthorityMap(school.authority_code, [{ easting: school.easting, northing: school.northing }])
  return map ? { ...map, text: `${school.name} in ${school.authority_name}` } : null
}
