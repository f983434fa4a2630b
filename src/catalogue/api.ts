import { type Answer, json, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import { packRef } from '../programmes/index.ts'
import { answerCalculation, findEntry } from './answers.ts'
import { checkSignpost } from './check-signpost.ts'
import { type CatalogueContext, type CatalogueParts, readContext } from './context.ts'
import { readFilters } from './find-entries.ts'
import { presentList, presentSuggestions } from './present-catalogue.ts'
import { presentEntry, presentRules } from './present-entry.ts'
import { presentResources } from './resources.ts'

/** The catalogue as JSON: the same answers and refusals as the pages. */
export function catalogueApi(parts: CatalogueParts): Route[] {
  const read = { method: 'GET', allow: 'everyone', audit: null } as const
  const base = '/api/v1/programmes/:ref'
  const entry = `${base}/catalogue/:entry`
  return [
    { ...read, path: `${base}/catalogue`, handle: (request) => answer(parts, request, listJson) },
    { ...read, path: `${base}/catalogue/suggestions`, handle: (request) => answer(parts, request, suggestionsJson) },
    { ...read, path: entry, handle: (request) => answer(parts, request, entryJson) },
    { ...read, path: `${entry}/calculation`, handle: (request) => answer(parts, request, calculationJson) },
    { ...read, path: `${entry}/signposting-check`, handle: (request) => answer(parts, request, checkJson) },
    { ...read, path: `${base}/resources`, handle: (request) => answer(parts, request, resourcesJson) },
  ]
}

type Make = (context: CatalogueContext, request: RouteRequest, parts: CatalogueParts) => Answer | Promise<Answer>

async function answer(parts: CatalogueParts, request: RouteRequest, make: Make): Promise<Answer> {
  const read = await readContext(parts, request)
  if (!read) return missing('There is no catalogue of programmes under this name.')
  return read.ok ? make(read.value, request, parts) : problem(read.refusals)
}

function missing(message: string): Answer {
  return problem([{ code: 'not-found', message }], 404)
}

function listJson(context: CatalogueContext): Answer {
  const filters = readFilters(
    context.typed,
    context.areas.map(({ id }) => id),
  )
  return json({ programme: packRef(context.pack), ...presentList(context, filters), rules: presentRules(context) })
}

function suggestionsJson(context: CatalogueContext): Answer {
  if (!context.circumstances)
    return problem([{ code: 'school.missing', message: 'Name a school (urn) or a trust', field: 'urn' }])
  return json({ programme: packRef(context.pack), ...presentSuggestions(context) })
}

function entryJson(context: CatalogueContext, { params }: RouteRequest): Answer {
  const entry = findEntry(context, params.entry)
  if (!entry) return missing('There is no such programme in this catalogue.')
  return json({ ...presentEntry(context, entry), rules: presentRules(context, entry.id) })
}

function calculationJson(context: CatalogueContext, { params }: RouteRequest): Answer {
  const entry = findEntry(context, params.entry)
  if (!entry) return missing('There is no such programme in this catalogue.')
  // An entry with a single calculator needs no name for it.
  const only = entry.calculators?.length === 1 ? entry.calculators[0] : undefined
  const typed = { ...context.typed, calculator: context.typed.calculator || only || '' }
  const calculated = answerCalculation({ ...context, typed }, entry)
  if (!calculated) return problem([{ code: 'calculator.missing', message: 'Name the calculator', field: 'calculator' }])
  return calculated.ok ? json(calculated.value) : problem(calculated.refusals)
}

async function checkJson(context: CatalogueContext, { params }: RouteRequest, parts: CatalogueParts): Promise<Answer> {
  const checked = await checkSignpost(parts, context, params.entry ?? '')
  return checked.ok ? json(checked.value) : problem(checked.refusals)
}

function resourcesJson(context: CatalogueContext): Answer {
  return json(presentResources(context))
}
