import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { longDate } from '../platform/words.ts'
import {
  type Calculator,
  type Catalogue,
  type CatalogueEntry,
  catalogueJudge,
  type Facts,
  SETTING_IDS,
  SETTINGS,
  type Setting,
} from '../programmes/index.ts'

/** One line of a calculation; `pounds` is null where a line is words alone, `firm` false where it must be checked first. */
export type CalculationLine = { readonly text: string; readonly pounds: number | null; readonly firm: boolean }

/** `outcome` is a word that programs can rely on; `total` sums the firm lines, `atMost` adds what may come on top. */
export type Calculation = {
  readonly title: string
  readonly outcome: string
  readonly words: string
  readonly lines: readonly CalculationLine[]
  readonly total: number | null
  readonly atMost: number | null
  readonly notes: readonly string[]
}

/** What a calculation rests on: texts as typed (they win) and the facts of a school, where one is named. */
export type CalculationInput = {
  readonly catalogue: Catalogue
  readonly entry: CatalogueEntry
  readonly typed: Readonly<Record<string, string>>
  readonly facts: Facts
  readonly on: string
}

/** Money and entitlement with the pack's numbers. Never a zero for what is not known: that is refused and said. */
export function calculate(calculator: Calculator, input: CalculationInput): Decision<Calculation> {
  switch (calculator.kind) {
    case 'funding-by-setting':
      return fundingBySetting(calculator, input)
    case 'grant-per-participant':
      return grantPerParticipant(calculator, input)
    case 'share-of-cost':
      return shareOfCost(calculator, input)
    case 'per-day':
      return perDay(calculator, input)
    case 'conditions':
      return conditions(calculator, input)
  }
}

type Of<K extends Calculator['kind']> = Extract<Calculator, { kind: K }>

const PLAIN = { lines: [], total: null, atMost: null, notes: [] } as const

/** Who gets a scholarship by the kind of setting (TSI-170). An unknown setting is to be checked, never funded. */
function fundingBySetting(calculator: Of<'funding-by-setting'>, input: CalculationInput): Decision<Calculation> {
  const { valid, funded, check, title } = calculator
  const notes = [`Valid from ${longDate(valid.from)} to ${longDate(valid.to)}`]
  const answer = (outcome: string, words: string) => accept({ ...PLAIN, title, outcome, words, notes })
  const given = input.typed.setting || String(input.facts.setting ?? '')
  const setting = SETTING_IDS.find((one) => one === given)
  if (input.on < valid.from || input.on > valid.to)
    return answer('check', 'Check: the scholarship is known for the academic year below only')
  if (!setting) return answer('check', 'Check: the kind of setting is not known')
  const name = SETTINGS[setting]
  if (funded.includes(setting)) return answer('funded', `Funded: ${name}`)
  const asked = check.find((one) => one.setting === setting)
  if (!asked) return answer('self-funded', `Self-funded: ${name}`)
  const titles = asked.entries.map((id) => input.catalogue.entries.find((entry) => entry.id === id)?.title ?? id)
  if (asked.entries.includes(input.entry.id)) return answer('check', `Check: ${asked.say}`)
  // Asked of the qualifications as a whole, the answer names those that may be funded.
  const whole = input.catalogue.entries.some((entry) => entry.of === input.entry.id && asked.entries.includes(entry.id))
  return whole
    ? answer('early-years-only', `Only ${titles.join(', ')}: ${asked.say}; all others self-funded`)
    : answer('self-funded', `Self-funded: ${name}`)
}

