import { sql } from 'kysely'
import type { TestAnswer, TestService } from '../world/test-service.ts'
import type { Things } from './full-service.ts'

type Drive = (service: TestService, things: Things) => Promise<TestAnswer>
type View = {
  version: number
  sections: { id: string; entries: { id: number }[] }[]
  supportedBy: { id: number }[]
  about: { id: number }[]
}

/** The study of the page drives, and the newest one, which the drive of the API made. */
async function newestStudy({ database: { db } }: TestService): Promise<string> {
  const { rows } = await sql<{ reference: string }>`
    select reference from case_study order by id desc limit 1`.execute(db)
  return rows[0]?.reference ?? ''
}

async function read(service: TestService, reference: string): Promise<View> {
  return (await service.get(`/api/v1/case-studies/${reference}`)).json<View>()
}

/** What is sent below a study's address, in the order in which it can be done; one study after the other goes through it. */
const STEPS: readonly [
  path: string,
  body: (view: View) => Record<string, unknown>,
  id?: (view: View) => number | undefined,
][] = [
  ['/subjects', () => ({ urn: '900012', subject: '900012' })],
  ['/subjects/:id/remove', () => ({}), ({ about }) => about.at(-1)?.id],
  ['/supporters', () => ({ leader: '', name: 'Wenna Pascoe', organisation: 'Ashen Trust' })],
  ['/supporters/:id/remove', () => ({}), ({ supportedBy }) => supportedBy.at(-1)?.id],
  ['/entries', () => ({ section: 'impact', on: '2024-01-12', words: 'Attendance is up' })],
  ['/entries/:id/remove', () => ({}), ({ sections }) => sections.flatMap(({ entries }) => entries).at(-1)?.id],
  ['/approval', () => ({})],
  [
    '/consents',
    () => ({ subject: 'urn:900016', answer: 'yes', givenBy: 'Head', givenOn: '2024-01-15', way: 'letter' }),
  ],
  ['/publish', () => ({})],
  ['/withdraw', () => ({ reason: 'The school asked for it' })],
]

const WORDS = { context: 'Hard', support: 'Days', impact: 'Better', next: 'More' }

const byPage = STEPS.map(([path, body, id]): [string, Drive] => [
  `/case-studies/:reference${path}`,
  async (service, { study = '' }) => {
    const view = await read(service, study)
    const fields = Object.entries(body(view)).map(([name, value]) => [name, String(value)])
    return service.post(`/case-studies/${study}${path.replace(':id', String(id?.(view)))}`, Object.fromEntries(fields))
  },
])
const byApi = STEPS.map(([path, body, id]): [string, Drive] => [
  `/api/v1/case-studies/:reference${path}`,
  async (service) => {
    const study = await newestStudy(service)
    const view = await read(service, study)
    return service.postJson(`/api/v1/case-studies/${study}${path.replace(':id', String(id?.(view)))}`, body(view))
  },
])

export const STUDY_CHANGES: Readonly<Record<string, Drive>> = {
  '/case-studies/:reference/edit': async (service, { study = '' }) => {
    const { version } = await read(service, study)
    const texts = Object.entries(WORDS).map(([section, words]) => [`text-${section}`, words])
    const fields = { title: 'A calm school', version: String(version), ...Object.fromEntries(texts) }
    return service.post(`/case-studies/${study}/edit`, fields)
  },
  ...Object.fromEntries(byPage),
  '/case-studies/new': (service, { work = '' }) => service.post('/case-studies/new', { cases: work }),
  '/api/v1/case-studies': (service, { work = '' }) => service.postJson('/api/v1/case-studies', { cases: [work] }),
  '/api/v1/case-studies/:reference': async (service) => {
    const study = await newestStudy(service)
    const { version } = await read(service, study)
    return service.postJson(`/api/v1/case-studies/${study}`, { version, sections: WORDS })
  },
  ...Object.fromEntries(byApi),
}
