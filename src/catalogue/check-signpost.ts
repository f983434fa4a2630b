import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { CatalogueContext, CatalogueParts } from './context.ts'
import { decideSignpost, SIGNPOST_KINDS, type Signpost, type SignpostCommand } from './signpost.ts'
import { countEarlierSignposts } from './signpost-store.ts'

/** Tries a signposting without saving it: what a case would answer for the same school on the same day. */
export async function checkSignpost(
  { database }: CatalogueParts,
  context: CatalogueContext,
  entry: string,
): Promise<Decision<Signpost>> {
  const { circumstances, pack, catalogue, typed, on, terms } = context
  if (!circumstances)
    return refuse({ code: 'school.missing', message: 'Name the school or trust that this is for', field: 'school' })
  const command = readCommand(typed, entry, on)
  if (!command.ok) return command
  const earlier = await countEarlierSignposts(database.db, pack, entry, circumstances)
  return decideSignpost(catalogue, command.value, { circumstances, terms, earlier })
}

/** Reads the fields of a form or an address; a blank field says nothing. */
export function readCommand(
  typed: Readonly<Record<string, string>>,
  entry: string,
  on: string,
): Decision<SignpostCommand> {
  const refusals: Refusal[] = []
  const kind = SIGNPOST_KINDS.find((one) => one === (typed.kind || 'signposted'))
  if (!kind) refusals.push({ code: 'kind.unknown', message: 'Choose what was decided', field: 'kind' })
  const days = numberIn(
    typed,
    'days',
    /^\d{1,3}(\.5)?$/,
    'Days must be a number in halves, such as 12 or 12.5',
    refusals,
  )
  const fixedPrice = numberIn(typed, 'fixedPrice', /^\d{1,7}(\.\d{1,2})?$/, 'The price must be an amount', refusals)
  if (!kind || refusals.length > 0) return refuse(...refusals)
  const given = (name: string) => typed[name] || undefined
  return accept({
    kind,
    entry,
    on,
    days,
    fixedPrice,
    told: given('told'),
    pathway: given('pathway'),
    funding: given('funding'),
    confirmed: typed.confirmed === 'yes',
    hub: given('hub'),
    reason: given('reason'),
    answers: answersIn(typed),
    note: typed.note ? { id: typed.note, answer: typed.answer ?? '', words: typed.words ?? '' } : undefined,
  })
}

function numberIn(
  typed: Readonly<Record<string, string>>,
  name: string,
  shape: RegExp,
  message: string,
  refusals: Refusal[],
): number | undefined {
  const text = typed[name] ?? ''
  if (text === '') return undefined
  if (shape.test(text)) return Number(text)
  refusals.push({ code: `${name}.wrong`, message, field: name })
  return undefined
}

/** Questions of an entry come as `answer-ID`. */
function answersIn(typed: Readonly<Record<string, string>>): Record<string, string> {
  const answers = Object.entries(typed).filter(([name]) => name.startsWith('answer-'))
  return Object.fromEntries(answers.map(([name, value]) => [name.slice('answer-'.length), value]))
}
