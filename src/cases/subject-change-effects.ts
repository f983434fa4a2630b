import type { Db } from '../platform/db.ts'
import { countOf, longDate } from '../platform/words.ts'
import type { CaseParts, MoneyForeseen } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { openFormDesk, stateOfSignature } from './form-desk.ts'
import type { Holder } from './holders.ts'
import { openStepsOf } from './present-case.ts'
import type { ChangeOption, Choice, MoveTarget, ShownEffect } from './subject-change.ts'
import type { TakenDays } from './subject-change-days.ts'
import type { WorkTotals } from './work-facts.ts'

/** A signature of the case's form as it stands, and the versions of the sections that were saved. */
export type FormStanding = {
  readonly signatures: readonly {
    readonly title: string
    readonly party: string
    readonly words: string
    readonly isSigned: boolean
  }[]
  readonly versions: number
  readonly copiedOn: string
}

/** Everything that the effects of the choices follow from, read once. */
export type EffectFacts = {
  readonly record: CaseRecord
  readonly today: string
  readonly totals: WorkTotals
  readonly taken: readonly TakenDays[]
  readonly kept: readonly TakenDays[]
  readonly holders: readonly Holder[]
  readonly form: FormStanding | null
  /** Whom the pack has told of the decision. */
  readonly tell: readonly string[]
}

/** The same for one choice: who has a role then, how the money stands then, and whether the leader has an interest there. */
export type ThenFacts = {
  readonly holders: readonly Holder[]
  readonly money: readonly MoneyForeseen[]
  readonly noContact: string | null
  readonly conflict: string | null
  /** By party, the title of the role that signs for it. */
  readonly signers: Readonly<Record<string, string>>
}

/** What a choice does, in finished words; pure. */
export function effectsOf(
  facts: EffectFacts,
  { choice, target }: Pick<ChangeOption, 'choice' | 'target'>,
  then: ThenFacts,
): ShownEffect[] {
  const beside = besideWords(facts, choice, target)
  return [
    { id: 'days', title: 'Days', words: daysWords(facts, choice, target) },
    { id: 'people', title: 'People', words: peopleWords(facts, choice, { target, then }) },
    { id: 'signatures', title: 'Form and signatures', words: formWords(facts, choice, { target, then }) },
    { id: 'money', title: 'Money', words: moneyWords(then.money, choice) },
    ...(beside.length > 0 ? [{ id: 'beside' as const, title: 'Cases beside it', words: beside }] : []),
  ]
}

const days = (halfDays: number) => countOf(halfDays / 2, 'day')
const sumOf = (taken: readonly TakenDays[]) => taken.reduce((sum, { halfDays }) => sum + halfDays, 0)

function daysWords({ totals, taken, kept }: EffectFacts, choice: Choice, target: MoveTarget | null): string[] {
  const { agreed, extra, delivered, planned } = totals
  const left = Math.max(0, agreed + extra - delivered)
  const used = `${delivered / 2} of ${days(agreed + extra)} used`
  if (choice === 'keep') return [`${used}, ${left / 2} left: as before.`]
  if (choice === 'move') return [`${used}: they stay in the log.`, `${days(left)} left for ${target?.name}.`]
  const back = sumOf(taken) - sumOf(kept)
  const names = [...new Set(taken.map(({ name }) => name))]
  return [
    `${used}: they stay in the log.`,
    `${days(left)} left: not given any more.`,
    ...(planned > 0 ? [`${days(planned)} planned: they do not take place.`] : []),
    ...(back > 0 ? [`${days(back)} go back to ${names.join(' and ')}.`] : []),
  ]
}

type PeopleAsked = { readonly target: MoveTarget | null; readonly then: ThenFacts }

function peopleWords(facts: EffectFacts, choice: Choice, { target, then }: PeopleAsked): string[] {
  const { record, holders, tell } = facts
  const titles = tell.map((party) => record.pack.process?.parties[party]?.title ?? party)
  const told = titles.length > 0 ? [`Told: ${titles.join(', ')}.`] : []
  const local = (some: readonly Holder[]) => some.filter(({ national }) => !national)
  if (choice === 'end') {
    const waiting = [...new Set(openStepsOf(record, facts.today).map(({ partyTitle }) => partyTitle))]
    const open = openStepsOf(record, facts.today).length
    return [
      open === 0
        ? 'No step is open.'
        : `${countOf(open, 'open step')} withdrawn; nobody waits any more for: ${waiting.join(', ')}.`,
      'Who sees the case now still sees it.',
      ...told,
    ]
  }
  if (choice === 'keep') {
    const own = local(holders).filter(({ role }) => record.pack.roles[role]?.scope.includes('own'))
    return [`Contacts stay those of ${record.name}: ${namesOf(record, own) || 'none is recorded'}.`, ...told]
  }
  const gone = without(local(holders), then.holders)
  const come = without(local(then.holders), holders)
  const places = placesThatChange(record, target)
  return [
    ...(come.length > 0 ? [`New: ${namesOf(record, come)}.`] : []),
    ...(gone.length > 0 ? [`No longer: ${namesOf(record, gone)}.`] : []),
    ...(come.length + gone.length === 0 ? ['The same people have a role for it.'] : []),
    ...(then.noContact ? [then.noContact] : []),
    ...(then.conflict ? [then.conflict] : []),
    ...places,
    'Open steps stay open with their days, for whoever has the role there.',
    ...told,
  ]
}