/** So much for each participant, by phase and size (TSI-171). */
function grantPerParticipant(calculator: Of<'grant-per-participant'>, input: CalculationInput): Decision<Calculation> {
  const refusals: Refusal[] = []
  const participants = wholeIn(input, 'participants', 'Participants must be a whole number, 1 or more', refusals, 1)
  const phase = phaseIn(input, refusals)
  const given = 'pupils' in input.typed ? input.typed.pupils : undefined
  const pupilText = given ?? String(input.facts.pupils ?? '')
  if (pupilText === '')
    refusals.push({ code: 'pupils.missing', message: 'Not computable - pupil number missing', field: 'pupils' })
  else if (!/^\d{1,5}$/.test(pupilText))
    refusals.push({ code: 'pupils.wrong', message: 'Pupils must be a whole number', field: 'pupils' })
  if (refusals.length > 0 || participants === null) return refuse(...refusals)
  const pupils = Number(pupilText)
  const band = calculator.bands.find(
    (one) => one.phase === phase && (one['up-to'] === undefined || pupils <= one['up-to']),
  )
  const each = band?.amount ?? 0
  const total = each * participants
  const size = `${phase === 'primary' ? 'primary school' : 'school of another phase'} with ${pupils} pupils`
  return accept({
    ...PLAIN,
    title: calculator.title,
    outcome: total > 0 ? 'grant' : 'no-grant',
    words: `${pounds(total)} for a ${size}`,
    lines: [{ text: `${participants} × ${pounds(each)}`, pounds: total, firm: true }],
    total,
  })
}

/** A share that is paid, and the rest that the school pays (TSI-175). */
function shareOfCost(calculator: Of<'share-of-cost'>, input: CalculationInput): Decision<Calculation> {
  const text = (input.typed.cost ?? '').replaceAll(/[£,\s]/g, '')
  if (!/^\d{1,7}(\.\d{1,2})?$/.test(text) || Number(text) <= 0)
    return refuse({ code: 'cost.wrong', message: 'Planned cost must be an amount such as 4000', field: 'cost' })
  const pence = Math.round(Number(text) * 100)
  const funded = Math.round((pence * calculator.percent) / 100)
  const runBy = input.typed.runBy || String(input.facts.runBy ?? '')
  const paidBy = calculator['paid-by']
  const payer =
    runBy === 'authority'
      ? paidBy.authority
      : runBy === 'trust'
        ? paidBy.trust
        : `${paidBy.authority} or ${paidBy.trust}`
  const [share, own] = [funded / 100, (pence - funded) / 100]
  return accept({
    title: calculator.title,
    outcome: 'share',
    words: `${pounds(share)} funding and ${pounds(own)} own share`,
    lines: [
      { text: `Funding, ${calculator.percent}%, paid ${calculator.paid} by ${payer}`, pounds: share, firm: true },
      { text: `Own share, from ${calculator.rest}`, pounds: own, firm: true },
    ],
    total: null,
    atMost: null,
    notes: [],
  })
}

/** So much a day, and what may come on top for distant regions, which is never part of the firm sum (TSI-185). */
function perDay(calculator: Of<'per-day'>, input: CalculationInput): Decision<Calculation> {
  const refusals: Refusal[] = []
  const message = `Number of ${calculator.unit}s must be a whole number, 1 or more`
  const days = wholeIn(input, 'days', message, refusals, 1)
  if (days === null) return refuse(...refusals)
  const { extra } = calculator
  const region = input.typed.region || String(input.facts.region ?? '')
  const marks = input.facts.flags
  const marked = extra.place !== undefined && Array.isArray(marks) && marks.includes(extra.place)
  const mayTravel = extra.regions.includes(region) || marked || region === extra.place
  const firm = days * calculator.amount
  const lines: CalculationLine[] = [
    { text: `${days} × ${pounds(calculator.amount)} for each ${calculator.unit}`, pounds: firm, firm: true },
    ...calculator.covered.map((text) => ({ text: `${text}: covered, the school pays`, pounds: 0, firm: true })),
    ...(mayTravel
      ? [
          {
            text: `Possible ${extra.title.toLowerCase()}: up to ${pounds(extra.amount)}, to be checked`,
            pounds: extra.amount,
            firm: false,
          },
        ]
      : []),
  ]
  return accept({
    title: calculator.title,
    outcome: 'subsidy',
    words: `${pounds(firm)} firm${mayTravel ? `, possible ${extra.title.toLowerCase()} ${pounds(extra.amount)}, at most ${pounds(firm + extra.amount)}` : ''}`,
    lines,
    total: firm,
    atMost: mayTravel ? firm + extra.amount : firm,
    notes: [calculator.eligibility],
  })
}

