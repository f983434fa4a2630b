import type { Beneficiary, CataloguePhase, Facts, Setting } from '../programmes/index.ts'

/** Who might be pointed to a programme, with the facts that its rules read. What is not held is absent, never guessed. */
export type Circumstances = {
  readonly beneficiary: Beneficiary
  /** URN of a school, uid of a trust. */
  readonly key: string
  readonly name: string
  readonly invented: boolean
  readonly phases: readonly CataloguePhase[] | null
  readonly authority: { readonly code: string; readonly name: string | null } | null
  readonly region: string | null
  readonly facts: Facts
  /** Where the facts come from, in words. */
  readonly source: string
}

/** A school as the register holds it; null means that the fact is not held. */
export type SchoolFacts = {
  readonly urn: number
  readonly name: string
  readonly type: string | null
  readonly phase: string | null
  readonly low_age: number | null
  readonly high_age: number | null
  readonly sixth_form: string | null
  readonly pupils: number | null
  readonly fsm_percent: number | string | null
  readonly region: string | null
  readonly authority_code: string | null
  readonly authority_name: string | null
  readonly file_title: string
}

/** Invented establishments have URNs from 900000 (design, section 5). */
const FIRST_INVENTED_URN = 900_000

export function schoolCircumstances(school: SchoolFacts): Circumstances {
  const ages = agesOf(school)
  const kind = kindOf(school.type)
  return {
    beneficiary: 'school',
    key: String(school.urn),
    name: school.name,
    invented: school.urn >= FIRST_INVENTED_URN,
    phases: phasesOf(school, ages),
    authority: school.authority_code ? { code: school.authority_code, name: school.authority_name } : null,
    region: school.region,
    facts: held({
      beneficiary: 'school',
      ...ages,
      pupils: school.pupils === null ? undefined : BigInt(school.pupils),
      fsm: school.fsm_percent === null ? undefined : Number(school.fsm_percent),
      region: school.region ?? undefined,
      setting: kind.setting,
      stateFunded: kind.stateFunded,
      special: kind.special,
      runBy: kind.runBy,
    }),
    source: school.file_title,
  }
}

/** A trust is what its open schools are together; only trusts of academies are held. */
export function trustCircumstances(trust: {
  readonly uid: string
  readonly name: string
  readonly schools: readonly SchoolFacts[]
}): Circumstances {
  const schools = trust.schools.map(schoolCircumstances)
  const some = (fact: string) => {
    const known = schools.map(({ facts }) => facts[fact])
    if (known.includes(true)) return true
    return known.every((value) => value === false) ? false : undefined
  }
  const regions = new Set(schools.map(({ region }) => region))
  const [region = null] = regions.size === 1 ? regions : []
  const phases = schools.every((one) => one.phases) ? schools.flatMap((one) => one.phases ?? []) : null
  return {
    beneficiary: 'trust',
    key: trust.uid,
    name: trust.name,
    invented: schools.length > 0 && schools.every((one) => one.invented),
    phases: phases && phases.length > 0 ? [...new Set(phases)] : null,
    authority: null,
    region,
    facts: held({
      beneficiary: 'trust',
      primaryAge: some('primaryAge'),
      secondaryAge: some('secondaryAge'),
      post16: some('post16'),
      region: region ?? undefined,
      setting: 'state-school',
      stateFunded: true,
      runBy: 'trust',
    }),
    source: trust.schools[0]?.file_title ?? 'Register',
  }
}

function held(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

type Ages = { readonly primaryAge?: boolean; readonly secondaryAge?: boolean; readonly post16?: boolean }

const AGES_OF_PHASE: Readonly<Record<string, Ages>> = {
  Nursery: { primaryAge: false, secondaryAge: false, post16: false },
  Primary: { primaryAge: true, secondaryAge: false, post16: false },
  'Middle deemed primary': { primaryAge: true, post16: false },
  'Middle deemed secondary': { secondaryAge: true },
  Secondary: { primaryAge: false, secondaryAge: true },
  'All-through': { primaryAge: true, secondaryAge: true },
  '16 plus': { primaryAge: false, secondaryAge: false, post16: true },
}

/** The ages of the register where it holds them, else what the phase says; a sixth form as the register says. */
function agesOf(school: SchoolFacts): Ages {
  const { low_age: low, high_age: high, sixth_form: sixthForm } = school
  const byPhase = AGES_OF_PHASE[school.phase ?? ''] ?? {}
  const byAge: Ages =
    low === null || high === null
      ? {}
      : {
          primaryAge: low < 11 && high > 5,
          secondaryAge: low < 16 && high > 12,
          ...(high <= 16 && { post16: false }),
        }
  const said: Ages = /^has a sixth form$/i.test(sixthForm ?? '')
    ? { post16: true }
    : /^does not have/i.test(sixthForm ?? '')
      ? { post16: byPhase.post16 ?? false }
      : {}
  return { ...byPhase, ...byAge, ...(byPhase.post16 !== undefined && { post16: byPhase.post16 }), ...said }
}

function phasesOf(school: SchoolFacts, ages: Ages): readonly CataloguePhase[] | null {
  const phases: CataloguePhase[] = school.phase === 'Nursery' ? ['nursery'] : []
  if (ages.primaryAge) phases.push('primary')
  if (ages.secondaryAge) phases.push('secondary')
  if (ages.post16) phases.push('16 plus')
  return phases.length > 0 ? phases : null
}

type Kind = {
  readonly setting?: Setting
  readonly stateFunded?: boolean
  readonly special?: boolean
  readonly runBy?: 'authority' | 'trust'
}

/** The register's types, most particular first. What a type does not settle stays unknown: non-maintained special schools,
 * secure units and the like are funded in ways that the rules here do not name. */
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/independent special/i, { setting: 'independent-special', stateFunded: false, special: true }],
  [/non-maintained special|special post 16/i, { special: true }],
  [/independent|overseas|offshore/i, { setting: 'independent', stateFunded: false }],
  [/hospital/i, { setting: 'hospital', stateFunded: true, special: true }],
  [/private nursery/i, { setting: 'early-years' }],
  [/secure|welsh|higher education|service children|online|city technology/i, {}],
  [/further education|sixth form|16[- ](?:to )?19/i, { setting: 'state-16-19', stateFunded: true, special: false }],
  [/(?:academy|free school).*special/i, { setting: 'state-school', stateFunded: true, special: true, runBy: 'trust' }],
  [/special/i, { setting: 'state-school', stateFunded: true, special: true, runBy: 'authority' }],
  [/pupil referral/i, { setting: 'state-school', stateFunded: true, runBy: 'authority' }],
  [/alternative provision/i, { setting: 'state-school', stateFunded: true, runBy: 'trust' }],
  [
    /academy|free school|studio|university technical/i,
    { setting: 'state-school', stateFunded: true, special: false, runBy: 'trust' },
  ],
  [
    /community|voluntary|foundation|local authority nursery/i,
    { setting: 'state-school', stateFunded: true, special: false, runBy: 'authority' },
  ],
]

function kindOf(type: string | null): Kind {
  return KINDS.find(([words]) => words.test(type ?? ''))?.[1] ?? {}
}
