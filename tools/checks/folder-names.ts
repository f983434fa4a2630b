import type { Finding, Sources } from './sources.ts'

/** Names that say how code is used and not what it is about: everything ends up in them. */
const FORBIDDEN = 'utils helpers common shared misc services controllers types lib'.split(' ')

export function checkFolderNames(sources: Sources): Finding {
  const folders = new Set(sources.paths.flatMap((path) => foldersOf(path)))
  const problems = [...folders].filter((folder) => FORBIDDEN.includes(folder.split('/').at(-1) ?? ''))
  return { problems: problems.map((folder) => `${folder}/: name the folder after what it is about`) }
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}
