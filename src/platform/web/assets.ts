import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const here = dirname(fileURLToPath(import.meta.url))
const govuk = join(dirname(require.resolve('govuk-frontend/package.json')), 'dist')
const moj = dirname(require.resolve('@ministryofjustice/frontend/package.json'))
const nodeModules = join(dirname(require.resolve('govuk-frontend/package.json')), '..')

/** Folders that templates of the design systems are found in. */
export const templateFolders = [govuk, moj]

export type Asset = { readonly type: string; readonly body: Buffer }

/** Fingerprinted files of the service, by the path they are served under; a changed file gets a new path. */
export type Assets = { readonly byPath: ReadonlyMap<string, Asset>; readonly pathOf: (name: string) => string }

/**
 * Compiles the style sheet once for each version of its sources and keeps it in `cacheFolder`; scripts are served as they are.
 * Sass is needed once, for Arial and our own colours: the service is not on a GOV.UK domain.
 */
export async function prepareAssets(cacheFolder: string): Promise<Assets> {
  const byPath = new Map<string, Asset>()
  const paths = new Map<string, string>()
  const add = (name: string, type: string, body: Buffer): void => {
    const [stem, extension] = name.split('.')
    const path = `/assets/${stem}-${fingerprint(body).slice(0, 12)}.${extension}`
    paths.set(name, path)
    byPath.set(path, { type, body })
  }
  add('alongside.css', 'text/css; charset=utf-8', await styleSheet(cacheFolder))
  add('govuk.js', 'text/javascript; charset=utf-8', readFileSync(join(govuk, 'govuk/govuk-frontend.min.js')))
  add('start.js', 'text/javascript; charset=utf-8', startScript(paths.get('govuk.js') ?? ''))
  add('session.js', 'text/javascript; charset=utf-8', readFileSync(join(here, 'session.js')))
  add('autosave.js', 'text/javascript; charset=utf-8', readFileSync(join(here, 'autosave.js')))
  add('icon.svg', 'image/svg+xml', readFileSync(join(here, 'icon.svg')))
  return { byPath, pathOf: (name) => paths.get(name) ?? '' }
}

function startScript(govukPath: string): Buffer {
  const source = readFileSync(join(here, 'start.js'), 'utf8')
  return Buffer.from(source.replace('./govuk.js', govukPath))
}

async function styleSheet(cacheFolder: string): Promise<Buffer> {
  const source = join(here, 'alongside.scss')
  const version = require('govuk-frontend/package.json').version
  const key = fingerprint(Buffer.concat([readFileSync(source), Buffer.from(String(version))]))
  const cached = join(cacheFolder, `alongside-${key.slice(0, 16)}.css`)
  if (existsSync(cached)) return readFileSync(cached)
  const { compileAsync } = await import('sass')
  const { css } = await compileAsync(source, {
    style: 'compressed',
    loadPaths: [nodeModules],
    quietDeps: true,
  })
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(cached, css)
  return Buffer.from(css)
}

function fingerprint(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
