import { basename, dirname } from 'node:path'
import type { Finding, Sources } from './sources.ts'

/**
 * Every template is named somewhere else in the code or in another template, as `folder/name` or `name.njk`: one that nobody
 * renders goes stale unseen.
 */
export function checkTemplates(sources: Sources): Finding {
  const readers = sources.paths.filter((path) => /^(src|e2e|packs)\/.*\.(ts|njk|yaml)$/.test(path))
  const templates = sources.paths.filter((path) => path.startsWith('src/') && path.endsWith('.njk'))
  const isNamed = (template: string) => {
    const file = basename(template)
    const short = `${basename(dirname(template))}/${basename(template, '.njk')}`
    return readers.some((reader) => {
      if (reader === template) return false
      const text = sources.read(reader)
      return text.includes(file) || text.includes(short)
    })
  }
  const problems = templates.filter((template) => !isNamed(template)).map((path) => `${path}: no page renders it`)
  return { problems, note: `${templates.length} templates` }
}
