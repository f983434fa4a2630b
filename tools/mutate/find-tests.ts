import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { requirementIdsOf } from '../requirements.ts'
import { listTestFiles } from '../test-files.ts'

/** The test files whose tests carry a requirement's id at the start of their name, by id. */
export function findTestsByRequirement(root: string): ReadonlyMap<string, ReadonlySet<string>> {
  const byId = new Map<string, Set<string>>()
  for (const file of listTestFiles(root, { quick: false, filters: [] })) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, name = ''] of text.matchAll(/\b(?:it|test|describe)\(\s*['"`]([A-Z]{3}-\d{3}[^'"`\n]*)/g))
      for (const id of requirementIdsOf(name)) byId.set(id, (byId.get(id) ?? new Set()).add(file))
  }
  return byId
}
