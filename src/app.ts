import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import {
  type AccountParts,
  ADMINISTRATOR,
  ATTEMPT_COOKIE,
  accountRoutes,
  authenticate,
  explainRefusal,
  KEPT_COOKIE,
  keepTyped,
  type Provider,
  type Role,
  SESSION_COOKIE,
  testContract,
} from './accounts/index.ts'
import { administrationRoutes, type MailQueue } from './administration/index.ts'
import { calendarFeedRoutes } from './calendars/index.ts'
import { studyRoutes, withStudies } from './case-studies/index.ts'
import {
  beginByLevel,
  type CaseParts,
  caseLetters,
  caseRoutes,
  caseUndelivered,
  dropOldFiles,
  followDuties,
  noticeSubjectChanges,
  remindOfLateSteps,
  tellLateSteps,
  tellYearlyDuties,
} from './cases/index.ts'
import { catalogueRoutes } from './catalogue/index.ts'
import { demonstrationContract, demonstrationNotice, demonstrationPages, type Scenes } from './demonstration/index.ts'
import {
  eligibilityApi,
  eligibilityPages,
  eligibilityRests,
  requestPages,
  requestsWaiting,
  subjectApi,
  subjectPages,
} from './eligibility/index.ts'
import { type CookieInUse, informationRoutes, type ServiceDetails } from './information/index.ts'
import { leaderChecks, leaderRoutes, leaderVocabulary } from './leaders/index.ts'
import { matchingChecks, matchingRoutes, scenarioWork } from './matching/index.ts'
import {
  countWaiting,
  type Delivery,
  demonstrationMail,
  type MailPort,
  mailContract,
  messageRoutes,
  openDelivery,
  type UndeliveredHandler,
} from './messages/index.ts'
import { bookOpenMoney, moneyChecks, moneyRoutes, withMoney } from './money/index.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/db.ts'
import { refuse } from './platform/decision.ts'
import type { DayJob } from './platform/demonstration-clock.ts'
import { runAsMachine } from './platform/scope.ts'
import type { Secrets } from './platform/secret.ts'
import type { Check } from './platform/verify.ts'
import { asTheMachine } from './platform/web/as-machine.ts'
import { prepareAssets } from './platform/web/assets.ts'
import { openApi } from './platform/web/openapi.ts'
import { createRenderer, type NavigationItem } from './platform/web/page.ts'
import { json, type Route } from './platform/web/route.ts'
import type { SafetySettings } from './platform/web/safety-settings.ts'
import { createServer, type ServerParts } from './platform/web/server.ts'
import {
  alertRoutes,
  calendarRoutes,
  casePacks,
  type Pack,
  type PackFolders,
  partlyRunningPacks,
  placePeopleRoutes,
  programmeRoutes,
  runningPacks,
  titleWithState,
  valueRoutes,
} from './programmes/index.ts'
import { type RestsOnRegister, registerChecks, registerRoutes } from './register/index.ts'
import { homeRoutes } from './reporting/index.ts'
import { reportRoutes } from './reports/index.ts'
import { followStandings, standingRoutes } from './standings/index.ts'

/** What the slices are built from. Facts and people come from the database, "today" from the clock. */
export type AppParts = {
  readonly database: Database
  readonly clock: Clock
  readonly packs: readonly Pack[]
  readonly demonstration: boolean
  /** The invented England beside the register, for demonstrations. */
  readonly inventedEngland: { isLoaded(): Promise<boolean>; load(): Promise<void> }
  /** What a demonstration can start from; without them it has none. */
  readonly scenes?: Scenes
  readonly cacheFolder: string
  /** Where the data stand on this machine, for what the administrator is told of disk and backups. */
  readonly dataDir?: string
  /** Who runs this installation, for the pages that owe it to users. */
  readonly details: ServiceDetails
  /** For what is kept encrypted; without it, nothing of that kind is kept. */
  readonly secrets?: Secrets | undefined
  readonly safety?: SafetySettings
  /** Where browsers find the service where no origin is set, for links in letters. */
  readonly address?: string
  /** Where people sign in; a demonstration needs none. */
  readonly provider?: Provider
  /** How letters leave; the caller starts it. */
  readonly delivery: Delivery
}

