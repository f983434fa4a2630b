import type { Things } from './full-service.ts'

/**
 * Every page of the route table with the addresses that show what it can look like; `{name}` is a thing of the full service.
 * A page that is missing here fails the walk, so a new page cannot be forgotten.
 */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  '/': ['/'],
  '/help': ['/help'],
  '/sign-in': ['/sign-in', '/sign-in?return=%2Fleaders'],
  '/demonstration/today': ['/demonstration/today'],
  '/demonstration/scenes': ['/demonstration/scenes'],
  '/demonstration/scenes/:scene': ['/demonstration/scenes/tsi-running', '/demonstration/scenes/empty'],
  '/account': ['/account'],
  '/account/session': ['/account/session'],
  '/kept-form': ['/kept-form'],
  '/data-alerts': ['/data-alerts'],
  '/administration': ['/administration'],
  '/people': ['/people'],
  '/people/invite': ['/people/invite'],
  '/people/:id': ['/people/{person}'],
  '/organisations/:id/people': ['/organisations/{organisation}/people'],
  '/organisations/:id/token': ['/organisations/{organisation}/token', '/organisations/{tokenless}/token'],
  '/accessibility': ['/accessibility'],
  '/cookies': ['/cookies'],
  '/privacy': ['/privacy'],
  '/release-notes': ['/release-notes'],
  '/third-party-notices': ['/third-party-notices'],
  '/feedback': ['/feedback'],
  '/feedback/received': ['/feedback/received', '/feedback/received?page=99'],
  '/feedback/:reference/thanks': ['/feedback/1/thanks'],
  '/cases/:reference/form': ['/cases/{work}/form', '/cases/{fresh}/form'],
  '/cases/:reference/form/print': ['/cases/{work}/form/print'],
  '/cases/:reference/form/sections/:section': [
    '/cases/{work}/form/sections/details',
    '/cases/{work}/form/sections/scope',
    '/cases/{work}/form/sections/claim',
    '/cases/{work}/form/sections/school',
    '/cases/{work}/form/sections/send',
  ],
  '/cases/:reference/form/signatures/:signature': ['/cases/{work}/form/signatures/leader'],
  '/about-the-data': ['/about-the-data'],
  '/about-the-data/take-in': ['/about-the-data/take-in'],
  '/about-the-data/nights': ['/about-the-data/nights'],
  '/about-the-data/nights/files/:id': ['/about-the-data/nights/files/{held}', '/about-the-data/nights/files/{taken}'],
  '/changes': ['/changes', '/changes?kind=renamed', '/changes?kind=closed', '/changes?night=2020-01-01'],
  '/about-the-data/:id': ['/about-the-data/{file}'],
  '/search': ['/search', '/search?q=Kestrel', '/search?q=wearsted', '/search?q=zzzzzz'],
  '/schools': ['/schools', '/schools?region=North+East&grade=3&status=open', '/schools?q=zzzzzz', '/schools?page=99'],
  '/schools/:urn': ['/schools/900016', '/schools/900050', '/schools/900002', '/schools/900035'],
  '/schools/:urn/data': ['/schools/900016/data', '/schools/100101/data'],
  '/schools/:urn/history': ['/schools/900050/history'],
  '/schools/:urn/people': ['/schools/900009/people', '/schools/900035/people'],
  '/schools/:urn/eligibility': ['/schools/900001/eligibility'],
  '/schools/:urn/corrections': ['/schools/900016/corrections', '/schools/900001/corrections'],
  '/schools/:urn/corrections/new': [
    '/schools/900016/corrections/new?what=pupils',
    '/schools/900016/corrections/new?what=predecessor',
    '/schools/900050/corrections/new?what=predecessor:900049',
  ],
  '/trusts': ['/trusts', '/trusts?q=zzzzzz'],
  '/trusts/:uid': ['/trusts/T-02'],
  '/trusts/:uid/people': ['/trusts/T-01/people', '/trusts/T-03/people'],
  '/trusts/:uid/eligibility': ['/trusts/T-01/eligibility'],
  '/authorities': ['/authorities'],
  '/authorities/:code': ['/authorities/LA-NE'],
  '/programmes': ['/programmes'],
  '/programmes/:ref': [
    '/programmes/tsi@2023-24',
    '/programmes/gtg@2023',
    '/programmes/lle@2017',
    '/programmes/lln@2026-27',
  ],
  '/programmes/:ref/letters/:letter': [
    '/programmes/tsi@2023-24/letters/deployment-to-school',
    '/programmes/tsi@2023-24/letters/overdue-step',
  ],
  '/programmes/:ref/calendar': [
    '/programmes/tsi@2023-24/calendar',
    '/programmes/tsi@2023-24/calendar?authority=LA-NE&from=2024-03-28&limit=5+days',
  ],
  '/programmes/:ref/values': ['/programmes/tsi@2023-24/values'],
  '/programmes/:ref/values/:value': [
    '/programmes/tsi@2023-24/values/region-lead?key=London',
    '/programmes/tsi@2023-24/values/region-lead?key=North+East',
  ],
  '/programmes/:ref/catalogue': [
    '/programmes/tsi@2023-24/catalogue',
    '/programmes/tsi@2023-24/catalogue?stage=ect&no-application=yes',
    '/programmes/tsi@2023-24/catalogue?q=zzzzzz',
    '/programmes/tsi@2023-24/catalogue?school=900001&area=behaviour&area=curriculum-teachers&subject=science',
    '/programmes/tsi@2023-24/catalogue?school=900012&q=sport',
    '/programmes/tsi@2023-24/catalogue?trust=T-01',
    '/programmes/tsi@2023-24/catalogue?school=100101&area=finance',
  ],
  '/programmes/:ref/catalogue/:entry': [
    '/programmes/tsi@2023-24/catalogue/npq?calculator=targeted-support&phase=primary&pupils=150&participants=2',
    '/programmes/tsi@2023-24/catalogue/behaviour-hubs?school=900001&check=yes&pathway=core&days=15',
    '/programmes/tsi@2023-24/catalogue/tutoring?school=900012&on=2024-09-02',
  ],
  '/programmes/:ref/resources': [
    '/programmes/tsi@2023-24/resources',
    '/programmes/tsi@2023-24/resources?area=attendance&sharesDailyData=yes',
    '/programmes/tsi@2023-24/resources?area=finance',
  ],
  '/programmes/:ref/local-places': ['/programmes/tsi@2023-24/local-places'],
  '/eligibility': ['/eligibility'],
  '/eligibility/:ref': [
    '/eligibility/tsi@2023-24',
    '/eligibility/tsi@2023-24?with.consecutive=3',
    '/eligibility/tsi@2023-24?on=2023-11-22&region=North+East&show=all',
    '/eligibility/tsi@2023-24?q=zzzzzz',
  ],
  '/eligibility/:ref/requests': ['/eligibility/tsi@2023-24/requests'],
  '/eligibility/:ref/:kind/:subject': [
    '/eligibility/tsi@2023-24/schools/900001',
    '/eligibility/tsi@2023-24/schools/900006',
    '/eligibility/tsi@2023-24/schools/900008',
    '/eligibility/tsi@2023-24/schools/900049',
    '/eligibility/tsi@2023-24/trusts/T-01',
    '/eligibility/tsi@2023-24/trusts/T-02',
  ],
  '/eligibility/:ref/:kind/:subject/judge/:row': ['/eligibility/tsi@2023-24/schools/900004/judge/director-view'],
  '/eligibility/:ref/:kind/:subject/ask/:row': ['/eligibility/tsi@2023-24/schools/900008/ask/exception'],
  '/eligibility-requests/:id': ['/eligibility-requests/{request}', '/eligibility-requests/{decidedRequest}'],
  '/eligibility-runs/:id': ['/eligibility-runs/{run}', '/eligibility-runs/{firstRun}'],
  '/leaders': [
    '/leaders',
    '/leaders?region=North+East&expertise=behaviour',
    '/leaders?text=zzzzzz',
    '/leaders?done=bulk&count=2',
  ],
  '/leaders/new': ['/leaders/new'],
  '/leaders/bulk': ['/leaders/bulk?leader=L-01&leader=L-02', '/leaders/bulk'],
  '/leaders/import': ['/leaders/import'],
  '/leaders/:reference': ['/leaders/L-01', '/leaders/L-22?done=changed', '/leaders/Leader%20001'],
  '/leaders/:reference/edit': ['/leaders/L-01/edit', '/leaders/Leader%20001/edit'],
  '/leaders/:reference/history': ['/leaders/L-01/history'],
  '/leaders/:reference/interests': [
    '/leaders/L-02/interests',
    '/leaders/L-21/interests',
    '/leaders/Leader%20001/interests',
  ],
  '/leaders/:reference/interests/declare': ['/leaders/L-01/interests/declare'],
  '/leaders/:reference/interests/:id/withdraw': ['/leaders/L-02/interests/{interest}/withdraw'],
  '/leaders/:reference/leave': ['/leaders/L-01/leave'],
  '/my-work': ['/my-work'],
  '/cases': ['/cases', '/cases?stage=S09&region=North+East&late=yes', '/cases?q=zzzzzz', '/cases?page=99'],
  '/cases/new': ['/cases/new'],
  '/cases/:reference': ['/cases/{work}', '/cases/{fresh}'],
  '/cases/:reference/history': ['/cases/{work}/history'],
  '/cases/:reference/steps/:step': [
    '/cases/{fresh}/steps/hand-over',
    '/cases/{fresh}/steps/contact-body?key=authority',
  ],
  '/cases/:reference/actions/:step': ['/cases/{fresh}/actions/fewer-days', '/cases/{fresh}/actions/flag-absence'],
  '/cases/:reference/log': ['/cases/{work}/log', '/cases/{work}/log?done=saved'],
  '/cases/:reference/log/new': ['/cases/{work}/log/new'],
  '/cases/:reference/log/:id': ['/cases/{work}/log/{item}'],
  '/cases/:reference/log/:id/return': ['/cases/{work}/log/{item}/return'],
  '/cases/:reference/log/:id/notes': ['/cases/{work}/log/{item}/notes'],
  '/cases/:reference/log/:id/engagement': ['/cases/{work}/log/{item}/engagement'],
  '/cases/:reference/log/:id/late': ['/cases/{work}/log/{item}/late'],
  '/cases/:reference/plan': ['/cases/{work}/plan'],
  '/cases/:reference/planner': ['/cases/{work}/planner'],
  '/cases/:reference/strategies/new': ['/cases/{work}/strategies/new?list=attendance-school&item=culture'],
  '/cases/:reference/strategies/:id/drop': ['/cases/{work}/strategies/{strategy}/drop'],
  '/cases/:reference/themes/new': ['/cases/{work}/themes/new'],
  '/cases/:reference/signposts/new': ['/cases/{work}/signposts/new'],
  '/cases/:reference/lists': ['/cases/{work}/lists'],
  '/cases/:reference/lists/:list': ['/cases/{work}/lists/attendance-school', '/cases/{work}/lists/scoping-notes'],
  '/cases/:reference/visit-notes': ['/cases/{work}/visit-notes'],
  '/cases/:reference/visit-notes/new': ['/cases/{work}/visit-notes/new'],
  '/cases/:reference/visit-notes/:id': ['/cases/{work}/visit-notes/{visit}'],
  '/cases/:reference/visit-notes/:id/edit': ['/cases/{work}/visit-notes/{visit}/edit'],
  '/cases/:reference/visit-notes/:id/answer': ['/cases/{work}/visit-notes/{visit}/answer'],
  '/cases/:reference/notes': ['/cases/{work}/notes'],
  '/cases/:reference/notes/new': ['/cases/{work}/notes/new'],
  '/cases/:reference/team': ['/cases/{work}/team'],
  '/cases/:reference/team/new': ['/cases/{work}/team/new'],
  '/contact-due': ['/contact-due'],
  '/visits': ['/visits'],
  '/messages': ['/messages', '/messages?text=Otter&state=failing', '/messages?text=zzzzzz', '/messages?page=99'],
  '/messages/:id': ['/messages/{message}', '/messages/{bouncedMessage}?done=again', '/messages/{waitingMessage}'],
  '/matching': ['/matching'],
  '/matching/new': ['/matching/new'],
  '/matching/:id': ['/matching/{scenario}', '/matching/{confirmed}', '/matching/{exercise}'],
  // A solve that lasts is not here: what lasts on one machine is over on another. It leads back to the workbench.
  '/matching/:id/solving': ['/matching/{scenario}/solving'],
  '/matching/:id/history': ['/matching/{scenario}/history', '/matching/{confirmed}/history'],
  '/matching/:id/compare': ['/matching/{scenario}/compare?with={other}'],
  '/matching/:id/schools/:need': [
    '/matching/{scenario}/schools/{need}',
    '/matching/{confirmed}/schools/{confirmedNeed}',
    '/matching/{exercise}/schools/{exerciseNeed}',
  ],
}

