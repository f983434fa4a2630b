import ts from 'typescript'
import { parseAllDocuments } from 'yaml'
import { type Finding, isTest, isTypeScript, type Sources } from './sources.ts'

/**
 * Ids of packs that are also words of the engine's own. The list may only shrink: an entry that no pack and no source file
 * shares any more is reported.
 */
export const ENGINE_WORDS: readonly string[] = [
  // a scope, and a section of the service; roles of programmes have the same names
  'division',
  'administration',
]

/** Keys under which a pack lists things by id: the key of each entry, or its `id`, is a word of that pack. */
const LISTS_OF_IDS = new Set([
  'roles',
  'rows',
  'flows',
  'steps',
  'anytime',
  'logs',
  'children',
  'parties',
  'duties',
  'standings',
  'letters',
  'forms',
  'checklists',
  'items',
])

/** What several tests of a slice set up speaks of the shipped pack, as the tests do. */
const TEST_SUPPORT = /\/test-[^/]+\.ts$/

/**
 * No file of the engine names a programme, nor a role, row, step, form or letter of a pack: next year's edition must need no
 * code. Looks at the string literals of everything under `src/` but the tests and what they set up.
 */
export function checkPackWords(sources: Sources, engineWords = ENGINE_WORDS): Finding {
  const packs = sources.paths.filter((path) =>
    /^packs\/[^/]+\/[^/]+\/(?:(?:pack|process|work)|forms\/[^/]+)\.yaml$/.test(path),
  )
  const words = new Map(packs.flatMap((path) => wordsOfPack(sources.read(path)).map((word) => [word, path] as const)))
  const used = new Set<string>()
  for (const path of sources.paths) {
    const letter = /^packs\/[^/]+\/[^/]+\/letters\/([^/]+)[.]md$/.exec(path)?.[1]
    if (letter !== undefined) words.set(letter, path)
  }
  const engine = sources.paths.filter(
    (path) => path.startsWith('src/') && isTypeScript(path) && !isTest(path) && !TEST_SUPPORT.test(path),
  )
  const problems = engine.flatMap((path) =>
    findLiterals(path, sources.read(path)).flatMap(({ value, line }) => {
      const pack = words.get(value)
      if (pack !== undefined) used.add(value)
      return pack === undefined || engineWords.includes(value) ? [] : [`${path}:${line} names "${value}" of ${pack}`]
    }),
  )
  const stale = engineWords.filter((word) => !used.has(word)).map((word) => `ENGINE_WORDS: "${word}" can go`)
  return {
    problems: [...problems, ...stale],
    note: `${packs.length} packs, ${words.size} words, ${engineWords.length} allowed`,
  }
}

/** Every id that a pack's YAML gives to something of its own, its programme first. */
export function wordsOfPack(yaml: string): string[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const pack: unknown = document.toJS()
    const programme = isRecord(pack) && typeof pack.programme === 'string' ? [pack.programme] : []
    return [...programme, ...idsWithin(pack)]
  })
}

function idsWithin(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(idsWithin)
  if (!isRecord(node)) return []
  return Object.entries(node).flatMap(([key, value]) => {
    const named = LISTS_OF_IDS.has(key) ? idsListed(value) : []
    const form = key === 'form' && typeof value === 'string' ? [value] : []
    return [...named, ...form, ...idsWithin(value)]
  })
}

function idsListed(list: unknown): string[] {
  if (Array.isArray(list))
    return list.flatMap((item) => (isRecord(item) && typeof item.id === 'string' ? [item.id] : []))
  return isRecord(list) ? Object.keys(list) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function findLiterals(path: string, text: string): { value: string; line: number }[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const found: { value: string; line: number }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return
    if (ts.isStringLiteralLike(node)) {
      found.push({ value: node.text, line: file.getLineAndCharacterOfPosition(node.end).line + 1 })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