const NAVIGATION: readonly NavigationItem[] = [
  { text: 'My work', href: '/my-work', section: 'my-work', needs: 'see-cases' },
  { text: 'Schools', href: '/schools', section: 'schools' },
  { text: 'Who qualifies', href: '/eligibility', section: 'eligibility', needs: 'see-eligibility' },
  { text: 'Levels', href: '/standings', section: 'standings', needs: 'see-standings' },
  { text: 'Leaders', href: '/leaders', section: 'leaders', needs: 'see-leaders' },
  { text: 'Matching', href: '/matching', section: 'matching', needs: 'match' },
  { text: 'Cases', href: '/cases', section: 'cases', needs: 'see-cases' },
  { text: 'Case studies', href: '/case-studies', section: 'case-studies' },
  { text: 'Money', href: '/money', section: 'money', needs: 'see-money' },
  { text: 'Reports', href: '/reports', section: 'reports', needs: 'see-cases' },
  { text: 'Messages', href: '/messages', section: 'messages', needs: 'see-messages' },
  { text: 'Programmes', href: '/programmes', section: 'programmes' },
  { text: 'People', href: '/people', section: 'people', needs: 'administer' },
  { text: 'Administration', href: '/administration', section: 'administration', needs: 'administer' },
]

/** Every cookie that any slice sets: the page that lists them must be complete, and a test walks all pages to see. */
const COOKIES: readonly CookieInUse[] = [
  {
    name: SESSION_COOKIE,
    purpose: 'Keeps you signed in',
    expires: 'When you sign out or close the browser; 12 hours at most',
  },
  {
    name: KEPT_COOKIE,
    purpose: 'Opens the form that you sent after your session had ended',
    expires: 'When you close the browser; the form is gone after 30 minutes',
  },
  { name: ATTEMPT_COOKIE, purpose: 'Ties a sign-in to the browser that began it', expires: 'When you are signed in' },
]

/** Every programme of the service: `packs/<programme>/<edition>/pack.yaml`. */
export const PACKS_FOLDER = join(import.meta.dirname, '../packs')

/** The shipped packs, and those that `packs load` put into a data folder. */
export function packFolders(dataDir: string): PackFolders {
  return { shipped: PACKS_FOLDER, added: join(dataDir, 'packs') }
}

export const version: string = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')).version

/** What happens when a day begins, in this order: each slice that waits for days gives its work here. */
export function everyDay(parts: Parameters<typeof caseParts>[0]): DayJob[] {
  const cases = caseParts(parts)
  const job = (name: string, work: (within: CaseParts) => Promise<unknown>): DayJob => ({
    name,
    async run(db, day) {
      const today = Temporal.PlainDate.from(day)
      const clock = { today: () => today, now: parts.clock.now }
      await work({ ...cases, clock, database: { ...parts.database, db } })
    },
  })
  return [
    job('Levels follow the rules that act at once', ({ clock, database }) =>
      followStandings({ ...standingParts(parts), clock, database }),
    ),
    job('What falls due at a level is opened', async (within) => {
      await beginByLevel(within)
      await followDuties(within)
    }),
    job('Whoever is late is told', tellLateSteps),
    job('Whoever a late step waits for is reminded', remindOfLateSteps),
    job('Money that fell due is booked', bookOpenMoney),
    job('Whoever has a duty of the year past its day is told', tellYearlyDuties),
    { name: 'Filled forms that nobody took go', run: (db) => dropOldFiles(db) },
  ]
}

/** What `verify` goes through: each slice names what must hold in its tables. */
export const allChecks: readonly Check[] = [...registerChecks, ...leaderChecks, ...matchingChecks, ...moneyChecks]

/** Every way in, of every slice; the walks in the tests go over this table. */
export function allRoutes(parts: AppParts): Route[] {
  const routes = sliceRoutes(parts)
  const document: Route = {
    method: 'GET',
    path: '/api/openapi.json',
    allow: 'everyone',
    audit: null,
    handle: () => json(openApi(routes, version)),
  }
  return [...routes, document]
}

