import { getJudged, usualDay } from '../eligibility/index.ts'
import { currentTerm, type LeaderVocabulary, readCapacity } from '../leaders/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { page, type Route } from '../platform/web/route.ts'
import { countOf, longDate } from '../platform/words.ts'
import { listDataAlerts, type Pack, packRef } from '../programmes/index.ts'
import { getTotals } from '../register/index.ts'

export type HomeParts = {
  readonly database: Database
  readonly clock: Clock
  readonly packs: readonly Pack[]
  readonly vocabulary: LeaderVocabulary
}

/** The first page: who qualifies, which schools, who can help, each with its number and its date. */
export function homeRoutes(parts: HomeParts): Route[] {
  return [{ method: 'GET', path: '/', allow: 'signed-in', audit: null, handle: ({ actor }) => homePage(parts, actor) }]
}

/** Each part only for those who may follow it. */
async function homePage(parts: HomeParts, { capabilities }: Actor) {
  const seesLeaders = capabilities.has('see-leaders')
  const packs = capabilities.has('see-eligibility') ? parts.packs : []
  const keepsData = capabilities.has('administer')
  const [totals, leaders, alerts, ...programmes] = await Promise.all([
    getTotals(parts.database.db),
    seesLeaders ? presentLeaders(parts) : null,
    keepsData ? listDataAlerts(parts.database.db, parts.packs, parts.clock.today().toString()) : [],
    ...packs.map((pack) => presentProgramme(parts, pack)),
  ])
  const title = 'Support for schools, from need to result'
  return page('reporting/home.njk', {
    title,
    totals,
    leaders,
    alerts: alerts.length > 0 ? countOf(alerts.length, 'thing') : '',
    programmes,
    sees: {
      nothing: capabilities.size === 0,
      eligibility: packs.length > 0,
      match: capabilities.has('match'),
    },
  })
}

async function presentProgramme({ database, clock }: HomeParts, pack: Pack) {
  const on = usualDay(pack, clock)
  const { schools } = await getJudged(database, pack, on)
  const eligible = schools.filter((one) => one.evaluation.outcome === 'eligible').length
  return {
    href: `/eligibility/${packRef(pack)}`,
    title: pack.title,
    edition: pack.edition,
    eligible,
    day: longDate(on),
  }
}

/** Leaders at work with days left in the term of today, or the last one held. */
async function presentLeaders({ database, clock, vocabulary }: HomeParts) {
  const term = currentTerm(vocabulary.terms, clock.today().toString())
  const roster = await readCapacity(database.db, term ? [term] : [])
  const active = roster.filter((leader) => leader.state === 'active')
  const free = active.filter((leader) => leader.freeHalfDays > 0)
  const days = free.reduce((sum, leader) => sum + leader.freeHalfDays, 0) / 2
  return {
    count: active.length,
    words: `${countOf(free.length, 'leader')} with ${countOf(days, 'free day')}`,
    term: term?.title ?? '',
  }
}
