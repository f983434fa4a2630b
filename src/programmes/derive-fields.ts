import type { Fields } from './field-schema.ts'
import type { Process, Step, StepCheck } from './process-schema.ts'

/** The longest part of a paper, in characters (a setting of ours). */
const PART_LENGTH = 4000

/** The fields of a meeting that the engine asks for itself. */
const HELD_ON = 'held-on'
const PRESENT = 'present'

/**
 * What a step asks for by its kind where the pack names no fields of its own: the parts of the paper that a form makes, and the day
 * and the people of a meeting, with what its report must say. Who must be present is then a check.
 */
export function withDerivedFields(process: Process): Process {
  const flows = Object.entries(process.flows ?? {}).map(([id, flow]) => {
    const papers = { ...process.documents, ...flow.documents }
    const steps = Object.entries(flow.steps).map(
      ([name, step]) => [name, derived(step, { papers, parties: process.parties })] as const,
    )
    return [id, { ...flow, steps: Object.fromEntries(steps) }] as const
  })
  return { ...process, ...(process.flows && { flows: Object.fromEntries(flows) }) }
}

type Around = { readonly papers: NonNullable<Process['documents']>; readonly parties: Process['parties'] }

function derived(step: Step, around: Around): Step {
  if (step.fields) return step
  if (step.kind === 'form' && step.document) return withFields(step, partsOf(step.document, around), [])
  if (step.kind !== 'meet' || !step.attend) return step
  const report = step.report ? partsOf(step.report, around) : {}
  return withFields(step, { ...meeting(step.attend, around), ...report }, missing(step, step.attend, around))
}

function withFields(step: Step, fields: Fields, checks: readonly StepCheck[]): Step {
  if (Object.keys(fields).length === 0) return step
  return { ...step, fields, ...(checks.length > 0 && { checks: [...checks, ...(step.checks ?? [])] }) }
}

/** One text for each part: "Areas for improvement" is the field areas-for-improvement. */
function partsOf(document: string, { papers }: Around): Fields {
  const { parts = [], cites } = papers[document] ?? { cites: [] }
  return Object.fromEntries(
    parts.map((title) => [
      partId(title),
      { title, type: 'note' as const, required: true, max: PART_LENGTH, shared: true, cites },
    ]),
  )
}

function partId(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

type Attend = NonNullable<Step['attend']>

function meeting({ must, expect = [], may = [] }: Attend, { parties }: Around): Fields {
  const invited = [...new Set([...must, ...expect, ...may])]
  return {
    [HELD_ON]: { title: 'Day of the meeting', type: 'date', required: true, past: true },
    [PRESENT]: {
      title: 'Who was present',
      type: 'choices',
      required: true,
      options: invited.map((party) => ({ id: party, title: parties[party]?.title ?? party })),
    },
  }
}

function missing({ cites }: Step, { must }: Attend, { parties }: Around): StepCheck[] {
  return must.map((party) => ({
    id: `missing-${party}`,
    when: `given('${PRESENT}') && !(', ' + field('${PRESENT}') + ',').contains(', ${party},')`,
    level: 'refuse',
    say: `${parties[party]?.title ?? party} missing: they must be present`,
    cites,
  }))
}
