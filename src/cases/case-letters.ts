import {
  composeLetter,
  findRecipients,
  type LetterFacts,
  type MessageSubject,
  presentDraft,
  queueMessage,
  type RecipientChoice,
  readDelivery,
} from '../messages/index.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Refusal, refuse } from '../platform/decision.ts'
import { countOf } from '../platform/words.ts'
import { findLetter, judgeCondition, type Letter, splitLetter } from '../programmes/index.ts'
import { caseHref, stepHref } from './case-page.ts'
import type { CaseLetters, LetterCall, LetterDraft, StepToRemind } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { type FactsAsked, filledFacts, readLetterFacts } from './letter-facts.ts'
import { findPartner, readOwners, resolverOf, situationOf } from './letter-recipients.ts'
import { lettersOf, type StepLetter } from './letters-of-step.ts'

/** The letters of the steps of cases. `origin`: where browsers find the service, for links; empty where it is not known. */
export function caseLetters({ origin }: Pick<FactsAsked, 'origin'>): CaseLetters {
  return {
    origin,
    async send(call) {
      const refusals: Refusal[] = []
      const known = new Set<string>()
      const letters = lettersToWrite(call)
      for (const one of letters) {
        const { recipients, composed } = await write(call, one, { origin, isAhead: false })
        for (const name of namesOf(one.letter, recipients)) known.add(name)
        if (!composed.ok) refusals.push(...composed.refusals)
        else await queueMessage(call.db, { message: composed.value, about: subjectOf(call), by: call.by })
      }
      if (letters.length > 0) refusals.push(...unknownNames(call, known))
      return refusals.length > 0 ? refuse(...refusals) : accept(undefined)
    },
    async draft(call) {
      const drafts: LetterDraft[] = []
      for (const one of lettersToWrite(call)) drafts.push(await draftOf(call, one, { origin, isAhead: true }))
      return drafts
    },
    async remind(call, open) {
      const file = findLetter(call.record.pack, { use: 'reminder' })
      if (!file) return undefined
      const { db, record, today } = call
      const plain = situationOf(file, call)
      const owner = { key: open.party, name: open.partyTitle }
      const situation = { ...plain, places: { ...plain.places, owner } }
      const resolve = resolverOf(db, record.pack)
      const recipients = await findRecipients(situation, (asked) =>
        asked.of === 'owner' ? readOwners(db, open.acts, today) : resolve(asked),
      )
      const facts = await readLetterFacts(call, {}, { origin, isAhead: false })
      const composed = composeLetter(situation, { ...facts, ...waitingFacts(record, open, origin) }, recipients)
      return { draft: presentDraft(recipients, {}, composed), composed, about: subjectOf(call) }
    },
    states: readStates,
  }
}

/** What a reminder says of its step. */
function waitingFacts({ reference }: CaseRecord, open: StepToRemind, origin: string): LetterFacts {
  const late = open.workingDaysLate
  return {
    'step.title': open.title,
    'step.due': open.dueOn,
    'step.late': open.dueOn === null ? null : late > 0 ? `${countOf(late, 'working day')} late` : 'not late yet',
    'link.answer': `${origin}${stepHref(reference, open.step, open.key)}`,
  }
}

type Named = StepLetter & { readonly letter: string; readonly file: Letter }

/** The letters of the step that go in this case as it stands. */
function lettersToWrite({ record, step, facts }: LetterCall): Named[] {
  return lettersOf(step)
    .filter(({ when }) => when === undefined || judgeCondition(when, facts) === 'met')
    .map((one) => {
      const file = findLetter(record.pack, one.letter)
      if (!file) throw new Error(`The pack has no letter ${one.letter}`)
      return { ...one, file }
    })
}

async function write(call: LetterCall, { file, fill }: Named, asked: FactsAsked) {
  const { db, record } = call
  const named = filledFacts(call, fill ?? {})['partnership.trust']
  const partner = await findPartner(db, typeof named === 'string' ? named : undefined)
  const situation = situationOf(file, { ...call, partner })
  const recipients = await findRecipients(situation, resolverOf(db, record.pack))
  const read = await readLetterFacts(call, { fill }, asked)
  const facts = partner ? { ...read, 'partnership.trust': partner.name } : read
  const choice = choiceOf(call, file, recipients)
  return { recipients, facts, choice, composed: composeLetter(situation, facts, recipients, choice) }
}

/**
 * What the sender changed. `copy`: ticked copies, as "letter.copy" or only the copy's name. `without`: recipients left out. `to`: the
 * only ones that the sender wants; whoever is demanded and not among them is left out. All may be named by their role or address too.
 */
