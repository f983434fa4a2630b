import { z } from 'zod'
import { calculator } from './catalogue-calculators.ts'
import { BENEFICIARIES, CATALOGUE_PHASES } from './catalogue-facts.ts'
import { cites, date, factName, id, parameter, words } from './pack-words.ts'

/**
 * The shape of a catalogue.yaml beside a pack: approved programmes as data (TSI-164). Objects are closed. Conditions are the
 * CEL of packs over the facts in catalogue-facts.ts and the catalogue's own `asks`.
 */

const link = z.url({ protocol: /^https$/, error: 'must be an address that begins with https://' })
const condition = words
const when = z.strictObject({ when: condition, say: words })
const named = z.strictObject({ id, name: words })

const eligibility = z.strictObject({
  text: words,
  for: z.array(z.enum(BENEFICIARIES)).min(1),
  when: condition.optional(),
  // why not, for those whom `when` leaves out: the first that holds is said
  otherwise: z.array(when).optional(),
  // whom it is made for; others are told to check, and are not left out
  suits: when.optional(),
})

const cost = z.strictObject({
  text: words,
  kind: z.enum(['free', 'school-pays', 'subsidised', 'set-by-hub', 'grant']),
  amount: z.number().positive().optional(),
  // one grant for each school: a second one that is noted is warned of
  once: z.literal('school').optional(),
  sources: z
    .strictObject({
      accepted: z.array(named).min(1),
      refused: z.array(z.strictObject({ id, name: words, because: words })),
      cites,
    })
    .optional(),
  history: z.array(words).optional(),
})

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'is not a month: write YYYY-MM')
const cohort = z.strictObject({ name: words, month, note: words.optional() })

const access = z.strictObject({
  // the way in, step by step
  route: z.array(words).min(1),
  application: z.boolean(),
  mailbox: z.email().optional(),
  link: link.optional(),
  // a kind of local place that is the way in, and one that only helps
  local: id.optional(),
  contact: id.optional(),
})

const pathway = z.strictObject({
  id,
  name: words,
  text: words.optional(),
  for: z.array(z.enum(BENEFICIARIES)).optional(),
  phases: z.array(z.enum(CATALOGUE_PHASES)).optional(),
  when: condition.optional(),
  days: z.strictObject({ min: z.number().positive(), max: z.number().positive() }).optional(),
  years: z.number().positive().optional(),
  // no application is taken; it stays visible
  closed: words.optional(),
  // places must be asked for, and a confirmed one names the local place
  ask: words.optional(),
})

const availability = z.strictObject({
  text: words,
  from: date.optional(),
  to: date.optional(),
  closed: words.optional(),
  // when somebody who applies now begins: with the next term, the next academic year, or the next autumn (booked before)
  starts: z.enum(['term', 'year', 'autumn']).optional(),
  reserve: z.literal('summer').optional(),
})

/** What a leader may note beside an entry: a request, a tick, or an answer, which may need words. */
const note = z.strictObject({
  id,
  kind: z.enum(['request', 'tick', 'answer']),
  title: words,
  answers: z.array(named).optional(),
  'words-for': z.array(id).optional(),
})

/** The nine things that every entry says (TSI-164); a part may leave them to the entry that it belongs to. */
const nine = {
  eligibility,
  phases: z.array(z.enum(CATALOGUE_PHASES)).min(1),
  areas: z.union([z.literal('all'), z.array(id)]),
  cost,
  cohorts: z.array(cohort),
  access,
  offer: z.array(words).min(1),
  pathways: z.array(pathway),
  availability,
}