/** All conditions must hold; each that does not is named, and what is not known is to be checked (TSI-172). */
function conditions(calculator: Of<'conditions'>, input: CalculationInput): Decision<Calculation> {
  const facts = readAsks(input.catalogue, input.typed)
  if (!facts.ok) return facts
  const typed = input.typed.stateFunded
  const stateFunded = typed === 'yes' || typed === 'no' ? { stateFunded: typed === 'yes' } : {}
  const held: Facts = { beneficiary: 'school', ...input.facts, ...facts.value, ...stateFunded }
  const judge = catalogueJudge(input.catalogue)
  const results = calculator.rows.map((row) => ({ ...row, result: judge(row.when, held) }))
  const unmet = results.filter(({ result }) => result === 'not-met').map((row) => row.unmet)
  const unknown = results.filter(({ result }) => result === 'unknown').map((row) => row.unmet)
  const { title } = calculator
  if (unmet.length > 0)
    return accept({ ...PLAIN, title, outcome: 'not-eligible', words: `Not eligible: ${unmet.join('; ')}` })
  if (unknown.length > 0)
    return accept({ ...PLAIN, title, outcome: 'check', words: `Check whether this holds: ${unknown.join('; ')}` })
  return accept({ ...PLAIN, title, outcome: 'eligible', words: calculator.met })
}

/** Facts that somebody answered: `yes` or `no`, or a whole number; blank leaves a fact unknown. */
export function readAsks({ asks }: Catalogue, typed: Readonly<Record<string, string>>): Decision<Facts> {
  const refusals: Refusal[] = []
  const facts: Record<string, boolean | bigint> = {}
  for (const { id, type, text } of asks) {
    const given = typed[id] ?? ''
    if (given === '') continue
    if (type === 'bool' && (given === 'yes' || given === 'no')) facts[id] = given === 'yes'
    else if (type === 'int' && /^\d{1,3}$/.test(given)) facts[id] = BigInt(given)
    else refusals.push({ code: 'answer.wrong', message: `${text}: ${ANSWER_WORDS[type]}`, field: id })
  }
  return refusals.length > 0 ? refuse(...refusals) : accept(facts)
}

const ANSWER_WORDS = { bool: 'answer yes or no', int: 'enter a whole number' }

function wholeIn({ typed }: CalculationInput, field: string, message: string, refusals: Refusal[], least: number) {
  const text = typed[field] ?? ''
  if (/^\d{1,4}$/.test(text) && Number(text) >= least) return Number(text)
  refusals.push({ code: `${field}.wrong`, message, field })
  return null
}

/** Primary or any other phase, as typed or by the ages of the school. */
function phaseIn({ typed, facts }: CalculationInput, refusals: Refusal[]): 'primary' | 'other' | null {
  const given = typed.phase ?? ''
  if (given === 'primary') return 'primary'
  if (given !== '') return 'other'
  if (facts.primaryAge === true && facts.secondaryAge === false) return 'primary'
  if (facts.secondaryAge === true || facts.primaryAge === false) return 'other'
  refusals.push({ code: 'phase.missing', message: 'Choose the phase of the school', field: 'phase' })
  return null
}

/** "£1,600", "£500.50". */
export function pounds(amount: number): string {
  const digits = Number.isInteger(amount) ? 0 : 2
  return new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency: 'GBP',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount)
}

/** The kinds of setting for a list to choose from. */
export function settingChoices(): { value: Setting; text: string }[] {
  return SETTING_IDS.map((value) => ({ value, text: SETTINGS[value] }))
}
