import { type Cell, readDate, readGrade, readOneOf, readOptionalUrn, readRequiredDate, readUrn } from './csv-cell.ts'
import { type Field, type Layout, type Row, textFields } from './import-layout.ts'

const OFSTED = 'Ofsted, management information'

/** Judgements of the framework before November 2025, grade 1 to 4. */
export const GRADES = [
  'overall',
  'quality_of_education',
  'behaviour',
  'personal_development',
  'leadership',
  'early_years',
  'sixth_form',
] as const

/** Report card areas as Ofsted names them since November 2025, with their columns in the two files. */
const REPORT_CARD_AREAS = [
  ['Inclusion', 'RC_Inclusion', 'Inclusion'],
  ['Curriculum and teaching', 'RC_CurriculumAndTeaching', 'Curriculum and teaching'],
  ['Achievement', 'RC_Achievement', 'Achievement'],
  ['Attendance and behaviour', 'RC_AttendanceAndBehaviour', 'Attendance and behaviour'],
  ['Personal development and wellbeing', 'RC_PersonalDevelopment', 'Personal development and wellbeing'],
  ['Early years', 'RC_EarlyYears', 'Early years (where applicable)'],
  ['Post-16 provision', 'RC_Post16', 'Post-16 provision (where applicable)'],
  ['Leadership and governance', 'RC_LeadershipAndGovernance', 'Leadership and governance'],
] as const

const KINDS = ['graded', 'graded_no_overall', 'report_card', 'ungraded', 'newer_unspecified'] as const

/** One inspection a row, any kind: the form in which this project ships its inspections. */
export const INSPECTIONS_LAYOUT: Layout = {
  kind: 'inspections',
  publisher: 'Ofsted',
  fields: [
    { to: 'urn', from: ['URN'], read: readUrn, required: true },
    { to: 'inspected_on', from: ['InspectionDate'], read: readRequiredDate, required: true },
    { to: 'kind', from: ['Kind'], read: readOneOf(...KINDS), required: true },
    { to: 'overall', from: ['OverallEffectiveness'], read: readGrade, required: true },
    { to: 'quality_of_education', from: ['QualityOfEducation'], read: readGrade },
    { to: 'behaviour', from: ['BehaviourAndAttitudes'], read: readGrade },
    { to: 'personal_development', from: ['PersonalDevelopment'], read: readGrade },
    { to: 'leadership', from: ['LeadershipAndManagement'], read: readGrade },
    { to: 'early_years', from: ['EarlyYears'], read: readGrade },
    { to: 'sixth_form', from: ['SixthForm'], read: readGrade },
    { to: 'published_on', from: ['PublicationDate'], read: readDate },
    { to: 'urn_at_time', from: ['URNAtTime'], read: readOptionalUrn },
    ...textFields({
      safeguarding_effective: 'SafeguardingEffective',
      safeguarding_standards: 'RC_Safeguarding',
      category_of_concern: 'CategoryOfConcern',
      ungraded_outcome: 'UngradedOutcome',
      inspection_number: 'InspectionNumber',
      sources: 'Sources',
    }),
    ...textFields(Object.fromEntries(REPORT_CARD_AREAS.map(([area, column]) => [area, column]))),
  ],
  derive: (row) => {
    if (row.kind === 'graded' && row.overall == null)
      return { field: 'OverallEffectiveness', fault: 'must be a grade from 1 to 4 when the kind is graded' }
    const safeguarding = row.safeguarding_standards ?? row.safeguarding_effective ?? null
    return { rows: [{ ...row, safeguarding, report_card: reportCard(row) }] }
  },
  derives: () => ['safeguarding', 'report_card'],
  unique: uniqueInspection(),
}

/** Prefixes by which the parts of a management information row are told apart before they become rows. */
const FULL = 'full:'
const OEIF = 'oeif:'
const UNGRADED = 'ungraded:'

/**
 * Ofsted's official management information (85 columns, 2026): a row for each school with its latest full inspection
 * (a report card), its latest graded one under the earlier framework (OEIF), and its latest ungraded one; so up to
 * three inspections. "NULL" is nothing. A grade "Not judged" overall makes it graded_no_overall.
 */
