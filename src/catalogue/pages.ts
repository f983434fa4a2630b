import type { Refusal } from '../platform/decision.ts'
import { type Answer, notFound, page, type Route, type RouteRequest } from '../platform/web/route.ts'
import { CATALOGUE_PHASES, type CatalogueEntry, packRef } from '../programmes/index.ts'
import { answerCalculation, findEntry } from './answers.ts'
import { asksForSuggestions, calculatorFields, type FormField, yesNoField } from './calculator-form.ts'
import { checkSignpost } from './check-signpost.ts'
import { type CatalogueContext, type CatalogueParts, findCatalogue, readContext } from './context.ts'
import { isFiltered, readFilters } from './find-entries.ts'
import { presentList, presentSuggestions } from './present-catalogue.ts'
import { presentEntry, presentRules } from './present-entry.ts'
import { readRegions } from './regions.ts'
import { presentResources } from './resources.ts'

/** The catalogue as pages: everything in it, one entry, suggestions for a school or trust, and material. */
export function cataloguePages(parts: CatalogueParts): Route[] {
  const read = { method: 'GET', allow: 'everyone', audit: null } as const
  const base = '/programmes/:ref'
  return [
    { ...read, path: `${base}/catalogue`, handle: (request) => cataloguePage(parts, request) },
    { ...read, path: `${base}/catalogue/:entry`, handle: (request) => entryPage(parts, request) },
    { ...read, path: `${base}/resources`, handle: (request) => resourcesPage(parts, request) },
  ]
}

const NO_CATALOGUE = 'There is no catalogue of programmes under this name.'

/** What every page here has; faults lead to their fields, where the page has them. */
export function frame(
  { title: caption, ...pack }: Pick<CatalogueContext['pack'], 'title' | 'programme' | 'edition'>,
  refusals: readonly Refusal[] = [],
  fields: readonly string[] = [],
) {
  const ref = packRef(pack)
  return {
    section: 'programmes',
    caption,
    ref,
    breadcrumbs: [
      { text: 'Programmes', href: '/programmes' },
      { text: caption, href: `/programmes/${ref}` },
      { text: 'Catalogue', href: `/programmes/${ref}/catalogue` },
    ],
    errors: refusals.map(({ field, message }) =>
      field && fields.includes(field) ? { text: message, href: `#${field}` } : { text: message },
    ),
    wrong: Object.fromEntries(refusals.toReversed().map(({ field, message }) => [field, { text: message }])),
  }
}

async function cataloguePage(parts: CatalogueParts, request: RouteRequest): Promise<Answer> {
  const pack = findCatalogue(request.params.ref, parts.packs)
  const read = await readContext(parts, request)
  if (!pack || !read) return notFound(NO_CATALOGUE)
  if (!read.ok) {
    // What cannot be read is left out of the list; the form keeps what was typed.
    const rest = await readContext(parts, { ...request, query: new URLSearchParams() })
    if (!rest?.ok) return notFound(NO_CATALOGUE)
    const typed = Object.fromEntries(request.query)
    return listPage({ ...rest.value, typed }, read.refusals)
  }
  const context = read.value
  return context.circumstances && !context.typed.q ? suggestionsPage(context) : listPage(context)
}

function listPage(context: CatalogueContext, refusals: readonly Refusal[] = []): Answer {
  const filters = readFilters(
    context.typed,
    context.areas.map(({ id }) => id),
  )
  const model = {
    ...frame(context.pack, refusals, ['school', 'area', 'q']),
    title: 'Approved programmes',
    wide: true,
    list: presentList(context, refusals.length > 0 ? { ...filters, phase: '', stage: '', words: '' } : filters),
    filtered: isFiltered(filters),
    subject: context.circumstances,
    backTo: context.circumstances ? suggestionsHref(context) : null,
    ...choices(context),
  }
  return page('catalogue/list.njk', model, refusals.length > 0 ? 422 : 200)
}

function suggestionsPage(context: CatalogueContext): Answer {
  const { circumstances } = context
  return page('catalogue/suggestions.njk', {
    ...frame(context.pack),
    title: `Programmes for ${circumstances?.name}`,
    wide: true,
    answer: presentSuggestions(context),
    asks: asksForSuggestions(context.catalogue, context.typed),
    ...choices(context),
  })
}

function suggestionsHref({ pack, circumstances }: CatalogueContext): string {
  return `/programmes/${packRef(pack)}/catalogue?${circumstances?.beneficiary}=${circumstances?.key}`
}

/** What the forms offer, with what was chosen. */
function choices({ pack, catalogue, typed, areas, subjects }: CatalogueContext) {
  const chosen = new Set(areas.map(({ id }) => id))
  const options = (words: readonly { id: string; name: string }[], picked: (id: string) => boolean) =>
    words.map(({ id, name }) => ({ value: id, text: name, checked: picked(id), selected: picked(id) }))
  return {
    typed,
    options: {
      areas: options(pack['focus-areas']?.areas ?? [], (id) => chosen.has(id)),
      subjects: options(catalogue.subjects, (id) => subjects.includes(id)),
      stages: options(catalogue.stages, (id) => typed.stage === id),
      phases: CATALOGUE_PHASES.map((phase) => ({
        value: phase,
        text: phase.charAt(0).toUpperCase() + phase.slice(1),
        selected: typed.phase === phase,
      })),
    },
  }
}