/** What a pack only describes is shown among the programmes and its roles can be granted; nothing else of it is offered. */
function sliceRoutes(loaded: AppParts): Route[] {
  const parts = { ...loaded, packs: runningPacks(loaded.packs) }
  // What persons judge may be a rule of a level, also in a programme of which the rest is only described.
  const judging = { ...loaded, packs: partlyRunningPacks(loaded.packs) }
  const vocabulary = leaderVocabulary(parts.packs)
  return [
    ...homeRoutes({ ...parts, vocabulary }),
    ...informationRoutes({ ...parts, cookies: COOKIES, version }),
    ...registerRoutes({ ...parts, restsOn: restingOn(parts) }).map((route) =>
      thenFollowed(loaded, thenNoticed(parts, route)),
    ),
    ...programmeRoutes(loaded),
    ...calendarRoutes(loaded),
    ...valueRoutes(parts).map(asTheMachine),
    ...alertRoutes(parts).map(asTheMachine),
    ...placePeopleRoutes(parts).map(asTheMachine),
    ...eligibilityPages(parts),
    ...eligibilityApi(parts),
    ...requestPages(parts).map(asTheMachine),
    ...[...subjectPages(judging), ...subjectApi(judging)].map(asTheMachine).map((route) => thenFollowed(loaded, route)),
    ...standingRoutes(standingParts(loaded)),
    ...leaderRoutes({ ...parts, vocabulary: () => vocabulary }),
    ...catalogueRoutes(parts).map(asTheMachine),
    ...messageRoutes(parts),
    ...matchingRoutes(parts),
    ...caseRoutes(caseParts(loaded)),
    ...calendarFeedRoutes({ cases: caseParts(loaded), roles: rolesOf(loaded.packs), origin: originOf(loaded) }),
    ...moneyRoutes(caseParts(parts)),
    ...studyRoutes(caseParts(parts)),
    ...reportRoutes(caseParts(parts)),
    ...accountRoutes(accountParts(loaded)),
    ...administrationRoutes({ ...parts, version, checks: allChecks, mail: mailQueues(parts) }).map(asTheMachine),
    ...demonstrationPages(demonstrationParts(loaded)).map(asTheMachine),
  ]
}

/** Cases with everything that slices above them add to their steps. */
export function caseParts(
  parts: Pick<AppParts, 'database' | 'clock' | 'packs' | 'secrets' | 'safety' | 'address'>,
): CaseParts {
  const { database, clock, packs, secrets } = parts
  const vocabulary = leaderVocabulary(packs)
  const letters = caseLetters({ origin: originOf(parts) })
  const cases = { database, clock, packs: casePacks(packs), secrets, vocabulary: () => vocabulary, letters }
  const alsoWaiting: CaseParts['alsoWaiting'] = (db, by) => requestsWaiting({ clock, packs }, db, by)
  return withStudies(withMoney({ ...cases, alsoWaiting }))
}

/** Where browsers find the service; empty where nobody said. */
function originOf({ safety, address }: Pick<AppParts, 'safety' | 'address'>): string {
  return safety?.origin ?? address ?? ''
}

const NO_SCENES: Scenes = {
  list: () => [],
  everyDay: [],
  begin: async () => refuse({ code: 'demo.scene', field: 'scene', message: 'There are no scenes here' }),
}

function demonstrationParts(parts: AppParts) {
  const { database, clock, demonstration, packs, scenes = NO_SCENES } = parts
  const programmes = new Map(packs.map((pack) => [pack.programme, titleWithState(pack)]))
  return { database, clock, demonstration, everyDay: [...scenes.everyDay, ...everyDay(parts)], scenes, programmes }
}

/** What changes the register by hand asks the owners of open cases at once, as the night does. */
function thenNoticed(parts: AppParts, route: Route): Route {
  if (route.method === 'GET') return route
  return {
    ...route,
    async handle(request) {
      const answer = await route.handle(request)
      await noticeSubjectChanges(parts)
      return answer
    },
  }
}

