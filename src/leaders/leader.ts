import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { daysInWords, parseDays } from './ledger.ts'
import { findWord, type LeaderVocabulary, PHASES, SCHOOL_TYPES, STATES, titleOf, type Word } from './vocabulary.ts'

/** The organisation a leader belongs to. `key` is the URN, the trust's uid, or the plain name of an invented one. */
export type Organisation = {
  readonly kind: 'school' | 'trust' | 'invented'
  readonly key: string
  readonly name: string
  readonly establishmentId: number | null
}

/** Where journeys begin. `key` is a URN, or "easting, northing" (British National Grid, metres). */
export type Base = {
  readonly key: string
  readonly name: string
  readonly establishmentId: number | null
  readonly easting: number | null
  readonly northing: number | null
}

/** What the roster keeps of one leader. `days`: available half days by term id; a term that was never answered is absent. */
export type Leader = {
  readonly reference: string
  readonly name: string
  readonly email: string
  readonly type: string
  readonly alsoTypes: readonly string[]
  readonly organisation: Organisation
  readonly base: Base | null
  readonly region: string
  readonly phases: readonly string[]
  readonly schoolTypes: readonly string[]
  readonly expertise: readonly string[]
  readonly travelLimitMiles: number | null
  readonly worksOutOfRegion: boolean
  readonly state: string
  readonly exercise: boolean
  readonly days: Readonly<Record<string, number>>
}

/** A leader as typed into a form, sent to the API or read from a file: texts, nothing checked yet. */
export type LeaderFields = {
  readonly reference: string
  readonly name: string
  readonly email: string
  readonly type: string
  readonly alsoTypes: readonly string[]
  readonly organisation: string
  readonly base: string
  readonly region: string
  readonly phases: readonly string[]
  readonly schoolTypes: readonly string[]
  readonly expertise: readonly string[]
  readonly travelLimitMiles: string
  readonly worksOutOfRegion: string
  readonly state: string
  readonly exercise: boolean
  readonly days: Readonly<Record<string, string>>
}

/** What the register answered about the texts of a leader; undefined: it holds no such school or trust. */
export type LeaderFacts = {
  readonly vocabulary: LeaderVocabulary
  readonly regions: readonly string[]
  readonly organisation: Organisation | undefined
  readonly base: Base | undefined
}

export const EMPTY_FIELDS: LeaderFields = {
  reference: '',
  name: '',
  email: '',
  type: '',
  alsoTypes: [],
  organisation: '',
  base: '',
  region: '',
  phases: [],
  schoolTypes: [],
  expertise: [],
  travelLimitMiles: '',
  worksOutOfRegion: 'yes',
  state: 'active',
  exercise: false,
  days: {},
}

/** The words of a leader for the form, the file and the comparison of two versions. */
export function fieldsOf(leader: Leader): LeaderFields {
  return {
    ...leader,
    organisation: leader.organisation.key,
    base: leader.base?.key ?? '',
    travelLimitMiles: leader.travelLimitMiles === null ? '' : String(leader.travelLimitMiles),
    worksOutOfRegion: leader.worksOutOfRegion ? 'yes' : 'no',
    days: Object.fromEntries(Object.entries(leader.days).map(([term, halfDays]) => [term, String(halfDays / 2)])),
  }
}

/**
 * A leader from what was typed, or every fault at once, each naming its field. Type, organisation and region are needed
 * (TSI-070); expertise, types and terms are those of the loaded packs.
 */
export function checkLeader(fields: LeaderFields, facts: LeaderFacts): Decision<Leader> {
  const refusals: Refusal[] = []
  const fault = (field: string, code: string, message: string) => {
    refusals.push({ code, message, field })
  }
  const { vocabulary } = facts
  const type = oneOf(vocabulary.leaderTypes, fields.type, 'type', 'type', fault)
  const state = oneOf(STATES, fields.state, 'state', 'state', fault)
  const region = facts.regions.find((one) => one.toLowerCase() === fields.region.toLowerCase())
  if (!fields.region) fault('region', 'region.missing', 'Choose a home region')
  else if (!region) fault('region', 'region.unknown', `There is no region "${fields.region}"`)
  checkContact(fields, fault)
  checkPlaces(fields, facts, fault)
  const leader = {
    type,
    state,
    alsoTypes: manyOf(vocabulary.leaderTypes, fields.alsoTypes, 'alsoTypes', 'type', fault).filter((id) => id !== type),
    phases: manyOf(PHASES, fields.phases, 'phases', 'phase', fault),
    schoolTypes: manyOf(SCHOOL_TYPES, fields.schoolTypes, 'schoolTypes', 'school type', fault),
    expertise: manyOf(vocabulary.focusAreas, fields.expertise, 'expertise', 'field of expertise', fault),
    travelLimitMiles: checkTravel(fields.travelLimitMiles, fault),
    worksOutOfRegion: checkYesNo(fields.worksOutOfRegion, fault),
    days: checkDays(fields.days, vocabulary, fault),
  }
  if (refusals.length > 0 || !region || !facts.organisation) return refuse(...refusals)
  return accept({
    ...leader,
    reference: fields.reference,
    name: fields.name,
    email: fields.email,
    organisation: facts.organisation,
    base: fields.base ? (facts.base ?? null) : null,
    region,
    exercise: fields.exercise,
  })
}

type Fault = (field: string, code: string, message: string) => void

