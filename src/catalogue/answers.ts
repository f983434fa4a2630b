import { type Decision, refuse } from '../platform/decision.ts'
import type { CatalogueEntry } from '../programmes/index.ts'
import { type Calculation, calculate } from './calculate.ts'
import type { CatalogueContext } from './context.ts'

/** An entry of the catalogue by its id in the address. */
export function findEntry({ catalogue }: CatalogueContext, id: string | undefined): CatalogueEntry | undefined {
  return catalogue.entries.find((one) => one.id === id)
}

/** Runs the calculator that the address names; undefined when it names none. */
export function answerCalculation(context: CatalogueContext, entry: CatalogueEntry): Decision<Calculation> | undefined {
  const { catalogue, typed, circumstances, on } = context
  const asked = typed.calculator ?? ''
  if (asked === '') return undefined
  const calculator = entry.calculators?.includes(asked) ? catalogue.calculators[asked] : undefined
  if (!calculator)
    return refuse({ code: 'calculator.unknown', message: `${entry.title} has no such calculator`, field: 'calculator' })
  return calculate(calculator, { catalogue, entry, typed, facts: circumstances?.facts ?? NO_FACTS, on })
}

const NO_FACTS = { beneficiary: 'school' }
