import { usualDay } from '../eligibility/index.ts'
import { currentTerm, titleOf } from '../leaders/index.ts'
import type { Refusal } from '../platform/decision.ts'
import { type Answer, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { countOf } from '../platform/words.ts'
import { packRef } from '../programmes/index.ts'
import { totalsOf } from './answer.ts'
import { type Desk, startScenario } from './desk.ts'
import { PRIORITY_RULE, type ScenarioFields } from './new-scenario.ts'
import { usualDaysOf } from './pack-settings.ts'
import { readScenarioFields } from './read-scenario.ts'
import { readRegisterChoices } from './register-choices.ts'
import { listScenarios } from './scenario-store.ts'

/** The list of scenarios, and the form that makes one. */
export function scenarioPages(desk: Desk): Route[] {
  const get = { method: 'GET', allow: 'match', audit: null } as const
  const post = { method: 'POST', allow: 'match' } as const
  return [
    { ...get, path: '/matching', handle: () => listPage(desk) },
    { ...get, path: '/matching/new', handle: ({ query }) => newPage(desk, fromQuery(query)) },
    { ...post, audit: 'CREATE_SCENARIO', path: '/matching', handle: (request) => create(desk, request) },
    {
      ...post,
      audit: 'LOAD_INVENTED_ENGLAND',
      path: '/matching/invented-england',
      handle: async () => {
        await desk.parts.inventedEngland.load()
        return redirect('/matching/new?source=invented')
      },
    },
  ]
}

async function listPage({ parts, vocabulary }: Desk): Promise<Answer> {
  const scenarios = await listScenarios(parts.database.db)
  const { terms } = vocabulary
  return page('matching/scenarios.njk', {
    title: 'Matching',
    section: 'matching',
    counted: countOf(scenarios.length, 'scenario'),
    scenarios: scenarios.map((scenario) => ({
      ...scenario,
      termTitle: titleOf(terms, scenario.term),
      stands: standsInWords(scenario),
      counts: `${countOf(scenario.schools, 'school')}, ${countOf(scenario.leaders, 'leader')}`,
    })),
  })
}

function standsInWords({ answer, confirmed_at }: Awaited<ReturnType<typeof listScenarios>>[number]): string {
  if (!answer) return 'No answer yet: open it and solve'
  const { met, needs, score } = totalsOf(answer)
  const proof = answer.status === 'optimal' ? 'proven' : 'not proven'
  return `${met} of ${needs} met, ${score.toFixed(2)} points, ${proof}${confirmed_at ? '; confirmed' : ''}`
}

async function create(desk: Desk, request: RouteRequest): Promise<Answer> {
  const { actor, body } = request
  const fields = readScenarioFields(body)
  const programme = textOf(body, 'programme')
  const started = await startScenario(desk, programme, fields, actor, submissionOf(request))
  if (!started.ok) return newPage(desk, { ...fields, programme }, started.refusals)
  const { id, state } = started.value
  return redirect(state === 'waiting' ? `/matching/${id}/solving` : `/matching/${id}`)
}

type Typed = Partial<ScenarioFields> & { readonly programme?: string }

function fromQuery(query: URLSearchParams): Typed {
  return {
    source: query.get('source') ?? 'qualifying',
    region: query.get('region') ?? '',
    authority: query.get('authority') ?? '',
  }
}

async function newPage({ parts, vocabulary }: Desk, typed: Typed, refusals: readonly Refusal[] = []): Promise<Answer> {
  const packs = parts.packs.filter((pack) => pack.matching)
  const { terms, leaderTypes } = vocabulary
  const pack = packs.find((one) => packRef(one) === typed.programme) ?? packs[0]
  const today = parts.clock.today().toString()
  const on = pack ? usualDay(pack, parts.clock) : today
  const { regions, authorities } = await readRegisterChoices(parts.database.db)
  return page(
    'matching/new.njk',
    {
      title: 'New scenario',
      section: 'matching',
      breadcrumbs: [{ text: 'Matching', href: '/matching' }, { text: 'New scenario' }],
      errors: refusals.map(({ message, field }) => ({ text: message, ...(field && { href: `#${field}` }) })),
      faults: Object.fromEntries(refusals.map(({ field, message }) => [field ?? '', { text: message }])),
      typed: {
        ...typed,
        on: typed.on || on,
        term: typed.term || currentTerm(terms, on)?.id,
        days: typed.days || (pack ? String(usualDaysOf(pack)) : ''),
      },
      inventedLoaded: await parts.inventedEngland.isLoaded(),
      priorityRule: PRIORITY_RULE,
      programmes: packs.map((one) => ({ value: packRef(one), text: `${one.title} ${one.edition}` })),
      terms: terms.map(({ id, title }) => ({ value: id, text: title })),
      leaderTypes: leaderTypes.map(({ id, title }) => ({ value: id, text: title })),
      regions: regions.map((region) => ({ value: region, text: region })),
      authorities: authorities.map(({ code, name }) => ({ value: code, text: name })),
    },
    refusals.length > 0 ? 422 : 200,
  )
}
