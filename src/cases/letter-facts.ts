import { sql } from 'kysely'
import type { LetterFacts } from '../messages/index.ts'
import { isMachine } from '../platform/actor.ts'
import { lowerFirst } from '../platform/words.ts'
import { isLetterField, type Step } from '../programmes/index.ts'
import { caseHref, stepHref } from './case-page.ts'
import type { LetterCall } from './case-parts.ts'
import { findStep } from './case-state.ts'
import type { CaseRecord } from './case-store.ts'
import { formOf } from './form-facts.ts'
import { currentPlan } from './form-state.ts'
import { findForm } from './form-store.ts'
import { type Holder, readHolders } from './holders.ts'
import { daysOfEarlierLeaders } from './leader-days.ts'
import { readRegionContact } from './letter-recipients.ts'
import type { StepLetter } from './letters-of-step.ts'
import { flowOf } from './present-case.ts'
import { findCaseLeader } from './read-case.ts'
import { stepDue } from './step-clock.ts'
import { rolesOf } from './who-acts.ts'

export type FactsAsked = {
  /** Where browsers find the service, without a slash at the end; empty where it is not known. */
  readonly origin: string
  /** The step is not done yet: what it will make counts as made. */
  readonly isAhead: boolean
}

/** What a letter of a step may say of its case. What is internal, of another case or a bank detail is not among it (TSI-206). */
export async function readLetterFacts(
  call: LetterCall,
  { fill = {} }: Pick<StepLetter, 'fill'>,
  asked: FactsAsked,
): Promise<LetterFacts> {
  const { record, facts, outcome, reasons, today, leader } = call
  const main = record.parent ?? record
  const told = 'outcomes' in call.step ? call.step.outcomes?.[outcome]?.title : undefined
  return {
    'case.number': record.reference,
    'case.summary': summaryOf(record),
    ...subjectFacts(record, main),
    ...(await leaderFacts(call)),
    ...(await contactFacts(call)),
    ...(await partnerFacts(call)),
    ...senderFacts(call),
    'support.kind': lowerFirst(flowOf(record).title),
    'support.focus': await readFocus(call, main),
    'days.agreed': facts.agreed - (leader ? await daysOfEarlierLeaders(call.db, record, leader.id) : 0),
    'date.decided': today,
    ...answerFacts(call, asked),
    ...(await linkFacts(call, main, asked)),
    ...(told && { outcome: lowerFirst(told) }),
    ...(reasons['reason'] && { reason: reasons['reason'] }),
    'notes.shared': await readSharedNotes(call, main),
    ...(isDeclined(call) ? {} : grantFacts(record)),
    ...filledFacts(call, fill),
  }
}

/** Whether the outcome leaves the case in a standing in which it gives nothing: its letter names no money then. */
function isDeclined({ record, step, outcome }: LetterCall): boolean {
  const effects = ('outcomes' in step ? step.outcomes?.[outcome]?.do : undefined) ?? []
  const [, standing] = effects.find((effect) => effect.startsWith('decide-child '))?.split(' ') ?? []
  const children = Object.values(record.pack.process?.flows ?? {}).flatMap((flow) => Object.values(flow.children ?? {}))
  const giving = children.find(({ flow }) => flow === record.flow)?.['at-most-one']
  return standing !== undefined && giving !== undefined && !giving.some((one) => one === standing)
}

/** The grant that goes with the flow of the case, in the sums and on the terms that the pack fixes (TSI-027). */
function grantFacts({ pack, flow }: CaseRecord): LetterFacts {
  const grant = Object.values(pack.money?.lines ?? {}).find((one) => one.kind === 'grant' && one.flow === flow)
  if (grant?.kind !== 'grant') return {}
  return {
    amount: grant.pounds,
    instalments: grant.parts.map(({ title, pounds }) => `${title}: £${pounds.toLocaleString('en-GB')}`),
    conditions: grant.parts.flatMap(({ title, terms }) => (terms ? [`${title}: ${terms}`] : [])),
  }
}

/** Facts of the register and the rows that the subject qualifies by; what somebody wrote about it stays in the service. */
function summaryOf({ name, kind, phase, type, basis }: CaseRecord): string {
  const parts = [kind, phase?.toLowerCase(), type?.toLowerCase()].filter(Boolean)
  const why = basis.rows.map(({ title }) => title.replace(/[.]$/, '')).join('; ')
  return `${name} (${parts.join(', ')}). It is offered support because of: ${why || 'a decision of the programme'}.`
}

function subjectFacts(record: CaseRecord, main: CaseRecord): LetterFacts {
  const isSchool = record.urn !== null
  return {
    'subject.name': record.name,
    'subject.level': main.state.level,
    'school.name': isSchool ? record.name : null,
    'school.urn': isSchool ? String(record.urn) : null,
    'school.phase': record.phase,
    'trust.name': record.trustName,
    'authority.name': record.authorityName,
    'region.name': record.region,
  }
}

async function leaderFacts({ db, record, leader }: LetterCall): Promise<LetterFacts> {
  const known = await findCaseLeader(db, leader?.id ?? null)
  if (!known) return {}
  const type = record.matchedAs ?? known.type
  const types = record.pack.matching?.['leader-types'].types ?? []
  return {
    'leader.name': known.name,
    'leader.type': types.find(({ id }) => id === type)?.name ?? type,
    'leader.organisation': known.organisation,
  }
}

