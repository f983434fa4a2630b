import { extname } from 'node:path'
import type { Finding, Sources } from './sources.ts'

const NOT_TEXT = new Set([
  '.gz',
  '.png',
  '.jpg',
  '.ico',
  '.woff',
  '.woff2',
  '.ttf',
  '.otf',
  '.pdf',
  '.xlsx',
  '.ods',
  '.docx',
])

/**
 * Places that exist on one machine only, and hosts that packages came from: a clone elsewhere must not meet them. Built from
 * parts, so that this file does not report itself.
 */
const HOMES = ['root', 'home', 'Users', 'work'].join('|')
const PATTERNS = [
  { what: 'a path of one machine', pattern: new RegExp(`(?<=^|[\\s'"\`(=:,])/(?:${HOMES})/[\\w.-]+`) },
  {
    what: 'a registry host',
    pattern: new RegExp(['https?://[\\w.-]*(?:registry', 'npmjs|artifactory|nexus)[\\w.-]*'].join('|')),
  },
  { what: 'a resolved address in the lock file', pattern: /"resolved": "https?:/ },
]

export function checkMachinePaths(sources: Sources): Finding {
  const problems = sources.paths
    .filter((path) => !NOT_TEXT.has(extname(path)))
    .flatMap((path) =>
      sources
        .read(path)
        .split('\n')
        .flatMap((line, at) => findIn(line, `${path}:${at + 1}`)),
    )
  return { problems }
}

function findIn(line: string, place: string): string[] {
  return PATTERNS.flatMap(({ what, pattern }) => {
    const found = pattern.exec(line)
    return found ? [`${place} ${what}: ${found[0]}`] : []
  })
}