function without(some: readonly Holder[], others: readonly Holder[]): Holder[] {
  return some.filter((one) => !others.some(({ personId, role }) => personId === one.personId && role === one.role))
}

function namesOf({ pack }: CaseRecord, holders: readonly Holder[]): string {
  return holders.map(({ name, role }) => `${name} (${pack.roles[role]?.title ?? role})`).join(', ')
}

function placesThatChange(record: CaseRecord, target: MoveTarget | null): string[] {
  if (!target) return []
  const pairs: [string, string | null, string | null][] = [
    ['Trust', record.trustName, target.trustName],
    ['Authority', record.authorityName, target.authorityName],
    ['Region', record.region, target.region],
  ]
  return pairs.flatMap(([title, before, after]) =>
    before === after ? [] : [`${title}: ${after ?? 'none'}, before ${before ?? 'none'}.`],
  )
}

function formWords({ form, record }: EffectFacts, choice: Choice, { target, then }: PeopleAsked): string[] {
  if (!form) return [choice === 'move' ? `No form yet; it will be made for ${target?.name}.` : 'No form yet.']
  const urn = record.urn === null ? '' : `, URN ${record.urn}`
  const signed = form.signatures.map(({ title, party, words, isSigned }) => {
    if (isSigned) return `${title}: ${words}; it stays.`
    if (choice === 'end') return `${title}: ${words}; nothing can be signed any more.`
    return `${title}: ${words}; for: ${(then.signers[party] ?? '').toLowerCase()}.`
  })
  const kept =
    form.versions === 0 ? 'No section is saved yet.' : `${countOf(form.versions, 'saved version')} of sections stay.`
  const copies = `What was copied on ${longDate(form.copiedOn)} still names ${record.name}${urn}.`
  return [...signed, kept, ...(choice === 'move' && target?.urn !== record.urn ? [copies] : [])]
}

function moneyWords(money: readonly MoneyForeseen[], choice: Choice): string[] {
  if (money.length === 0) return ['Nothing is promised or claimed.']
  const lines = money.map(({ title, payee, now, next }) => {
    const to = payee ? `, to ${payee}` : ''
    return now === next ? `${title}${to}: ${now}, as before.` : `${title}${to}: ${now}; then ${next}.`
  })
  const unclaimed = choice === 'end' && money.some(({ isUnclaimed }) => isUnclaimed)
  return [
    ...lines,
    ...(unclaimed ? ['What was worked is not claimed yet, and nothing can be handed in once the case has ended.'] : []),
  ]
}

function besideWords({ record }: EffectFacts, choice: Choice, target: MoveTarget | null): string[] {
  const open = record.children.filter(({ status }) => status !== 'closed')
  if (open.length === 0 || choice === 'keep') return open.length === 0 ? [] : ['They stay as they are.']
  if (choice === 'move')
    return [`${open.map(({ reference }) => reference).join(', ')} move to ${target?.name} with it.`]
  const ending = endingChildren(record)
  return open.map(({ reference, flow }) =>
    ending.includes(reference)
      ? `${reference} ends with it.`
      : `${reference} stays open (${record.pack.process?.flows?.[flow]?.title}).`,
  )
}

/** The cases beside one that end with it: all that are open, but for those that the pack lets outlive it. */
export function endingChildren({ pack, flow, children }: CaseRecord): string[] {
  const kinds = Object.values(pack.process?.flows?.[flow]?.children ?? {})
  const outlives = (of: string) => kinds.some((one) => one.flow === of && one.outlives === true)
  return children.filter((one) => one.status !== 'closed' && !outlives(one.flow)).map(({ reference }) => reference)
}

/** How the form of a case stands; null before there is one. */
export async function readFormStanding(parts: CaseParts, db: Db, record: CaseRecord): Promise<FormStanding | null> {
  const desk = await openFormDesk(parts, db, record)
  if (!desk) return null
  const signatures = (desk.form.signatures ?? []).map((one) => {
    const { state, row } = stateOfSignature(desk, one)
    const isSigned = state === 'valid' && row !== undefined
    const was = row ? `signed by ${row.signedBy} on ${longDate(row.signedOn)}` : 'not signed yet'
    return { title: one.title, party: one.by, words: state === 'void' ? `${was}, no longer valid` : was, isSigned }
  })
  const versions = desk.stored.sections.reduce((sum, { version }) => sum + version, 0)
  return { signatures, versions, copiedOn: desk.stored.copies.on }
}
