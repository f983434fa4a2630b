import type { Duty, Step } from './process-schema.ts'

export type TitleOf = (party: string) => string

/** Who has a part in a step or duty beside its owner, in short statements: who comes, who signs, who is told, who may leave it out. */
export function peopleInWords(
  { attend, by, order, waive, tell, clock }: Pick<Step | Duty, 'attend' | 'by' | 'order' | 'waive' | 'tell' | 'clock'>,
  titleOf: TitleOf,
): string[] {
  const statement = (words: string, parties: readonly string[] | undefined) =>
    parties && parties.length > 0 ? [`${words}: ${parties.map(titleOf).join(', ')}`] : []
  return [
    ...statement('Must be there', attend?.must),
    ...statement('Expected, or a reason is asked', attend?.expect),
    ...statement('May be there', attend?.may),
    ...statement(order === 'strict' ? 'Agreed by each, in this order' : 'Agreed by each of', by),
    ...statement('May be left out, with a reason, by', waive && [waive.by]),
    ...statement('Told', tell),
    ...statement('When late, told', clock?.late),
  ]
}

/** "Categorisation: Outcomes; Ambition. Read by: Adviser." */
export function paperInWords(
  {
    title,
    parts,
    reads,
  }: { title: string; parts?: readonly string[] | undefined; reads?: readonly string[] | undefined },
  titleOf: TitleOf,
): string {
  const readers = reads ? ` Read by: ${reads.map(titleOf).join(', ')}.` : ''
  return `${title}${parts ? `: ${parts.join('; ')}` : ''}.${readers}`
}
