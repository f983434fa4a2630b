import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { longDate } from '../platform/words.ts'
import { LETTER_FIELDS, type LetterFieldName } from '../programmes/index.ts'
import { fillBody, fillLine, type LetterFacts, unknownOf } from './letter-text.ts'
import type { ProposedRecipient, Situation } from './recipients.ts'

/** One address of a message with why it is there: "Chief executive of …, because the school is in a trust". */
export type ChosenRecipient = {
  readonly part: 'to' | 'cc'
  readonly role: string | null
  readonly roleTitle: string
  readonly placeKind: string
  readonly placeKey: string
  readonly placeName: string
  readonly personId: number | null
  readonly name: string
  readonly email: string
  readonly because: string
}

/** A letter that is ready to go: what `queueMessage` stores and the preview shows. */
export type ComposedMessage = {
  readonly programme: string
  readonly edition: string
  readonly packVersion: string
  readonly letter: string
  readonly letterDigest: string
  readonly title: string
  readonly subject: string
  readonly body: string
  readonly dated: string
  readonly recipients: readonly ChosenRecipient[]
}

/** What the sender changed: offered copies that are ticked, and recipients that are taken away, both by their id. */
export type RecipientChoice = { readonly ticked?: readonly string[]; readonly without?: readonly string[] }

/**
 * The letter with its fields filled, to everybody whom its rules demand and whom the sender ticked. Refuses, all at once: each
 * field that is not known (`letter.unfilled`, TSI-206), each recipient that is demanded and not there (`letter.no-contact`) or was
 * taken away (`letter.required-recipient`, TSI-057).
 */
export function composeLetter(
  situation: Situation,
  facts: LetterFacts,
  recipients: readonly ProposedRecipient[],
  choice: RecipientChoice = {},
): Decision<ComposedMessage> {
  const { pack, letter, on } = situation
  const known: LetterFacts = { 'letter.date': on, 'programme.title': pack.title, ...facts }
  const subject = fillLine(letter.subject, known)
  const body = fillBody(letter.body, known)
  const missing = new Set([...subject.missing, ...body.missing, ...unknownOf(letter.needs, known)])
  const refusals = [...[...missing].map(unfilled), ...recipientRefusals(recipients, choice, on)]
  if (refusals.length > 0) return refuse(...refusals)
  return accept({
    programme: pack.programme,
    edition: pack.edition,
    packVersion: pack.version,
    letter: letter.id,
    letterDigest: letter.digest,
    title: letter.title,
    subject: subject.text,
    body: body.text,
    dated: on,
    recipients: chooseRecipients(recipients, choice),
  })
}

function unfilled(field: LetterFieldName): Refusal {
  const message = `The letter needs: ${LETTER_FIELDS[field].title} (${field}). It is not known, so nothing was sent`
  return { code: 'letter.unfilled', message, field }
}

function recipientRefusals(
  recipients: readonly ProposedRecipient[],
  { without = [] }: RecipientChoice,
  on: string,
): Refusal[] {
  const refusals: Refusal[] = []
  const seen = new Set<string>()
  for (const one of recipients.filter(({ offered }) => !offered)) {
    // Of a group one is enough, and it is told once.
    const alike = one.group ? recipients.filter(({ group }) => group?.id === one.group?.id) : [one]
    const name = one.group?.id ?? one.id
    if (seen.has(name)) continue
    seen.add(name)
    const wanted = one.group ?? one
    if (alike.every(({ holders }) => holders.length === 0)) refusals.push(noContact(one, wanted.named, on))
    else if (alike.every(({ id, holders }) => without.includes(id) || holders.length === 0))
      refusals.push(requiredRecipient(one, wanted.named))
  }
  return refusals
}

function requiredRecipient({ part }: ProposedRecipient, named: string): Refusal {
  return { code: 'letter.required-recipient', message: `${upperFirst(named)} is required recipient`, field: part }
}

function noContact({ part, whom }: ProposedRecipient, named: string, on: string): Refusal {
  const message =
    `No address is held on ${longDate(on)} for: ${whom}. ${upperFirst(named)} is required recipient, so nothing was sent. ` +
    'An administrator enters who it is under People'
  return { code: 'letter.no-contact', message, field: part }
}

/** Nobody gets the same letter twice: an address that two rules name stands where the first put it, with both reasons. */
function chooseRecipients(
  recipients: readonly ProposedRecipient[],
  { ticked = [], without = [] }: RecipientChoice,
): ChosenRecipient[] {
  const chosen = new Map<string, ChosenRecipient>()
  for (const one of recipients) {
    if (one.offered ? !ticked.includes(one.id) : without.includes(one.id)) continue
    for (const { name, email, personId } of one.holders) {
      const before = chosen.get(email.toLowerCase())
      chosen.set(
        email.toLowerCase(),
        before
          ? { ...before, because: `${before.because}; ${one.because}` }
          : {
              part: one.part,
              role: one.role,
              roleTitle: one.roleTitle,
              placeKind: one.of,
              placeKey: one.place?.key ?? '',
              placeName: one.place?.name ?? '',
              personId: personId ?? null,
              ...{ name, email, because: one.because },
            },
      )
    }
  }
  return [...chosen.values()]
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
