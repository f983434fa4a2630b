import type { Calculator, Catalogue, Facts } from '../programmes/index.ts'
import { settingChoices } from './calculate.ts'

type Choice = { readonly value: string; readonly text: string; readonly selected?: boolean }
export type FormField = {
  readonly name: string
  readonly label: string
  readonly value: string
  /** A text field where there is nothing to choose from. */
  readonly choices: readonly Choice[] | null
  readonly prefix: string | null
}

const YES_NO: readonly Choice[] = [
  { value: '', text: 'Not known' },
  { value: 'yes', text: 'Yes' },
  { value: 'no', text: 'No' },
]

/** The fields of a calculator: what was typed, else what is held of the school. */
export function calculatorFields(
  catalogue: Catalogue,
  calculator: Calculator,
  { typed, facts, regions }: { typed: Readonly<Record<string, string>>; facts: Facts; regions: readonly string[] },
): FormField[] {
  const held = (name: string, known: unknown = undefined) => typed[name] ?? (known === undefined ? '' : String(known))
  const text = (name: string, label: string, known?: unknown, prefix: string | null = null): FormField => {
    return { name, label, value: held(name, known), choices: null, prefix }
  }
  const choice = (name: string, label: string, choices: readonly Choice[], known?: unknown): FormField => {
    const value = held(name, known)
    return {
      name,
      label,
      value,
      choices: choices.map((one) => ({ ...one, selected: one.value === value })),
      prefix: null,
    }
  }
  switch (calculator.kind) {
    case 'funding-by-setting':
      return [
        choice('setting', 'Kind of setting', [{ value: '', text: 'Not known' }, ...settingChoices()], facts.setting),
      ]
    case 'grant-per-participant':
      return [
        choice(
          'phase',
          'Phase',
          [
            { value: 'primary', text: 'Primary' },
            { value: 'other', text: 'Any other' },
          ],
          phaseOf(facts),
        ),
        text('pupils', 'Pupils', facts.pupils),
        text('participants', 'Participants'),
      ]
    case 'share-of-cost':
      return [text('cost', 'Planned cost', undefined, '£'), choice('runBy', 'Run by', RUN_BY, facts.runBy)]
    case 'per-day': {
      const { place } = calculator.extra
      const mark = catalogue.places.find(({ id }) => id === place)
      const places = regions.map((region) => ({ value: region, text: region }))
      const marks = mark ? [{ value: mark.id, text: mark.name }] : []
      return [
        choice('region', 'Region', [{ value: '', text: 'Not known' }, ...places, ...marks], facts.region),
        text('days', `Number of ${calculator.unit}s`),
      ]
    }
    case 'conditions':
      return [
        ...(reads(calculator, 'stateFunded')
          ? [choice('stateFunded', 'State-funded school', YES_NO, yesNo(facts.stateFunded))]
          : []),
        ...catalogue.asks
          .filter(({ id }) => reads(calculator, id))
          .map(({ id, type, text: label }) =>
            type === 'bool' ? choice(id, label, YES_NO, yesNo(facts[id])) : text(id, label, facts[id]),
          ),
      ]
  }
}

const RUN_BY: readonly Choice[] = [
  { value: '', text: 'Not known' },
  { value: 'authority', text: 'The local authority' },
  { value: 'trust', text: 'An academy trust' },
]

function phaseOf(facts: Facts): string | undefined {
  if (facts.primaryAge === undefined) return undefined
  return facts.primaryAge === true && facts.secondaryAge === false ? 'primary' : 'other'
}

function yesNo(value: unknown): string | undefined {
  if (typeof value !== 'boolean') return undefined
  return value ? 'yes' : 'no'
}

function reads(calculator: Extract<Calculator, { kind: 'conditions' }>, fact: string): boolean {
  return calculator.rows.some(({ when }) => new RegExp(`\\b${fact}\\b`).test(when))
}

/** What the catalogue asks about a school that bears on which entries fit it. */
export function asksForSuggestions(catalogue: Catalogue, typed: Readonly<Record<string, string>>): FormField[] {
  const conditions = catalogue.entries
    .flatMap(({ eligibility, subjects }) => [eligibility.when, eligibility.suits?.when, subjects?.['or-when']])
    .join(' ')
  return catalogue.asks
    .filter(({ id, type }) => type === 'bool' && new RegExp(`\\b${id}\\b`).test(conditions))
    .map(({ id, text }) => yesNoField(id, text, typed))
}

export function yesNoField(name: string, label: string, typed: Readonly<Record<string, string>>): FormField {
  const value = typed[name] ?? ''
  const choices = YES_NO.map((one) => ({ ...one, selected: one.value === value }))
  return { name, label, value, choices, prefix: null }
}
