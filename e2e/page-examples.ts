import type { Things } from './full-service.ts'

/**
 * Every page of the route table with the addresses that show what it can look like; `{name}` is a thing of the full service.
 * A page that is missing here fails the walk, so a new page cannot be forgotten.
 */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  '/': ['/'],
  '/help': ['/help'],
  '/sign-in': ['/sign-in', '/sign-in?return=%2Fleaders'],
  '/account': ['/account'],
  '/people': ['/people'],
  '/people/invite': ['/people/invite'],
  '/people/:id': ['/people/{person}'],
  '/organisations/:id/people': ['/organisations/{organisation}/people'],
  '/accessibility': ['/accessibility'],
  '/cookies': ['/cookies'],
  '/privacy': ['/privacy'],
  '/release-notes': ['/release-notes'],
  '/third-party-notices': ['/third-party-notices'],
  '/feedback': ['/feedback'],
  '/feedback/received': ['/feedback/received', '/feedback/received?page=99'],
  '/feedback/:reference/thanks': ['/feedback/1/thanks'],
  '/about-the-data': ['/about-the-data'],
  '/about-the-data/take-in': ['/about-the-data/take-in'],
  '/about-the-data/:id': ['/about-the-data/{file}'],
  '/search': ['/search', '/search?q=Kestrel', '/search?q=wearsted', '/search?q=zzzzzz'],
  '/schools': ['/schools', '/schools?region=North+East&grade=3&status=open', '/schools?q=zzzzzz', '/schools?page=99'],
  '/schools/:urn': ['/schools/900016', '/schools/900050', '/schools/900002', '/schools/900035'],
  '/schools/:urn/data': ['/schools/900016/data', '/schools/100101/data'],
  '/schools/:urn/history': ['/schools/900050/history'],
  '/trusts': ['/trusts', '/trusts?q=zzzzzz'],
  '/trusts/:uid': ['/trusts/T-02'],
  '/authorities': ['/authorities'],
  '/authorities/:code': ['/authorities/LA-NE'],
  '/programmes': ['/programmes'],
  '/programmes/:ref': ['/programmes/tsi@2023-24'],
  '/programmes/:ref/calendar': [
    '/programmes/tsi@2023-24/calendar',
    '/programmes/tsi@2023-24/calendar?authority=LA-NE&from=2024-03-28&limit=5+days',
  ],
  '/eligibility': ['/eligibility'],
  '/eligibility/:ref': [
    '/eligibility/tsi@2023-24',
    '/eligibility/tsi@2023-24?with.consecutive=3',
    '/eligibility/tsi@2023-24?on=2023-11-22&region=North+East&show=all',
    '/eligibility/tsi@2023-24?q=zzzzzz',
  ],
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
]

/** By route: a form that is wrong, or why its form cannot be. Routes of the API answer problem details instead. */
const FORMS: Readonly<Record<string, WrongForm | { readonly never: string }>> = {
  '/feedback': { path: '/feedback', fields: { rating: '', improvement: 'Write to me at trial@example.org' } },
  '/eligibility/:ref/runs': { never: 'its fields are hidden ones that the page itself filled' },
  '/sign-in': { path: '/sign-in', fields: { person: 'nobody at all' } },
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
  '/programmes/:ref/calendar': {
    path: '/programmes/tsi@2023-24/calendar',
    fields: { authority: 'LA-NE', 'autumn-from': '2024-02-31', 'autumn-to': 'soon' },
  },
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
  '/matching': {
    path: '/matching',
    fields: { name: '', programme: 'tsi@2023-24', source: 'named', urns: '12', days: 'x' },
  },
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
