import type { Confinement } from '../actor.ts'

/** What everybody is owed, and the way out; the rest of the service is closed to a confined session unless it is of its record. */
const OPEN: ReadonlySet<string> = new Set([
  '/help',
  '/accessibility',
  '/cookies',
  '/privacy',
  '/account/session',
  // what the same person typed in the same browser; sending it on is asked for like everything else
  '/kept-form',
  '/sign-out',
  '/link/:token',
])

/**
 * Whether a session that is confined to one record reaches a route: the addresses of the record, at page and API, and what is
 * open to everybody. Everything else is refused, also routes that come later. `path` and `params` are the route's, decoded.
 */
export function isWithin(
  { href }: Pick<Confinement, 'href'>,
  path: string,
  params: Readonly<Record<string, string>>,
): boolean {
  if (OPEN.has(path)) return true
  const asked = path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => params[name] ?? '')
  return [href, `/api/v1${href}`].some((base) => asked === base || asked.startsWith(`${base}/`))
}

/** The page with its links to what would not open as plain words, so that nobody is led to a refusal. */
export function withoutOtherLinks(html: string, { href }: Pick<Confinement, 'href'>): string {
  return html.replaceAll(/<a\b[^>]*?\bhref="(\/[^"]*)"[^>]*>([\s\S]*?)<\/a>/g, (whole, to: string, words: string) => {
    const [path = ''] = to.split(/[?#]/)
    const opens = OPEN.has(path) || path === href || path.startsWith(`${href}/`)
    return opens ? whole : `<span>${words}</span>`
  })
}