/** What changes the register or a judgement by hand moves the levels that follow from it at once, as the night does. */
function thenFollowed(parts: AppParts, route: Route): Route {
  if (route.method === 'GET') return route
  return {
    ...route,
    async handle(request) {
      const answer = await route.handle(request)
      if ((await followStandings(standingParts(parts))) > 0) {
        await beginByLevel(caseParts(parts))
        await followDuties(caseParts(parts))
      }
      return answer
    },
  }
}

/** Levels of schools: of every programme that runs them. */
export function standingParts({ database, clock, packs }: Pick<AppParts, 'database' | 'clock' | 'packs'>) {
  return { database, clock, packs: partlyRunningPacks(packs) }
}

/** Whatever rests on facts of the register tells here what a correction would change in it. */
function restingOn(parts: AppParts): RestsOnRegister[] {
  return [eligibilityRests(parts)]
}

/** Every role that a grant may name: the service's own, and those of the loaded packs. */
export function rolesOf(packs: readonly Pack[]): Role[] {
  const declared = packs.flatMap((pack) =>
    Object.entries(pack.roles).map(([id, role]) => ({
      programme: pack.programme,
      programmeTitle: titleWithState(pack),
      id,
      title: role.title,
      may: role.may ?? [],
      scopes: role.scope,
      single: role.holders === 'one',
      conflictsWith: role['conflicts-with'] ?? [],
    })),
  )
  return [ADMINISTRATOR, ...declared]
}

function accountParts(parts: AppParts): AccountParts {
  const { database, clock, demonstration, provider } = parts
  const roles = rolesOf(parts.packs)
  return { database, clock, demonstration, roles, openWork: [scenarioWork], ...(provider && { provider }) }
}

/** Whatever sends mail tells here how much of it waits. */
function mailQueues({ database }: AppParts): readonly MailQueue[] {
  return [{ title: 'letters', countWaiting: () => countWaiting(database.db) }]
}

/** Slices that must know when a letter did not arrive, so that its step opens again. */
function waitingForLetters(parts: Pick<AppParts, 'database' | 'clock' | 'packs'>): readonly UndeliveredHandler[] {
  return [caseUndelivered(caseParts(parts))]
}

/** How letters leave. Nothing of a demonstration leaves the machine, whatever is set up. */
export function deliveryOf(
  parts: Pick<AppParts, 'database' | 'demonstration' | 'clock' | 'packs'>,
  mail: MailPort | null = null,
  tell: (error: Error) => void = () => undefined,
): Delivery {
  const { database, demonstration } = parts
  return openDelivery({
    database,
    mail: demonstration ? demonstrationMail(database.db) : mail,
    undelivered: waitingForLetters(parts),
    tell,
  })
}

/** The whole service over a database. The caller listens and closes. */
export async function createApp(
  parts: AppParts,
  waiting: ServerParts['waiting'] = () => null,
  isAway: () => boolean = () => false,
): Promise<FastifyInstance> {
  const assets = await prepareAssets(parts.cacheFolder)
  const frame = {
    navigation: NAVIGATION,
    version,
    notice: () => (parts.demonstration ? demonstrationNotice(parts) : null),
  }
  const accounts = accountParts(parts)
  return createServer({
    routes: [
      ...allRoutes(parts),
      ...testContract(accounts),
      ...demonstrationContract(demonstrationParts(parts)).map(asTheMachine),
      ...mailContract(parts).map(asTheMachine),
    ],
    assets,
    render: createRenderer(assets, frame),
    waiting,
    isAway,
    ...(parts.safety && { safety: parts.safety }),
    keepTyped: (request) => keepTyped(accounts, request),
    unlisted: parts.demonstration,
    async authenticate(asked) {
      await runAsMachine(async () => parts.clock.refresh?.())
      return authenticate(accounts, asked)
    },
    explainRefusal: (actor, needed) => explainRefusal(accounts, actor, needed),
  })
}
