import { type Requirement, requirementIdsOf } from '../requirements.ts'
import { type Finding, isTest, type Sources } from './sources.ts'

const NAMED_TEST = /\b(?:test|it|describe|suite)\(\s*(['"`])((?:[A-Z]{3}-\d+).*?)\1/g

/** A test that begins with a requirement id must begin with ids that exist, three at most; else it would prove nothing, unseen. */
export function checkTestNames(sources: Sources, requirements: readonly Requirement[]): Finding {
  const known = new Set(requirements.map(({ id }) => id))
  const cited = new Set<string>()
  const problems = sources.paths.filter(isTest).flatMap((path) =>
    [...sources.read(path).matchAll(NAMED_TEST)].flatMap(([, , name = '']) => {
      const ids = requirementIdsOf(name)
      for (const id of ids) cited.add(id)
      if (ids.length === 0) return [`${path}: "${name}" begins with no id, or with more than three`]
      return ids.filter((id) => !known.has(id)).map((id) => `${path}: ${id} is no requirement`)
    }),
  )
  return { problems, note: `${cited.size} of ${known.size} requirements are cited by a test` }
}
