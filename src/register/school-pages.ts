import type { Actor } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { type Answer, json, notFound, page, problem, type Route } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import { listCorrections } from './corrections/correction-store.ts'
import { inForceWithoutPersons } from './corrections/present-corrections.ts'
import {
  presentDetails,
  presentFigures,
  presentInspections,
  presentLatestGrade,
  presentLinks,
  presentMap,
  presentSchoolFrame,
} from './school.ts'
import { presentChanges, presentStates } from './school-history.ts'
import { listChanges, listStates } from './school-history-store.ts'
import { presentMeasures } from './school-measures.ts'
import {
  findSchool,
  listBenchmarks,
  listChainInspections,
  listLinks,
  listMeasures,
  type SchoolRecord,
} from './school-store.ts'

type Parts = { readonly database: Database; readonly clock: Clock }

/** A school's page with its tabs as addresses of their own, and the same facts as JSON. */
export function schoolPages(parts: Parts): Route[] {
  const { db } = parts.database
  const ofSchool = (path: string, show: (school: SchoolRecord, actor: Actor) => Promise<Answer>): Route => ({
    method: 'GET',
    path,
    allow: 'everyone',
    audit: null,
    handle: async ({ params, actor }) => {
      const school = await findSchoolAsked(db, params.urn ?? '')
      return school ? show(school, actor) : notFound(unknownUrn(params.urn ?? ''))
    },
  })
  return [
    ofSchool('/schools/:urn', (school, actor) => summaryPage(parts, school, actor)),
    ofSchool('/schools/:urn/data', (school, actor) => dataPage(parts, school, actor)),
    ofSchool('/schools/:urn/history', (school, actor) => historyPage(parts, school, actor)),
    {
      method: 'GET',
      path: '/api/v1/schools/:urn',
      allow: 'everyone',
      audit: null,
      handle: async ({ params }) => {
        const school = await findSchoolAsked(db, params.urn ?? '')
        if (school) return json(await schoolAsJson(db, school))
        return problem([{ code: 'school.unknown', message: unknownUrn(params.urn ?? ''), field: 'urn' }], 404)
      },
    },
  ]
}

async function findSchoolAsked(db: Database['db'], asked: string): Promise<SchoolRecord | undefined> {
  return /^[1-9]\d{5}$/.test(asked) ? findSchool(db, Number(asked)) : undefined
}

function unknownUrn(asked: string): string {
  return /^\d{6}$/.test(asked)
    ? `The register holds no school with URN ${asked}.`
    : `“${asked.slice(0, 20)}” is not a URN: a URN has 6 digits, such as 900001.`
}

async function summaryPage({ database: { db }, clock }: Parts, school: SchoolRecord, actor: Actor): Promise<Answer> {
  const [inspections, links, corrections] = await Promise.all([
    listChainInspections(db, school.id),
    listLinks(db, school.id),
    listCorrections(db, school.id),
  ])
  return page('register/school.njk', {
    ...presentSchoolFrame(school, 'summary', actor),
    latest: presentLatestGrade(school, inspections),
    inspections: presentInspections(school, inspections, school.closed ?? clock.today().toString()),
    figures: presentFigures(school),
    details: presentDetails(school),
    links: presentLinks(links),
    map: presentMap(school),
    trustJoined: school.trust_joined,
    corrections: inForceWithoutPersons(corrections),
    source: `Source: ${school.publisher}, ${school.file_title}, as at ${longDate(school.as_at)}.`,
  })
}

async function dataPage({ database: { db } }: Parts, school: SchoolRecord, actor: Actor): Promise<Answer> {
  const [held, benchmarks] = await Promise.all([listMeasures(db, school), listBenchmarks(db, school)])
  return page('register/school-data.njk', {
    ...presentSchoolFrame(school, 'data', actor),
    measures: presentMeasures(held, benchmarks),
  })
}

async function historyPage({ database: { db } }: Parts, school: SchoolRecord, actor: Actor): Promise<Answer> {
  const [states, changes] = await Promise.all([listStates(db, school.id), listChanges(db, school.urn)])
  return page('register/school-history.njk', {
    ...presentSchoolFrame(school, 'history', actor),
    states: presentStates(states),
    changes: presentChanges(changes),
  })
}

/** The current row, inspections of the chain, links and measures, under the register's own names. */
async function schoolAsJson(db: Database['db'], school: SchoolRecord) {
  const [inspections, links, measures, corrections] = await Promise.all([
    listChainInspections(db, school.id),
    listLinks(db, school.id),
    listMeasures(db, school),
    listCorrections(db, school.id),
  ])
  const { id: _internal, file_title, publisher, as_at, fsm_percent, ...facts } = school
  return {
    ...facts,
    fsm_percent: fsm_percent === null ? null : Number(fsm_percent),
    source: { title: file_title, publisher, asAt: as_at },
    inspections: inspections.map(({ depth, filed_opened, file_title: title, file_as_at: asAt, ...inspection }) => ({
      ...inspection,
      basis: depth > 0 ? 'chain' : filed_opened && inspection.inspected_on < filed_opened ? 'filed-later' : 'own',
      source: { title, asAt },
    })),
    links,
    corrections: inForceWithoutPersons(corrections),
    measures: measures.map(({ title, publisher: measured, as_at: asAt, ...measure }) => ({
      ...measure,
      source: { title, publisher: measured, asAt },
    })),
  }
}
