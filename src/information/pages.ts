import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { notFound, page, type Route, redirect, text } from '../platform/web/route.ts'
import { NOT_TESTED, STATEMENT, TESTED } from './accessibility.ts'
import { feedbackRoutes } from './feedback-pages.ts'
import { readReleases } from './releases.ts'
import { NO_SECURITY_CONTACT, securityTxt } from './security-txt.ts'
import type { ServiceDetails } from './service-details.ts'
import { readThirdParties, type ThirdParty } from './third-party.ts'

/** A cookie that the service sets; all are essential, so nobody is asked to agree. `expires` in words. */
export type CookieInUse = { readonly name: string; readonly purpose: string; readonly expires: string }

export type InformationParts = {
  readonly database: Database
  readonly clock: Clock
  readonly details: ServiceDetails
  readonly demonstration: boolean
  readonly cookies: readonly CookieInUse[]
  readonly version: string
}

const ROOT = join(import.meta.dirname, '../..')

/** What every public service owes its users: accessibility, cookies, privacy, feedback, releases, notices, a security contact. */
export function informationRoutes(parts: InformationParts): Route[] {
  const { details } = parts
  const read = (path: string, handle: Route['handle']): Route => {
    return { method: 'GET', path, allow: 'everyone', audit: null, handle }
  }
  return [
    read('/accessibility', () => accessibilityPage(parts)),
    read('/cookies', () => page('information/cookies.njk', { title: 'Cookies', cookies: parts.cookies })),
    read('/privacy', () => page('information/privacy.njk', { title: 'Privacy notice', ...parts })),
    read('/release-notes', () => releasesPage(parts)),
    read('/third-party-notices', noticesPage),
    read('/.well-known/security.txt', () => securityContact(parts)),
    read('/thanks.txt', () => {
      if (details.securityTxt) return redirect(new URL('/thanks.txt', details.securityTxt).href)
      return notFound('Nobody has been thanked here yet.')
    }),
    ...feedbackRoutes(parts),
  ]
}

function accessibilityPage({ details }: InformationParts) {
  return page('information/accessibility.njk', {
    title: 'Accessibility statement for Alongside',
    details,
    tested: TESTED,
    notTested: NOT_TESTED,
    statement: STATEMENT,
  })
}

function releasesPage({ version }: InformationParts) {
  const releases = readReleases(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'))
  return page('information/release-notes.njk', { title: 'What changed', version, releases })
}

let installed: readonly ThirdParty[] | undefined

function noticesPage() {
  installed ??= readThirdParties(ROOT)
  return page('information/third-party-notices.njk', { title: 'Made with the work of others', parts: installed })
}

function securityContact({ details, clock }: InformationParts) {
  if (details.securityTxt) return redirect(details.securityTxt)
  const own = securityTxt(details, clock.today())
  return own ? text(own) : text(NO_SECURITY_CONTACT, 404)
}