export const MANAGEMENT_INFORMATION_LAYOUT: Layout = {
  kind: 'inspections',
  publisher: OFSTED,
  absent: 'NULL',
  fields: [
    { to: 'urn', from: ['URN'], read: readUrn, required: true },
    ...part(FULL, [
      { to: 'inspected_on', from: ['Inspection start date'], read: readDate, required: true },
      { to: 'published_on', from: ['Publication date'], read: readDate },
      { to: 'urn_at_time', from: ['URN at time of latest full inspection'], read: readOptionalUrn },
      ...textFields({
        inspection_number: 'Inspection number of latest full inspection',
        category_of_concern: 'Category of concern',
        safeguarding: 'Safeguarding standards',
      }),
      ...textFields(Object.fromEntries(REPORT_CARD_AREAS.map(([area, , column]) => [area, column]))),
    ]),
    ...part(OEIF, [
      {
        to: 'inspected_on',
        from: ['Inspection start date of latest OEIF graded inspection'],
        read: readDate,
        required: true,
      },
      { to: 'published_on', from: ['Publication date of latest OEIF graded inspection'], read: readDate },
      { to: 'urn_at_time', from: ['URN at time of latest OEIF graded inspection'], read: readOptionalUrn },
      { to: 'overall', from: ['Latest OEIF overall effectiveness'], read: readGrade, required: true },
      { to: 'quality_of_education', from: ['Latest OEIF quality of education'], read: readGrade },
      { to: 'behaviour', from: ['Latest OEIF behaviour and attitudes'], read: readGrade },
      { to: 'personal_development', from: ['Latest OEIF personal development'], read: readGrade },
      { to: 'leadership', from: ['Latest OEIF effectiveness of leadership and management'], read: readGrade },
      { to: 'early_years', from: ['Latest OEIF early years provision (where applicable)'], read: readGrade },
      { to: 'sixth_form', from: ['Latest OEIF sixth form provision (where applicable)'], read: readGrade },
      ...textFields({
        inspection_number: 'Inspection number of latest OEIF graded inspection',
        category_of_concern: 'Latest OEIF category of concern',
        safeguarding: 'Latest OEIF safeguarding is effective?',
      }),
    ]),
    ...part(UNGRADED, [
      { to: 'inspected_on', from: ['Date of latest ungraded inspection'], read: readDate, required: true },
      { to: 'published_on', from: ['Ungraded inspection publication date'], read: readDate },
      { to: 'urn_at_time', from: ['URN at time of the ungraded inspection'], read: readOptionalUrn },
      ...textFields({
        inspection_number: 'Latest ungraded inspection number',
        ungraded_outcome: 'Ungraded inspection overall outcome',
      }),
    ]),
  ],
  derive: (row) => ({ rows: inspectionsOf(row) }),
  derives: () => ['kind', 'report_card', ...INSPECTION_FACTS],
  // A school stands once in this file; its inspections differ by kind.
  unique: { what: (row) => `URN ${row.urn}`, field: 'URN' },
}

const INSPECTION_FACTS = [
  ...GRADES,
  'inspected_on',
  'published_on',
  'urn_at_time',
  'inspection_number',
  'category_of_concern',
  'safeguarding',
  'ungraded_outcome',
]

function part(prefix: string, fields: Field[]): Field[] {
  return fields.map((field) => ({ ...field, to: prefix + field.to }))
}

function inspectionsOf(row: Row): Row[] {
  const full = partOf(row, FULL)
  const graded = partOf(row, OEIF)
  const ungraded = partOf(row, UNGRADED)
  const areas = reportCard(full)
  return [
    // A full inspection without areas is one of the earlier framework, which the next columns hold.
    { ...full, inspected_on: areas && (full.inspected_on ?? null), kind: 'report_card', report_card: areas },
    { ...graded, kind: graded.overall == null ? 'graded_no_overall' : 'graded' },
    { ...ungraded, kind: 'ungraded' },
  ].filter((inspection: Row) => inspection.inspected_on != null)
}

function partOf(row: Row, prefix: string): Row {
  const own = Object.entries(row).filter(([name]) => name.startsWith(prefix))
  return {
    urn: row.urn ?? null,
    ...Object.fromEntries(own.map(([name, cell]) => [name.slice(prefix.length), cell])),
  }
}

/** The judgements of a report card by area, as JSON; nothing when no area has one. */
function reportCard(row: Row): Cell {
  const judged = REPORT_CARD_AREAS.flatMap(([area]) => (row[area] ? [[area, row[area]]] : []))
  return judged.length > 0 ? JSON.stringify(Object.fromEntries(judged)) : null
}

function uniqueInspection(): Layout['unique'] {
  return {
    what: (row) => `the ${row.kind} inspection of URN ${row.urn} on ${row.inspected_on}`,
    field: 'InspectionDate',
  }
}
