import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { lowerFirst } from '../platform/words.ts'
import { SUBJECT_CHANGES } from '../programmes/index.ts'

/** The three ways in which a case can go on when the register has changed its school. */
export const CHOICES = ['move', 'end', 'keep'] as const
export type Choice = (typeof CHOICES)[number]

/** What a file showed, in words. `on` is the day on which it happened, `source` the file with its own date. */
export type SubjectEvent = {
  readonly registerEventId: number
  readonly kind: string
  readonly words: string
  readonly on: string
  readonly source: string | null
  readonly sourceAsAt: string | null
}

/** What a change asks of the owner of a case, and what was decided. Days are ISO plain dates. */
export type SubjectChange = {
  readonly id: number
  readonly caseId: number
  readonly fromUrn: number | null
  readonly fromName: string
  readonly party: string
  readonly acts: readonly string[]
  readonly openedOn: string
  readonly dueOn: string | null
  readonly choice: Choice | null
  readonly toEstablishmentId: number | null
  readonly toUrn: number | null
  readonly toName: string | null
  readonly reason: string | null
  readonly effects: readonly ShownEffect[] | null
  readonly decidedOn: string | null
  readonly decidedBy: string | null
  readonly decidedById: number | null
  readonly decidedAs: string | null
  readonly events: readonly SubjectEvent[]
}

/** One side of what a choice does, as its owner reads it before choosing. */
export type ShownEffect = {
  readonly id: 'days' | 'people' | 'signatures' | 'money' | 'beside'
  readonly title: string
  readonly words: readonly string[]
}

/** A school that a case may move to; the same one where it only moved itself. */
export type MoveTarget = {
  readonly establishmentId: number
  readonly urn: number | null
  readonly name: string
  readonly kind: 'single school' | 'school in trust'
  readonly trustUid: string | null
  readonly trustName: string | null
  readonly region: string | null
  readonly authorityCode: string | null
  readonly authorityName: string | null
  readonly diocese: string | null
}

/** One choice with what it does; `unavailable` says why it cannot be made. */
export type ChangeOption = {
  readonly choice: Choice
  readonly title: string
  readonly target: MoveTarget | null
  readonly unavailable: string | null
  readonly effects: readonly ShownEffect[]
}

export type ChangeFacts = {
  readonly change: SubjectChange
  readonly isClosed: boolean
  readonly may: boolean
  readonly ownerTitle: string
  readonly options: readonly ChangeOption[]
  /** Stands for everything that is shown: whoever chooses sends back what they saw. */
  readonly mark: string
}

export type ChangeCommand = {
  readonly choice: string
  /** URN of the successor; may be left out where there is only one. */
  readonly successor: number | null
  readonly reason: string
  readonly seen: string
  readonly personId: number | null
}

/** What the events ask about: the kinds that the pack names, all without. */
export function asksOwner(kind: string, on: readonly string[] | undefined): boolean {
  return (on ?? SUBJECT_CHANGES).some((one) => one === kind)
}

/**
 * The option that was chosen, or every reason why not. The same choice with the same reason by the same person is answered as the
 * first time with `again`. Codes: `not-responsible` (403), `moved-on` (409: decided, or the case is not as it was shown),
 * `case.closed`, `choice.missing`, `choice.unavailable`, `reason.missing`, `seen.missing`.
 */
export function decideSubjectChange(
  facts: ChangeFacts,
  command: ChangeCommand,
): Decision<{ readonly option: ChangeOption; readonly again: boolean }> {
  const { change, may, ownerTitle, isClosed, mark } = facts
  if (!may)
    return refuse({ code: 'not-responsible', message: `Not yours to decide. Responsible: ${lowerFirst(ownerTitle)}` })
  const option = findOption(facts.options, command)
  if (change.choice !== null) {
    if (option && isSameAgain(change, option, command)) return accept({ option, again: true })
    return refuse({ code: 'moved-on', message: decidedWords(change) })
  }
  if (isClosed) return refuse({ code: 'case.closed', message: 'This case is closed; nothing more can be done in it' })
  const refusals = [...choiceRefusals(option, facts, command), ...reasonRefusals(command), ...seenRefusals(command)]
  if (!option || refusals.length > 0) return refuse(...refusals)
  if (command.seen !== mark)
    return refuse({
      code: 'moved-on',
      message: 'The case is not as it was when you read this page. Read again what each choice does now, and choose',
      field: 'choice',
    })
  return accept({ option, again: false })
}

/** A choice without a successor means the one that is there. */
function findOption(options: readonly ChangeOption[], { choice, successor }: ChangeCommand): ChangeOption | undefined {
  const found = options.filter((one) => one.choice === choice)
  if (successor === null) return found.length === 1 ? found[0] : undefined
  return found.find(({ target }) => target?.urn === successor)
}

function choiceRefusals(
  option: ChangeOption | undefined,
  { options }: ChangeFacts,
  { choice }: ChangeCommand,
): Refusal[] {
  if (!option) {
    const message = choice === 'move' ? 'Say to which school the case moves' : 'Choose how the case goes on'
    const allowed = [...new Set(options.map((one) => one.choice))]
    return [{ code: 'choice.missing', message, field: 'choice', allowed }]
  }
  return option.unavailable ? [{ code: 'choice.unavailable', message: option.unavailable, field: 'choice' }] : []
}

function reasonRefusals({ reason }: ChangeCommand): Refusal[] {
  return reason ? [] : [{ code: 'reason.missing', message: 'Give a reason; it is kept with the case', field: 'reason' }]
}

function seenRefusals({ seen }: ChangeCommand): Refusal[] {
  if (seen) return []
  return [{ code: 'seen.missing', message: 'Send back in "seen" what the change was told with', field: 'seen' }]
}

function isSameAgain(change: SubjectChange, { choice, target }: ChangeOption, command: ChangeCommand): boolean {
  return (
    change.choice === choice &&
    change.reason === command.reason &&
    change.decidedById === command.personId &&
    (choice !== 'move' || change.toUrn === target?.urn)
  )
}

/** "This was decided on 2024-01-08 by Elinor Marsh: the case moved to Coldspring Academy." */
export function decidedWords({ choice, toName, decidedOn, decidedBy }: SubjectChange): string {
  const what = choice === 'move' ? `the case moved to ${toName}` : choice === 'end' ? 'the case ended' : 'it stays'
  return `This was decided on ${decidedOn} by ${decidedBy}: ${what}`
}
