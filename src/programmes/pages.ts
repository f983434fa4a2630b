import { described } from '../platform/web/api-description.ts'
import { json, notFound, page, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import { PROGRAMME_API } from './api-description.ts'
import { describePack } from './describe-pack.ts'
import { describeProcess } from './describe-process.ts'
import { describeLetter, findLetter } from './letters.ts'
import { findPack } from './load-pack.ts'
import { type Pack, packRef } from './pack-schema.ts'

/** The loaded programmes, each in plain words made from its pack, and the same as data. */
export function programmeRoutes({ packs }: { readonly packs: readonly Pack[] }): Route[] {
  const read = { method: 'GET', allow: 'everyone', audit: null } as const
  return described(
    [
      { ...read, path: '/programmes', handle: () => listPage(packs) },
      { ...read, path: '/programmes/:ref', handle: (request) => programmePage(packs, request) },
      { ...read, path: '/programmes/:ref/letters/:letter', handle: (request) => letterPage(packs, request) },
      { ...read, path: '/api/v1/programmes', handle: () => json({ programmes: packs.map(describePack) }) },
      { ...read, path: '/api/v1/programmes/:ref', handle: (request) => programmeJson(packs, request) },
    ],
    PROGRAMME_API,
  )
}

function listPage(packs: readonly Pack[]) {
  const shown = packs.map((pack) => ({
    ...describePack(pack),
    href: `/programmes/${packRef(pack)}`,
    runs: !pack['not-run-yet'],
    inPart: pack.runs !== undefined,
  }))
  return page('programmes/list.njk', {
    title: 'Programmes in plain words',
    section: 'programmes',
    running: shown.filter(({ runs }) => runs),
    inPart: shown.filter(({ inPart }) => inPart),
    onPaper: shown.filter(({ runs, inPart }) => !runs && !inPart),
  })
}

function programmePage(packs: readonly Pack[], { params }: RouteRequest) {
  const pack = findPack(params['ref'] ?? '', packs)
  if (!pack) return notFound('There is no programme of this name.')
  const description = describePack(pack)
  return page('programmes/programme.njk', {
    title: description.title,
    caption: `Programme · ${description.ref}`,
    section: 'programmes',
    breadcrumbs: [{ text: 'Programmes', href: '/programmes' }],
    description,
    process: describeProcess(pack),
    catalogue: pack.catalogue !== undefined,
    runs: !pack['not-run-yet'],
  })
}

/** A letter as the pack has it: to whom, and its words with the names of what is filled in. */
function letterPage(packs: readonly Pack[], { params }: RouteRequest) {
  const pack = findPack(params['ref'] ?? '', packs)
  const letter = pack && findLetter(pack, params['letter'] ?? '')
  if (!letter) return notFound('There is no letter of this name.')
  return page('programmes/letter.njk', {
    title: letter.title,
    caption: `Letter · ${packRef(pack)}`,
    section: 'programmes',
    breadcrumbs: [
      { text: 'Programmes', href: '/programmes' },
      { text: pack.title, href: `/programmes/${packRef(pack)}` },
    ],
    letter: describeLetter(letter, pack),
  })
}

function programmeJson(packs: readonly Pack[], { params }: RouteRequest) {
  const pack = findPack(params['ref'] ?? '', packs)
  return pack
    ? json({ ...describePack(pack), process: describeProcess(pack) ?? null })
    : problem([{ code: 'programme.unknown', message: 'There is no such programme.' }], 404)
}