async function entryPage(parts: CatalogueParts, request: RouteRequest): Promise<Answer> {
  const read = await readContext(parts, request)
  if (!read) return notFound(NO_CATALOGUE)
  if (!read.ok) {
    const rest = await readContext(parts, { ...request, query: new URLSearchParams() })
    const entry = rest?.ok ? findEntry(rest.value, request.params.entry) : undefined
    if (!rest?.ok || !entry) return notFound(NO_CATALOGUE)
    return entryModel(parts, { ...rest.value, typed: Object.fromEntries(request.query) }, entry, read.refusals)
  }
  const entry = findEntry(read.value, request.params.entry)
  return entry ? entryModel(parts, read.value, entry) : notFound('There is no such programme in this catalogue.')
}

async function entryModel(
  parts: CatalogueParts,
  context: CatalogueContext,
  entry: CatalogueEntry,
  faults: readonly Refusal[] = [],
): Promise<Answer> {
  const calculated = faults.length > 0 ? undefined : answerCalculation(context, entry)
  const checked =
    faults.length === 0 && context.typed.check === 'yes' ? await checkSignpost(parts, context, entry.id) : undefined
  const refusals = [...faults, ...[calculated, checked].flatMap((one) => (one && !one.ok ? one.refusals : []))]
  const regions = await readRegions(parts.database.db)
  const facts = context.circumstances?.facts ?? {}
  const calculators = (entry.calculators ?? []).flatMap((id) => {
    const calculator = context.catalogue.calculators[id]
    if (!calculator) return []
    const asked = context.typed.calculator === id
    const typed = asked ? context.typed : {}
    const fields = calculatorFields(context.catalogue, calculator, { typed, facts, regions })
    return [{ id, title: calculator.title, fields, asked, answer: asked && calculated?.ok ? calculated.value : null }]
  })
  const tried = checkFields(context, entry)
  // Only the form that was sent has its fields under their own names.
  const sent = [
    ...calculators.filter(({ asked }) => asked).flatMap((one) => one.fields),
    ...(context.typed.check ? (tried ?? []) : []),
  ]
  const fields = sent.map(({ name }) => name)
  const model = {
    ...frame(context.pack, refusals, fields),
    title: entry.title,
    entry: presentEntry(context, entry),
    subject: context.circumstances,
    rules: presentRules(context, entry.id),
    calculators,
    checkFields: tried,
    checked: checked?.ok ? checked.value : null,
    typed: context.typed,
  }
  return page('catalogue/entry.njk', model, refusals.length > 0 ? 422 : 200)
}

/** The fields by which a signposting of this entry is tried; none where no school is named. */
function checkFields({ circumstances, typed }: CatalogueContext, entry: CatalogueEntry): FormField[] | null {
  if (!circumstances) return null
  const text = (name: string, label: string): FormField => ({
    name,
    label,
    value: typed[name] ?? '',
    choices: null,
    prefix: null,
  })
  const choice = (name: string, label: string, words: readonly { id: string; name: string }[]): FormField => {
    const value = typed[name] ?? ''
    const options = [{ id: '', name: 'Not chosen' }, ...words]
    const made = options.map(({ id, name: title }) => ({ value: id, text: title, selected: id === value }))
    return { name, label, value, choices: made, prefix: null }
  }
  const { sources, kind } = entry.cost
  return [
    ...(entry.pathways.length > 0 ? [choice('pathway', 'Pathway', entry.pathways)] : []),
    ...(entry.pathways.some(({ days }) => days) ? [text('days', 'Planned days')] : []),
    ...(entry.pathways.some(({ ask }) => ask)
      ? [yesNoField('confirmed', 'Place confirmed', typed), text('hub', 'Name of the hub')]
      : []),
    ...(sources ? [choice('funding', 'Source of the own share', [...sources.accepted, ...sources.refused])] : []),
    ...(kind === 'set-by-hub' ? [text('fixedPrice', 'Price in pounds')] : []),
    ...(entry.questions ?? []).map(({ id, text: label }) => yesNoField(`answer-${id}`, label, typed)),
  ]
}

async function resourcesPage(parts: CatalogueParts, request: RouteRequest): Promise<Answer> {
  const read = await readContext(parts, request)
  if (!read) return notFound(NO_CATALOGUE)
  if (!read.ok) {
    const rest = await readContext(parts, { ...request, query: new URLSearchParams() })
    return rest?.ok ? resourcesModel(rest.value, read.refusals) : notFound(NO_CATALOGUE)
  }
  return resourcesModel(read.value)
}

function resourcesModel(context: CatalogueContext, refusals: readonly Refusal[] = []): Answer {
  const { resources, asks } = presentResources(context)
  const model = {
    ...frame(context.pack, refusals, ['area', ...asks.map(({ id }) => id)]),
    title: 'Material and guidance',
    resources,
    asks: asks.map(({ id, text }) => yesNoField(id, text, context.typed)),
    ...choices(context),
  }
  return page('catalogue/resources.njk', model, refusals.length > 0 ? 422 : 200)
}
