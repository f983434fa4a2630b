import { createHash } from 'node:crypto'
import { readDate, readPercent, readRequiredText, readText, readUrn, readWholeUpTo } from './csv-cell.ts'
import { type Layout, type Row, textFields } from './import-layout.ts'

/** Facts that stand in columns of their own in establishment_version; the rest go to its `other`. */
export const STATE_FACTS = {
  ukprn: 'text',
  laestab: 'text',
  name: 'text',
  authority_code: 'text',
  type: 'text',
  type_group: 'text',
  phase: 'text',
  status: 'text',
  opened: 'date',
  closed: 'date',
  region: 'text',
  postcode: 'text',
  easting: 'integer',
  northing: 'integer',
  pupils: 'integer',
} as const

/** The further facts of the current row. */
export const OTHER_FACTS = {
  reason_opened: 'text',
  reason_closed: 'text',
  low_age: 'smallint',
  high_age: 'smallint',
  boarders: 'text',
  sixth_form: 'text',
  gender: 'text',
  religious_character: 'text',
  diocese: 'text',
  admissions: 'text',
  street: 'text',
  locality: 'text',
  address3: 'text',
  town: 'text',
  county: 'text',
  website: 'text',
  telephone: 'text',
  head_title: 'text',
  district: 'text',
  constituency: 'text',
  coordinate_source: 'text',
  capacity: 'integer',
  capacity_as_at: 'text',
  pupils_as_at: 'text',
  fsm_percent: 'double precision',
  fsm_as_at: 'text',
  trust_code: 'text',
  trust_name: 'text',
} as const

/** Any GIAS establishment file: all establishments, state-funded, or an extract with some of the columns. */
export const SCHOOLS_LAYOUT: Layout = {
  kind: 'schools',
  publisher: 'Department for Education, Get Information about Schools',
  fields: [
    { to: 'urn', from: ['URN'], read: readUrn, required: true },
    { to: 'name', from: ['EstablishmentName'], read: readRequiredText, required: true },
    { to: 'authority_code', from: ['LA (code)'], read: readText, required: true },
    { to: 'type', from: ['TypeOfEstablishment (name)'], read: readText, required: true },
    { to: 'status', from: ['EstablishmentStatus (name)'], read: readRequiredText, required: true },
    { to: 'phase', from: ['PhaseOfEducation (name)'], read: readText, required: true },
    { to: 'opened', from: ['OpenDate'], read: readDate },
    { to: 'closed', from: ['CloseDate'], read: readDate },
    { to: 'low_age', from: ['StatutoryLowAge'], read: readWholeUpTo(120) },
    { to: 'high_age', from: ['StatutoryHighAge'], read: readWholeUpTo(120) },
    { to: 'easting', from: ['Easting'], read: readWholeUpTo(999_999) },
    { to: 'northing', from: ['Northing'], read: readWholeUpTo(1_999_999) },
    { to: 'capacity', from: ['SchoolCapacity'], read: readWholeUpTo(99_999) },
    { to: 'pupils', from: ['NumberOfPupils'], read: readWholeUpTo(99_999) },
    { to: 'fsm_percent', from: ['PercentageFSM'], read: readPercent },
    { to: 'census_on', from: ['CensusDate'], read: readDate },
    ...textFields({
      authority_name: 'LA (name)',
      number: 'EstablishmentNumber',
      laestab: 'LA ESTAB',
      ukprn: 'UKPRN',
      type_group: 'EstablishmentTypeGroup (name)',
      reason_opened: 'ReasonEstablishmentOpened (name)',
      reason_closed: 'ReasonEstablishmentClosed (name)',
      boarders: 'Boarders (name)',
      sixth_form: 'OfficialSixthForm (name)',
      gender: 'Gender (name)',
      religious_character: 'ReligiousCharacter (name)',
      diocese: 'Diocese (name)',
      admissions: 'AdmissionsPolicy (name)',
      street: 'Street',
      locality: 'Locality',
      address3: 'Address3',
      town: 'Town',
      county: 'County (name)',
      postcode: 'Postcode',
      website: 'SchoolWebsite',
      telephone: 'TelephoneNum',
      head_title: 'HeadPreferredJobTitle',
      region: 'GOR (name)',
      district: 'DistrictAdministrative (name)',
      constituency: 'ParliamentaryConstituency (name)',
      coordinate_source: 'CoordSource',
      capacity_as_at: 'SchoolCapacity_AsAt',
      pupils_as_at: 'NumberOfPupils_AsAt',
      fsm_as_at: 'PercentageFSM_AsAt',
      trust_code: 'Trusts (code)',
      trust_name: 'Trusts (name)',
    }),
  ],
  derive: (row, { asAt }) => ({ rows: [withDerivedFacts(row, asAt)] }),
  derives: (facts) => [
    ...(facts.has('number') && !facts.has('laestab') ? ['laestab'] : []),
    ...['capacity', 'pupils'].filter((fact) => facts.has(fact)).map((fact) => `${fact}_as_at`),
    ...(facts.has('fsm_percent') ? ['fsm_as_at'] : []),
    ...(facts.has('trust_code') ? ['trust_uid'] : []),
  ],
  unique: { what: (row) => `URN ${row.urn}`, field: 'URN' },
}

/**
 * `row_hash` stands for everything the file says of the establishment, `other` for what has no column in the dated state.
 * A figure without a date of its own is of the school census where the file names one, else of the file's month.
 */
function withDerivedFacts(row: Row, asAt: string): Row {
  const counted = (row.census_on ?? asAt).slice(0, 7)
  const figureAsAt = (figure: string, stated: string, otherwise: string) =>
    row[figure] == null ? null : (row[stated] ?? otherwise)
  const number = row.number?.padStart(4, '0')
  const derived = {
    ...row,
    laestab: row.laestab ?? (row.authority_code && number ? row.authority_code + number : null),
    capacity_as_at: figureAsAt('capacity', 'capacity_as_at', asAt.slice(0, 7)),
    pupils_as_at: figureAsAt('pupils', 'pupils_as_at', counted),
    fsm_as_at: figureAsAt('fsm_percent', 'fsm_as_at', counted),
  }
  // The hash leaves out what the file's own date adds, so that an unchanged row of a later file is the same state.
  const row_hash = createHash('md5').update(JSON.stringify(row)).digest('base64url')
  return { ...derived, row_hash, other: otherFacts(derived) }
}

function otherFacts(row: Row): string {
  const others: Row = {}
  for (const fact of Object.keys(OTHER_FACTS)) if (row[fact] != null) others[fact] = row[fact]
  return JSON.stringify(others)
}