function oneOf(words: readonly Word[], text: string, field: string, what: string, fault: Fault): string {
  if (!text) fault(field, `${field}.missing`, `Choose a ${what}`)
  const word = findWord(words, text)
  if (text && !word) fault(field, `${field}.unknown`, `There is no ${what} "${text}"`)
  return word?.id ?? ''
}

function manyOf(words: readonly Word[], texts: readonly string[], field: string, what: string, fault: Fault): string[] {
  const chosen = new Set<string>()
  for (const text of texts) {
    const word = findWord(words, text)
    if (word) chosen.add(word.id)
    else fault(field, `${field}.unknown`, `There is no ${what} "${text}"`)
  }
  return words.filter((word) => chosen.has(word.id)).map((word) => word.id)
}

function checkContact(fields: LeaderFields, fault: Fault): void {
  if (!fields.reference) fault('reference', 'reference.missing', 'Enter a reference')
  else if (!/^(?=.*\d)[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u.test(fields.reference))
    fault('reference', 'reference.wrong', 'A reference has letters, spaces, hyphens and at least one number, like L-07')
  if (fields.exercise && (fields.name || fields.email))
    fault('name', 'name.exercise', 'An invented leader has a number, no name and no e-mail address')
  else if (!fields.exercise && !fields.name) fault('name', 'name.missing', 'Enter a name')
  if (fields.email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(fields.email))
    fault('email', 'email.wrong', 'Enter an e-mail address in the correct format, like name@example.com')
}

function checkPlaces(fields: LeaderFields, facts: LeaderFacts, fault: Fault): void {
  const { organisation, base } = facts
  if (!fields.organisation)
    fault(
      'organisation',
      'organisation.missing',
      'Enter the organisation: the URN of a school or the number of a trust',
    )
  else if (!organisation || (organisation.kind === 'invented') !== fields.exercise)
    fault(
      'organisation',
      'organisation.unknown',
      fields.exercise
        ? 'An invented leader has an invented organisation, not one of the register'
        : `There is no school or trust "${fields.organisation}" in the register`,
    )
  if (fields.base && !base)
    fault('base', 'base.unknown', `"${fields.base}" is neither a URN of the register nor an easting and a northing`)
}

function checkTravel(text: string, fault: Fault): number | null {
  if (!text) return null
  if (/^\d{1,3}$/.test(text) && Number(text) > 0) return Number(text)
  fault('travelLimitMiles', 'travel.wrong', 'The travel limit must be a whole number of miles from 1 to 999')
  return null
}

function checkYesNo(text: string, fault: Fault): boolean {
  const answer = text.toLowerCase()
  if (answer !== 'yes' && answer !== 'no')
    fault('worksOutOfRegion', 'worksOutOfRegion.missing', 'Choose whether the leader works outside the home region')
  return answer === 'yes'
}

function checkDays(days: LeaderFields['days'], vocabulary: LeaderVocabulary, fault: Fault): Record<string, number> {
  const checked: Record<string, number> = {}
  for (const [termId, text] of Object.entries(days)) {
    const term = vocabulary.terms.find((one) => one.id === termId)
    if (!term) fault(`days-${termId}`, 'days.unknown-term', `There is no term "${termId}"`)
    if (!text) continue
    const halfDays = parseDays(text)
    if (halfDays === undefined)
      fault(
        `days-${termId}`,
        'days.wrong',
        `Days in ${term?.title ?? termId} must be a number of days or half days, like 7.5`,
      )
    else checked[termId] = halfDays
  }
  return checked
}

export type FieldChange = { readonly label: string; readonly before: string; readonly after: string }

/** What differs between two versions, in words, in the order of the form. */
export function changesBetween(before: LeaderFields, after: LeaderFields, vocabulary: LeaderVocabulary): FieldChange[] {
  const old = new Map(describe(before, vocabulary))
  return describe(after, vocabulary)
    .filter(([label, text]) => old.get(label) !== text)
    .map(([label, text]) => ({ label, before: old.get(label) ?? 'not given', after: text }))
}

/** Every field with its label and its value in words. */
function describe(fields: LeaderFields, vocabulary: LeaderVocabulary): [label: string, text: string][] {
  const list = (words: readonly Word[], ids: readonly string[]) => ids.map((id) => titleOf(words, id)).join(', ')
  const rows: [string, string][] = [
    ['Name', fields.name],
    ['E-mail', fields.email],
    ['Type', titleOf(vocabulary.leaderTypes, fields.type)],
    ['Also', list(vocabulary.leaderTypes, fields.alsoTypes)],
    ['Organisation', fields.organisation],
    ['Base', fields.base],
    ['Home region', fields.region],
    ['Works outside the region', fields.worksOutOfRegion],
    ['Travel limit in miles', fields.travelLimitMiles],
    ['Phases', list(PHASES, fields.phases)],
    ['School types', list(SCHOOL_TYPES, fields.schoolTypes)],
    ['Expertise', list(vocabulary.focusAreas, fields.expertise)],
    ['State', titleOf(STATES, fields.state)],
    ...vocabulary.terms.map((term): [string, string] => [
      `Days in ${term.title}`,
      typedDays(fields.days[term.id] ?? ''),
    ]),
  ]
  return rows.map(([label, text]) => [label, text || 'not given'])
}

function typedDays(text: string): string {
  const halfDays = parseDays(text)
  return halfDays === undefined ? text : daysInWords(halfDays)
}