/** Forms and addresses with something wrong in them: each must show its page again with an error summary. */
export type WrongForm = {
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
  readonly upload?: boolean
}

export const WRONG_ADDRESSES: readonly string[] = [
  '/eligibility/tsi@2023-24?on-day=31&on-month=2&on-year=2024',
  '/eligibility/tsi@2023-24?with.consecutive=many',
  '/programmes/tsi@2023-24/calendar?from-day=31&from-month=2&from-year=2024&limit=soon',
  '/programmes/tsi@2023-24/catalogue?school=12',
  '/programmes/tsi@2023-24/catalogue/tutoring?calculator=tutoring-subsidy&cost=much',
  '/programmes/tsi@2023-24/catalogue/behaviour-hubs?school=900001&check=yes&pathway=core&days=25',
  '/programmes/tsi@2023-24/resources?area=paperwork',
]

/** By route: a form that is wrong, or why its form cannot be. Routes of the API answer problem details instead. */
const FORMS: Readonly<Record<string, WrongForm | { readonly never: string }>> = {
  '/feedback': { path: '/feedback', fields: { rating: '', improvement: 'Write to me at trial@example.org' } },
  '/eligibility/:ref/runs': { never: 'its fields are hidden ones that the page itself filled' },
  '/eligibility/:ref/:kind/:subject/judge/:row': {
    path: '/eligibility/tsi@2023-24/schools/900004/judge/director-view',
    fields: { 'on-day': '31', 'on-month': '2', 'on-year': '2024', rationale: '' },
  },
  '/eligibility/:ref/:kind/:subject/ask/:row': {
    path: '/eligibility/tsi@2023-24/schools/900008/ask/exception',
    fields: { reason: '' },
  },
  '/eligibility-requests/:id/decide': { path: '/eligibility-requests/{request}/decide', fields: { rationale: '' } },
  '/programmes/:ref/values/:value': {
    path: '/programmes/tsi@2023-24/values/region-lead?key=London',
    fields: { key: 'London', name: '', email: 'no address', 'from-day': '31', 'from-month': '2', 'from-year': '2024' },
  },
  '/organisations/:id/token': {
    path: '/organisations/{organisation}/token',
    fields: { name: '', role: '', scope: 'region', to: 'soon' },
  },
  '/organisations/:id/token/revoke': { never: 'it is one button' },
  '/sign-in': { path: '/sign-in', fields: { person: 'nobody at all' } },
  '/demonstration/today': { path: '/demonstration/today', fields: { day: '31', month: '2', year: '2024' } },
  '/demonstration/scenes/:scene': { never: 'it is one button' },
  '/administration/verify': { never: 'it is one button' },
  '/cases/:reference/form/sections/:section': { never: 'what is typed wrong there: forms.door.test.ts' },
  '/cases/:reference/form/signatures/:signature': { never: 'only the leader of the case may: forms.door.test.ts' },
  '/cases/:reference/form/submit': { never: 'it is one button' },
  '/sign-out': { never: 'it is one button' },
  '/account/sessions/:id/end': { never: 'it is one button' },
  '/people/invite': { path: '/people/invite', fields: { email: 'no address', role: '/administrator', from: 'soon' } },
  '/people/:id/grants': { path: '/people/{person}/grants', fields: { role: '', scope: 'region' } },
  '/people/:id/grants/:grant/end': { never: 'it is one button' },
  '/people/:id/sessions/end': { never: 'it is one button' },
  '/people/:id/remove': { never: 'it is one button' },
  '/organisations/:id/people': { path: '/organisations/{organisation}/people', fields: { email: '' } },
  '/organisations/:id/people/:person/remove': { never: 'it is one button' },
  '/organisations/:id/people/:person/review': { never: 'it is one button' },
  '/leaders/new': {
    path: '/leaders/new',
    fields: { reference: '', name: 'Anna Typed', 'days-2023-24-spring': 'many' },
  },
  '/leaders/:reference/edit': {
    path: '/leaders/L-05/edit',
    fields: { version: '1', name: '', travelLimitMiles: 'far' },
  },
  '/leaders/bulk': { path: '/leaders/bulk', fields: { leader: 'L-01', term: '2023-24-spring', days: 'many' } },
  '/about-the-data/take-in': { path: '/about-the-data/take-in', fields: { strict: 'yes' }, upload: true },
  '/schools/:urn/corrections': { path: '/schools/900016/corrections', fields: { what: 'pupils', value: 'many' } },
  '/schools/:urn/corrections/:id/end': {
    path: '/schools/900016/corrections/{correction}/end',
    fields: { reason: '' },
  },
  '/about-the-data/nights/files/:id/take-in': {
    path: '/about-the-data/nights/files/{held}/take-in',
    fields: { reason: '' },
  },
  '/about-the-data/nights/files/:id/throw-away': {
    path: '/about-the-data/nights/files/{held}/throw-away',
    fields: { reason: '' },
  },
  '/programmes/:ref/calendar': {
    path: '/programmes/tsi@2023-24/calendar',
    fields: { authority: 'LA-NE', 'autumn-from': '2024-02-31', 'autumn-to': 'soon' },
  },
  '/programmes/:ref/local-places': {
    path: '/programmes/tsi@2023-24/local-places',
    fields: { kind: 'maths-hub', areaKind: 'authority', area: 'LA-XX', name: '', link: 'nowhere', 'from-day': '31' },
  },
  '/programmes/:ref/local-places/:id/end': { never: 'it is one button' },
  '/leaders/import': { path: '/leaders/import', fields: {}, upload: true },
  '/leaders/:reference/interests/declare': {
    path: '/leaders/L-05/interests/declare',
    fields: { year: '2023', nothing: 'no', target: 'No such school', nature: '' },
  },
  '/leaders/:reference/interests/:id/withdraw': {
    path: '/leaders/L-02/interests/{interest}/withdraw',
    fields: { reason: '' },
  },
  '/leaders/:reference/leave': {
    path: '/leaders/L-05/leave',
    fields: { 'from-day': '31', 'from-month': '2', 'from-year': '2024' },
  },
  '/leaders/:reference/leave/:id/remove': { never: 'it is one button' },
  '/my-work/seen': { never: 'it is one button' },
  '/cases/new': { path: '/cases/new', fields: { programme: 'tsi@2023-24', subject: '' } },
  '/cases/:reference/steps/:step': {
    path: '/cases/{fresh}/steps/hand-over',
    fields: { details: 'As held', proposal: 'L-999' },
  },
  '/cases/:reference/actions/:step': { path: '/cases/{fresh}/actions/fewer-days', fields: { days: '12' } },
  '/cases/:reference/clear': { never: 'it stands only where a check holds: stages.door.test.ts' },
  '/cases/:reference/log/new': { path: '/cases/{work}/log/new', fields: { date: '2024-02-31', days: '0.3', step: '' } },
  '/cases/:reference/log/:id/return': { path: '/cases/{work}/log/{item}/return', fields: { reason: '' } },
  '/cases/:reference/log/:id/notes': { path: '/cases/{work}/log/{item}/notes', fields: { note: '' } },
  '/cases/:reference/log/:id/engagement': { path: '/cases/{work}/log/{item}/engagement', fields: { engagement: '' } },
  '/cases/:reference/log/:id/late': { path: '/cases/{work}/log/{item}/late', fields: { until: '' } },
  '/cases/:reference/log/:id/move': { never: 'it is one button' },
  '/cases/:reference/log/:id/confirm': { never: 'it is one button' },
  '/cases/:reference/log/:id/withdraw': { never: 'it is one button' },
  '/cases/:reference/planner': {
    path: '/cases/{work}/planner',
    fields: { 'place-explore': '1', 'days-explore': '0.3' },
  },
  '/cases/:reference/strategies/new': { path: '/cases/{work}/strategies/new', fields: { area: '', action: '' } },
  '/cases/:reference/strategies/:id/drop': { path: '/cases/{work}/strategies/{strategy}/drop', fields: { reason: '' } },
  '/cases/:reference/themes/new': { path: '/cases/{work}/themes/new', fields: { theme: '' } },
  '/cases/:reference/signposts/new': { path: '/cases/{work}/signposts/new', fields: { programme: '', told: '' } },
  '/cases/:reference/lists/:list': { path: '/cases/{work}/lists/attendance-exploration', fields: { gap: 'many' } },
  '/cases/:reference/visit-notes/new': { path: '/cases/{work}/visit-notes/new', fields: { seen: '' } },
  '/cases/:reference/visit-notes/:id/edit': { path: '/cases/{work}/visit-notes/{visit}/edit', fields: { seen: '' } },
  '/cases/:reference/visit-notes/:id/answer': { never: 'the officer is not of the school' },
  '/cases/:reference/visit-notes/:id/send': { never: 'it is one button' },
  '/cases/:reference/visit-notes/:id/final': { never: 'it is one button' },
  '/cases/:reference/notes/new': { path: '/cases/{work}/notes/new', fields: { words: '' } },
  '/cases/:reference/team/new': { path: '/cases/{work}/team/new', fields: { person: '', specialism: '' } },
  '/cases/:reference/team/:id/end': { never: 'it is one button' },
  '/matching': {
    path: '/matching',
    fields: { name: '', programme: 'tsi@2023-24', source: 'named', urns: '12', days: 'x' },
  },
  '/messages/:id/try-again': { path: '/messages/{message}/try-again', fields: {} },
  '/messages/:id/sent-otherwise': { path: '/messages/{bouncedMessage}/sent-otherwise', fields: { how: '' } },
  '/matching/invented-england': { never: 'it is one button' },
  '/matching/:id/decide': { path: '/matching/{scenario}/decide', fields: { do: 'lock:1:Nobody' } },
  '/matching/:id/weights': { path: '/matching/{scenario}/weights', fields: { distance: 'far', expertise: '-1' } },
  '/matching/:id/limits': { path: '/matching/{scenario}/limits', fields: { travelMiles: '0' } },
  '/matching/:id/priorities': { never: 'it is ticked boxes' },
  '/matching/:id/solve': { never: 'it is one button' },
  '/matching/:id/undo': { path: '/matching/{exercise}/undo', fields: {} },
  '/matching/:id/cancel': { never: 'it is one button' },
  '/matching/:id/copy': { path: '/matching/{scenario}/copy', fields: { name: '' } },
  '/matching/:id/confirm': { path: '/matching/{exercise}/confirm', fields: {} },
  '/matching/:id/schools/:need': {
    path: '/matching/{scenario}/schools/{need}',
    fields: { days: 'many', priority: 'high' },
  },
  '/matching/:id/schools/:need/propose': {
    path: '/matching/{exercise}/schools/{exerciseNeed}/propose',
    fields: { leader: 'Leader 001' },
  },
  '/matching/:id/schools/:need/withdraw': {
    path: '/matching/{scenario}/schools/{need}/withdraw',
    fields: { reason: '' },
  },
}

/** Addresses of a page's route; undefined when nobody gave any. Without things, as they would be in an empty service. */
export function addressesOf(route: string, things: Things): readonly string[] | undefined {
  return PAGES[route]?.map((address) => fill(address, things))
}

export function wrongFormOf(route: string, things: Things): WrongForm | { readonly never: string } | undefined {
  const form = FORMS[route]
  return form && 'path' in form ? { ...form, path: fill(form.path, things) } : form
}

/** The routes of the tables above, to find those that no longer exist. */
export const KNOWN_PAGES = Object.keys(PAGES)
export const KNOWN_FORMS = Object.keys(FORMS)

function fill(address: string, things: Things): string {
  return address.replaceAll(/\{(\w+)\}/g, (_, name: string) => things[name] ?? '1')
}