function choiceOf(
  { body }: LetterCall,
  { id }: Letter,
  recipients: Awaited<ReturnType<typeof findRecipients>>,
): RecipientChoice {
  const own = (values: readonly string[]) =>
    values.map((value) => (value.startsWith(`${id}.`) ? value.slice(id.length + 1) : value))
  const [copy, without, only] = [own(listIn(body, 'copy')), own(listIn(body, 'without')), own(listIn(body, 'to'))]
  const isIn = (named: readonly string[], one: Recipient) => ownNames(one).some((name) => named.includes(name))
  return {
    ticked: recipients.filter((one) => isIn(copy, one)).map((one) => one.id),
    without: recipients
      .filter(({ offered, part }) => !offered && (part === 'to' || without.length > 0))
      .filter((one) => isIn(without, one) || (only.length > 0 && !isIn(only, one)))
      .map((one) => one.id),
  }
}

type Recipient = Awaited<ReturnType<typeof findRecipients>>[number]

/** What a recipient can be named by: the name in forms, the role, the addresses of who holds it. */
function ownNames({ id, role, holders }: Recipient): string[] {
  return [id, ...(role === null ? [] : [role]), ...holders.map(({ email }) => email)]
}

function namesOf(letter: string, recipients: readonly Recipient[]): string[] {
  return recipients.flatMap((one) => [...ownNames(one), `${letter}.${one.id}`])
}

/** Left aside, a misspelt name would send a letter without the copy that was wanted, or to somebody who was to be left out. */
function unknownNames({ body }: LetterCall, known: ReadonlySet<string>): Refusal[] {
  return ['copy', 'without', 'to'].flatMap((field) =>
    listIn(body, field)
      .filter((name) => !known.has(name))
      .map((name) => ({
        code: 'letter.unknown-recipient',
        message: `No letter of this step goes to “${name}”: name recipients by role or address`,
        field,
      })),
  )
}

function listIn(body: LetterCall['body'], name: string): string[] {
  const value = body[name]
  return [value].flat().filter((one): one is string => typeof one === 'string' && one !== '')
}

async function draftOf(call: LetterCall, one: Named, asked: FactsAsked): Promise<LetterDraft> {
  const { recipients, choice, composed, facts } = await write(call, one, asked)
  const draft = presentDraft(recipients, choice, composed)
  const offered = draft.offered.map((copy) => ({ ...copy, value: `${one.letter}.${copy.value}` }))
  const isOpen = waitsForAnswers(call, one, facts)
  // What is still to be entered is no fault yet; who is missing is one already.
  const faults = composed.ok
    ? []
    : composed.refusals
        .filter(({ field }) => !isOpen || !entered(one).includes(field ?? ''))
        .map(({ message }) => message)
  return { title: one.file.title, isOpen, draft: { ...draft, offered, faults } }
}

/** Fields of a letter that come from what is entered in its step. */
function entered({ fill = {} }: Named): string[] {
  return ['outcome', 'reason', ...Object.keys(fill)]
}

function waitsForAnswers({ step, outcome }: LetterCall, one: Named, facts: LetterFacts): boolean {
  if ('outcomes' in step && step.outcomes && !step.outcomes[outcome]) return true
  const pieces = splitLetter(`${one.file.subject}\n${one.file.body}`)
  return pieces.some(
    ({ field, optional }) =>
      field !== undefined && !optional && Object.hasOwn(one.fill ?? {}, field) && !Object.hasOwn(facts, field),
  )
}

/** The case as the record that its letters are about, and where it lies. */
export function subjectOf({ record, leader }: LetterCall): MessageSubject {
  const { reference, region, authorityCode, trustUid, diocese, urn } = record
  return {
    record: 'case',
    key: reference,
    label: reference,
    href: caseHref(reference),
    region,
    authority: authorityCode,
    organisations: [trustUid, diocese].filter((one) => one !== null),
    urns: urn === null ? [] : [urn],
    leaders: leader ? [leader.reference] : [],
  }
}

/** Sent: everybody to whom it is addressed has it, as far as anybody knows. Failed: for somebody a try failed. */
async function readStates(db: Db, { reference }: CaseRecord): Promise<ReadonlyMap<string, string>> {
  const rows = await readDelivery(db, { record: 'case', key: reference })
  const states = new Map<string, string>()
  const last = new Map(rows.map(({ letter, messageId }) => [letter, messageId]))
  for (const [letter, messageId] of last) {
    const to = rows.filter((row) => row.messageId === messageId && row.part === 'to')
    const failed = to.some(({ state, trouble }) => state === 'bounced' || state === 'given-up' || trouble !== null)
    const waiting = to.some(({ state }) => state === 'queued')
    states.set(letter, failed ? 'failed' : waiting ? 'waiting' : 'sent')
  }
  return states
}
