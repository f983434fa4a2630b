import type { Things } from './full-service.ts'
import { fill } from './page-examples.ts'

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
  '/cases/:reference/form/file': { path: '/cases/{work}/form/file', fields: {}, upload: true },
  '/cases/:reference/form/file/differences': { never: 'what is chosen wrong there: form-file.door.test.ts' },
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
  '/calendar': { never: 'it is one button' },
  '/calendar/end': { never: 'it is one button' },
  '/cases/new': { path: '/cases/new', fields: { programme: 'tsi@2023-24', subject: '' } },
  '/cases/:reference/steps/:step': {
    path: '/cases/{fresh}/steps/hand-over',
    fields: { details: 'As held', proposal: 'L-999' },
  },
  '/cases/:reference/steps/:step/remind': { never: 'it is one button: reminders.door.test.ts' },
  '/cases/:reference/steps/:step/link': { never: 'only where several may answer: links.door.test.ts' },
  '/cases/:reference/links/:id/revoke': { never: 'it is one button' },
  '/link/:token': { path: '/link/{link}', fields: { email: 'no address' } },
  '/cases/:reference/actions/:step': { path: '/cases/{fresh}/actions/fewer-days', fields: { days: '12' } },
  '/cases/:reference/subject-changes/:id': {
    path: '/cases/{work}/subject-changes/{change}',
    fields: { choice: '', reason: '' },
  },
  '/cases/:reference/clear': { never: 'it stands only where a check holds: stages.door.test.ts' },
  '/case-studies/new': { path: '/case-studies/new', fields: { cases: '' } },
  '/case-studies/:reference/edit': {
    never: 'a draft may hold anything; what another saved meanwhile: case-studies.door.test.ts',
  },
  '/case-studies/:reference/entries': {
    path: '/case-studies/{study}/entries',
    fields: { section: 'impact', on: '', words: '' },
  },
  '/case-studies/:reference/entries/:id/remove': { never: 'it is one button' },
  '/case-studies/:reference/subjects': {
    path: '/case-studies/{study}/subjects',
    fields: { subject: '', urn: 'no number' },
  },
  '/case-studies/:reference/subjects/:id/remove': { never: 'it is one button' },
  '/case-studies/:reference/supporters': {
    path: '/case-studies/{study}/supporters',
    fields: { leader: '', name: '', organisation: '' },
  },
  '/case-studies/:reference/supporters/:id/remove': { never: 'it is one button' },
  '/case-studies/:reference/approval': { never: 'it is one button' },
  '/case-studies/:reference/consents': {
    path: '/case-studies/{study}/consents',
    fields: { subject: '', answer: '', givenBy: '' },
  },
  '/case-studies/:reference/publish': { never: 'it is one button' },
  '/case-studies/:reference/withdraw': { path: '/case-studies/{published}/withdraw', fields: { reason: '' } },
  '/cases/:reference/log/new': { path: '/cases/{work}/log/new', fields: { date: '2024-02-31', days: '0.3', step: '' } },
  '/cases/:reference/log/:id/return': { path: '/cases/{work}/log/{item}/return', fields: { reason: '' } },
  '/cases/:reference/log/:id/notes': { path: '/cases/{work}/log/{item}/notes', fields: { note: '' } },
  '/cases/:reference/log/:id/engagement': { path: '/cases/{work}/log/{item}/engagement', fields: { engagement: '' } },
  '/cases/:reference/log/:id/late': { path: '/cases/{work}/log/{item}/late', fields: { until: '' } },
  '/cases/:reference/log/:id/move': { never: 'it is one button' },
  '/cases/:reference/payments': { never: 'it is one button' },
  '/money/runs': { never: 'it is one button' },
  '/money/runs/:reference/release': { never: 'it is one button' },
  '/money/runs/:reference/cancel': { never: 'it is one button' },
  '/money/runs/:reference/file': { never: 'it is one button' },
  '/money/runs/:reference/response': { never: 'only a payments officer sends the file: money/runs.door.test.ts' },
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
  '/cases/:reference/signposts/note': { path: '/cases/{work}/signposts/note', fields: { about: '', words: '' } },
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

export function wrongFormOf(route: string, things: Things): WrongForm | { readonly never: string } | undefined {
  const form = FORMS[route]
  return form && 'path' in form ? { ...form, path: fill(form.path, things) } : form
}

/** The routes of the table above, to find those that no longer exist. */
export const KNOWN_FORMS = Object.keys(FORMS)
