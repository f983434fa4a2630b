import type { FactDeclaration } from './conditions.ts'

/** What kind of place somebody works in, as far as funding rules tell them apart: a closed list of the engine. */
export const SETTINGS = {
  'state-school': 'State-funded school',
  'state-16-19': 'State-funded 16 to 19 organisation',
  'independent-special': 'Independent special school',
  independent: 'Independent school',
  hospital: 'Hospital school',
  virtual: 'Virtual school of a local authority',
  'young-offender': 'Young offender institution',
  authority: 'Local authority (practising teacher)',
  'early-years': 'Private or voluntary early years setting',
} as const
export type Setting = keyof typeof SETTINGS
export const SETTING_IDS: readonly Setting[] = [
  'state-school',
  'state-16-19',
  'independent-special',
  'independent',
  'hospital',
  'virtual',
  'young-offender',
  'authority',
  'early-years',
]

/** Phases that an entry may be for; a school may have several (an all-through school has two). */
export const CATALOGUE_PHASES = ['nursery', 'primary', 'secondary', '16 plus'] as const
export type CataloguePhase = (typeof CATALOGUE_PHASES)[number]

export const BENEFICIARIES = ['school', 'trust', 'authority'] as const
export type Beneficiary = (typeof BENEFICIARIES)[number]

/** What a condition of a catalogue may read. All but the first may be unknown: then the answer is "check", never a guess. */
export const CATALOGUE_FACTS: { readonly [name: string]: FactDeclaration } = {
  beneficiary: { type: 'string', mayBeUnknown: false, title: 'kind of beneficiary' },
  primaryAge: { type: 'bool', mayBeUnknown: true, title: 'pupils of primary age' },
  secondaryAge: { type: 'bool', mayBeUnknown: true, title: 'pupils of secondary age' },
  post16: { type: 'bool', mayBeUnknown: true, title: '16 to 19 provision' },
  pupils: { type: 'int', mayBeUnknown: true, title: 'number of pupils' },
  stateFunded: { type: 'bool', mayBeUnknown: true, title: 'state funding' },
  setting: { type: 'string', mayBeUnknown: true, title: 'kind of setting' },
  special: { type: 'bool', mayBeUnknown: true, title: 'special setting' },
  runBy: { type: 'string', mayBeUnknown: true, title: 'who runs it' },
  region: { type: 'string', mayBeUnknown: true, title: 'region' },
  fsm: { type: 'double', mayBeUnknown: true, title: 'share of pupils with free school meals' },
  flags: { type: 'list<string>', mayBeUnknown: true, title: 'marked areas' },
}
