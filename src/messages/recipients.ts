import {
  isGroup,
  type Letter,
  type LetterPlace,
  type LetterRecipient,
  type Pack,
  type RecipientRule,
  recipientApplies,
} from '../programmes/index.ts'

/** A school, trust, region, authority, diocese or person of the case: its key in the service, and its name. */
export type Place = { readonly key: string; readonly name: string }
export type Places = { readonly [place in LetterPlace]?: Place | null }

/** Somebody who may get letters, as held on the day. */
export type Holder = { readonly name: string; readonly email: string; readonly personId?: number | null }

/**
 * Who holds a role at a place on a day (YYYY-MM-DD). Without a role the place is a person itself. Several when several hold it,
 * none when it is vacant or no address is held.
 */
export type ResolveRecipient = (asked: {
  readonly role: string | undefined
  readonly of: LetterPlace
  readonly place: Place
  readonly on: string
}) => Promise<readonly Holder[]>

/** What a letter is written for. `subjectKind` is single-school, trust-school or trust. */
export type Situation = {
  readonly pack: Pack
  readonly letter: Letter
  readonly places: Places
  readonly subjectKind: 'single-school' | 'trust-school' | 'trust'
  /** Id of the outcome that the letter tells, where its recipients depend on it. */
  readonly outcome?: string
  readonly on: string
}

/** A rule of the letter with who is found for it. `because` says in a sentence why they get it. */
export type ProposedRecipient = {
  /** "to-1", "cc-2": its name in forms. */
  readonly id: string
  readonly part: 'to' | 'cc'
  readonly named: string
  readonly role: string | null
  readonly roleTitle: string
  /** The role with its place in words: "Chief executive of Kestrel Bridge Learning Trust". */
  readonly whom: string
  readonly of: LetterPlace
  readonly place: Place | null
  readonly because: string
  /** Only when the sender ticks it. */
  readonly offered: boolean
  /** Of those with the same name of a group, one is enough. */
  readonly group: { readonly id: string; readonly named: string } | null
  readonly holders: readonly Holder[]
}

/** Everybody whom the letter's rules name in this situation, in order, also where nobody is found; asks `resolve` for each. */
export async function findRecipients(
  situation: Situation,
  resolve: ResolveRecipient,
): Promise<readonly ProposedRecipient[]> {
  const { letter } = situation
  const found: ProposedRecipient[] = []
  // Nobody is offered who is not there: no box for the diocese of a school that has none (TSI-037).
  for (const [part, rules] of [['to', letter.to] as const, ['cc', letter.cc] as const])
    for (const [index, rule] of rules.entries())
      for (const one of await findByRule(situation, resolve, { part, rule, id: `${part}-${index + 1}` }))
        if (!one.offered || one.holders.length > 0) found.push(one)
  return found
}

type PlacedRule = { readonly part: 'to' | 'cc'; readonly rule: RecipientRule; readonly id: string }

async function findByRule(situation: Situation, resolve: ResolveRecipient, { part, rule, id }: PlacedRule) {
  if (!recipientApplies(rule, conditionFacts(situation))) return []
  if (!isGroup(rule)) return [await findOne(situation, resolve, { part, rule, id, group: null })]
  const applying = rule['any-of'].filter((one) => recipientApplies(one, conditionFacts(situation)))
  const group = { id, named: rule.named }
  return Promise.all(
    applying.map((one, index) => findOne(situation, resolve, { part, rule: one, id: `${id}-${index + 1}`, group })),
  )
}

function conditionFacts({ subjectKind, outcome }: Situation) {
  return { subjectKind, ...(outcome !== undefined && { outcome }) }
}

type PlacedRecipient = Pick<ProposedRecipient, 'part' | 'id' | 'group'> & { readonly rule: LetterRecipient }

async function findOne(
  { pack, places, on }: Situation,
  resolve: ResolveRecipient,
  { part, rule, id, group }: PlacedRecipient,
): Promise<ProposedRecipient> {
  const place = places[rule.of] ?? null
  const first = place ? await resolve({ role: rule.role, of: rule.of, place, on }) : []
  const isVacant = first.length === 0 && rule.vacant !== undefined && place !== null
  const role = (isVacant ? rule.vacant : rule.role) ?? null
  const title = role === null ? rule.named : (pack.roles[role]?.title ?? role)
  const whom = titleAt(title, rule, place)
  const instead = isVacant ? `, for the ${rule.named}, which is vacant` : ''
  return {
    ...{ id, part, named: rule.named, role, of: rule.of, place, group },
    roleTitle: title,
    whom,
    because: `${whom}${instead}, because ${rule.because}`,
    offered: rule.offered === true,
    holders: isVacant ? await resolve({ role: role ?? undefined, of: rule.of, place, on }) : first,
  }
}

const PERSONS: readonly LetterPlace[] = ['leader', 'asker', 'owner']

/** "Chief executive of the trust" at a place is the chief executive of its name. */
function titleAt(title: string, { of }: LetterRecipient, place: Place | null): string {
  if (place === null || PERSONS.includes(of)) return title
  return `${title.replace(new RegExp(` of the ${of === 'partner' ? 'trust' : of}$`), '')} of ${place.name}`
}