/** The contact at the school or trust: whoever the pack marks so, held for this place and not for all of England. */
async function contactFacts({ db, record, facts, today }: LetterCall): Promise<LetterFacts> {
  const party = Object.values(record.pack.process?.parties ?? {}).find(({ contact }) => contact)
  const roles = party ? rolesOf(party, facts) : []
  const holders = await readHolders(db, record, today)
  const found = holders.find(({ role, national }: Holder) => !national && roles.includes(role))
  if (!found) return {}
  return {
    'contact.name': found.name,
    'contact.role': record.pack.roles[found.role]?.title ?? found.role,
    'contact.reach': found.email,
  }
}

async function partnerFacts({ db, record, today }: LetterCall): Promise<LetterFacts> {
  const partner = await readRegionContact(db, record.pack, { region: record.region, on: today })
  if (!partner) return {}
  return {
    'partner.name': partner.name,
    'partner.organisation': partner.organisation,
    'partner.reach': partner.email,
  }
}

function senderFacts({ record, by }: LetterCall): LetterFacts {
  const hat = by.hats.find(({ programme }) => programme === record.programme)
  const role = hat ? (record.pack.roles[hat.role]?.title ?? hat.role) : record.pack.title
  return { 'sender.name': isMachine(by) ? 'Alongside' : by.name, 'sender.role': role }
}

async function readFocus({ db }: LetterCall, main: CaseRecord): Promise<string[] | null> {
  const found = formOf(main)
  const stored = found && (await findForm(db, main.id, main.state.leaderId))
  return stored ? currentPlan(found.form, stored, main.pack).map(({ title }) => title) : null
}

/** Who is asked next, and by when: the first step that asks somebody among those that this one opens. */
function answerFacts(call: LetterCall, { origin }: FactsAsked): LetterFacts {
  const { record, leader, today } = call
  const { steps } = flowOf(record)
  const outcomes: Step['outcomes'] = 'outcomes' in call.step ? call.step.outcomes : undefined
  const next = [...(call.step.next ?? []), ...(outcomes?.[call.outcome]?.next ?? [])]
  const asking = next.find((one) => steps[one]?.kind === 'ask')
  const step = asking === undefined ? undefined : steps[asking]
  if (asking === undefined || !step) return {}
  const endOf = (name: string) => findStep(record.state, name)?.doneOn ?? ''
  const key = step.each === 'leader' ? (leader?.reference ?? '') : ''
  return {
    'answer.by': stepDue(record.pack, step.clock, { openedOn: today, endOf })?.due ?? null,
    'link.answer': `${origin}${stepHref(record.reference, asking, key)}`,
  }
}

/** The form has a link only once it is there (TSI-078); whoever follows one signs in. */
async function linkFacts(
  { db, step, record }: LetterCall,
  main: CaseRecord,
  { origin, isAhead }: FactsAsked,
): Promise<LetterFacts> {
  const href = `${origin}${caseHref(main.reference)}`
  const isMade = (await findForm(db, main.id, main.state.leaderId)) !== undefined
  const willBe = isAhead && (step.do ?? []).includes('open-form') && formOf(main) !== undefined
  return {
    'link.case': `${origin}${caseHref(record.reference)}`,
    ...((isMade || willBe) && { 'link.form': `${href}/form` }),
  }
}

/** Everything that was written for everybody in the case to read, in its order; nothing that is internal (TSI-074). */
async function readSharedNotes({ db }: LetterCall, main: CaseRecord): Promise<string[]> {
  const flow = flowOf(main)
  const answers = main.state.steps.flatMap((one) => {
    const step = flow.steps[one.step] ?? flow.anytime?.[one.step]
    if (one.state !== 'done' || one.superseded || !step) return []
    return Object.entries(step.fields ?? {}).flatMap(([name, field]) => {
      const words = one.fields[name]
      return field.shared && typeof words === 'string' && words
        ? [`${step.title}, ${lowerFirst(field.title)}: ${words}`]
        : []
    })
  })
  const { rows } = await sql<{ words: string }>`select words from case_note
    where case_id = ${main.id} and audience = 'shared' order by id`.execute(db)
  return [...answers, ...rows.map(({ words }) => words)]
}

/** What the pack's letter takes from answers: of this step, or of an earlier one as "step/field". */
export function filledFacts({ fields, facts }: LetterCall, fill: NonNullable<StepLetter['fill']>): LetterFacts {
  const known = Object.entries(fill).flatMap(([name, from]) => {
    const value = [from]
      .flat()
      .map((one) => answerAt(one, fields, facts.answer))
      .find((one) => one !== '')
    return value !== undefined && isLetterField(name) ? [[name, value] as const] : []
  })
  return Object.fromEntries(known)
}

function answerAt(path: string, fields: LetterCall['fields'], answer: (step: string, field: string) => string): string {
  const [step = '', field] = path.split('/')
  if (field !== undefined) return answer(step, field)
  const value = fields[step]
  return typeof value === 'string' ? value : (value ?? []).join(', ')
}