const more = {
  type: words.optional(),
  // areas in which it comes before the others
  leads: z.array(id).optional(),
  subjects: z
    .strictObject({
      first: z.array(id).optional(),
      needed: z.array(id).optional(),
      // enough without any area
      alone: z.array(id).optional(),
      'or-when': condition.optional(),
      'or-say': words.optional(),
    })
    .optional(),
  topics: z.array(words).optional(),
  stages: z.array(id).optional(),
  figures: z.array(words).optional(),
  guidance: z.array(words).optional(),
  conditions: z.array(words).optional(),
  extras: z.array(when).optional(),
  questions: z.array(z.strictObject({ id, text: words })).optional(),
  notes: z.array(note).optional(),
  calculators: z.array(id).optional(),
}

const part = z.strictObject({ id, title: words, ...z.object(nine).partial().shape, ...more, cites })

const entry = z.strictObject({
  id,
  title: words,
  group: id.optional(),
  kind: id.optional(),
  ...nine,
  ...more,
  parts: z.array(part).optional(),
  cites,
})

const resource = z.strictObject({
  id,
  title: words,
  kind: z.enum(['guidance', 'report', 'data', 'webinars', 'framework']),
  audience: words,
  // missing or wrong: the catalogue loads with a warning (TSI-155)
  link: z.string().optional(),
  // a page of the service itself
  inside: z.literal('catalogue').optional(),
  status: words.optional(),
  when: condition.optional(),
  areas: z.array(id).optional(),
  // the step of the programme's model that it belongs to
  step: z.number().int().positive().optional(),
  cites,
})

/** A rule to read, whose words depend on the setting. */
const rule = z.strictObject({
  id,
  title: words,
  text: z.array(words).min(1),
  by: z.array(when).optional(),
  entries: z.array(id).optional(),
  cites,
})

export const catalogueSchema = z.strictObject({
  source: z.strictObject({ title: words, version: words, issued: month, cites }),
  groups: z.array(named).min(1),
  kinds: z.array(named),
  stages: z.array(named),
  subjects: z.array(z.strictObject({ id, name: words, of: id.optional() })),
  // local places that an administrator maps, or marks of areas
  places: z.array(
    z.strictObject({ id, name: words, finder: link.optional(), mark: z.boolean().optional(), note: words.optional() }),
  ),
  parameters: z.record(factName, parameter).optional(),
  asks: z.array(z.strictObject({ id: factName, type: z.enum(['bool', 'int']), text: words, cites })),
  calculators: z.record(id, calculator),
  rules: z.array(rule),
  resources: z.array(resource),
  entries: z.array(entry).min(1),
})

type Written = z.infer<typeof catalogueSchema>
type WrittenEntry = Written['entries'][number]
/** An entry, or a part of one (`of`) with everything that it leaves to its entry filled in. */
export type CatalogueEntry = Omit<WrittenEntry, 'parts'> & { readonly of?: string }
export type Catalogue = Omit<Written, 'entries'> & { readonly entries: readonly CatalogueEntry[] }
export type Pathway = CatalogueEntry['pathways'][number]
export type Resource = Written['resources'][number]
export type CatalogueRule = Written['rules'][number]
export type PlaceKind = Written['places'][number]

/** Parts become entries of their own behind the entry that they belong to. */
export function toCatalogue(written: Written): Catalogue {
  return { ...written, entries: written.entries.flatMap(withParts) }
}

function withParts({ parts = [], ...whole }: WrittenEntry): CatalogueEntry[] {
  const { notes: _notes, questions: _questions, ...passedOn } = whole
  return [whole, ...parts.map((one) => ({ ...passedOn, ...one, ...ninesOf(one, whole), of: whole.id }))]
}

function ninesOf(one: z.infer<typeof part>, whole: WrittenEntry) {
  return {
    eligibility: one.eligibility ?? whole.eligibility,
    phases: one.phases ?? whole.phases,
    areas: one.areas ?? whole.areas,
    cost: one.cost ?? whole.cost,
    cohorts: one.cohorts ?? whole.cohorts,
    access: one.access ?? whole.access,
    offer: one.offer ?? whole.offer,
    pathways: one.pathways ?? whole.pathways,
    availability: one.availability ?? whole.availability,
  }
}
