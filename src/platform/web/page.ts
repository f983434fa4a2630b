import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import nunjucks from 'nunjucks'
import type { Actor, Capability } from '../actor.ts'
import { countOf, longDate, thousands } from '../words.ts'
import { type Assets, templateFolders } from './assets.ts'
import { withoutOtherLinks } from './confinement.ts'
import type { PageModel } from './route.ts'
import { newSubmissionToken } from './submission.ts'

const sourceFolder = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** One entry of the service navigation; the app lists them in order. */
export type NavigationItem = {
  readonly text: string
  readonly href: string
  readonly section: string
  /** Shown only to those who hold it; without it, to everybody signed in. */
  readonly needs?: Capability
}

/** What a demonstration says above every page, with one link behind it. */
export type Notice = { readonly text: string; readonly link: { readonly href: string; readonly text: string } }

/** What stands around every page: the same for all, decided by the composition root. */
export type Frame = {
  readonly navigation: readonly NavigationItem[]
  readonly version: string
  readonly notice: () => Notice | null
}

/** What a template knows of the request beside its model. `actor` is null for a visitor who is not signed in. */
export type Rendered = { readonly nonce: string; readonly url: string; readonly actor: Actor | null }
export type Renderer = (template: string, model: PageModel, request: Rendered) => string

/** Templates stand in their slices and are named from the source folder: `register/school.njk`. */
export function createRenderer(assets: Assets, frame: Frame): Renderer {
  const loader = new nunjucks.FileSystemLoader([sourceFolder, ...templateFolders])
  const environment = new nunjucks.Environment(loader, { autoescape: true, throwOnUndefined: false })
  // The library's trim is a slow regular expression and most of the time of a macro page (trials).
  environment.addFilter('trim', (value: unknown) => {
    const trimmed = String(value ?? '').trim()
    return value instanceof nunjucks.runtime.SafeString ? new nunjucks.runtime.SafeString(trimmed) : trimmed
  })
  environment.addFilter('longDate', longDate)
  environment.addFilter('countOf', countOf)
  environment.addFilter('thousands', thousands)
  environment.addGlobal('assetPathOf', assets.pathOf)
  environment.addGlobal('frame', frame)
  environment.addGlobal('newSubmissionToken', newSubmissionToken)
  return (template, model, request) => {
    const confined = request.actor?.confinedTo
    const html = environment.render(template, {
      ...model,
      cspNonce: request.nonce,
      url: request.url,
      notice: frame.notice(),
      signedInAs: request.actor?.name ?? '',
      sessionSeconds: request.actor?.sessionSeconds ?? 0,
      confined,
      navigation: confined
        ? [{ text: 'What you are asked', href: confined.href, section: 'cases' }]
        : frame.navigation.filter(({ needs }) => !needs || request.actor?.capabilities.has(needs)),
    })
    return confined ? withoutOtherLinks(html, confined) : html
  }
}
