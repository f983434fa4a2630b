import { type Requirement, requirementIdsOf } from '../requirements.ts'
import { type Finding, isTest, type Sources } from './sources.ts'

const TEST_NAME = /\b(?:test|it|describe|suite)\(\s*(['"`])(.*?)\1/g

/** A test that begins with a requirement id must begin with ids that exist, three at most; else it would prove nothing, unseen. */
export function checkTestNames(sources: Sources, requirements: readonly Requirement[]): Finding {
  const known = new Set(requirements.map(({ id }) => id))
  const ledgers = new Set(requirements.map(({ id }) => id.slice(0, 'TSI-'.length)))
  const cited = new Set<string>()
  const judge = (path: string, name: string): string[] => {
    const begins = /^[A-Z]{3}-(?=\d)/.exec(name)?.[0]
    if (begins === undefined || !ledgers.has(begins)) return []
    const ids = requirementIdsOf(name)
    for (const id of ids) cited.add(id)
    if (ids.length === 0) return [`${path}: "${name}" begins with no id, or with more than three`]
    return ids.filter((id) => !known.has(id)).map((id) => `${path}: ${id} is no requirement`)
  }
  const problems = sources.paths
    .filter(isTest)
    .flatMap((path) => [...sources.read(path).matchAll(TEST_NAME)].flatMap(([, , name = '']) => judge(path, name)))
  return { problems, note: `${cited.size} of ${known.size} requirements are cited by a test` }
}
