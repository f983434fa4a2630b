import ts from 'typescript'
import { type Finding, isTypeScript, type Sources } from './sources.ts'

/**
 * Places where the compiler is told to look away: `any`, `as` (not `as const`), `!`, and the @ts- comments. Each needs a reason
 * in a comment on the line where it ends (or in a biome-ignore comment just above it).
 */
export function checkEscapes(sources: Sources): Finding {
  const files = sources.paths.filter(isTypeScript)
  let excused = 0
  const problems = files.flatMap((path) => {
    const text = sources.read(path)
    const lines = text.split('\n')
    return findEscapes(path, text).flatMap(({ what, line }) => {
      const isExcused = hasReason(lines[line] ?? '') || /^\s*\/\/ biome-ignore .*: \S+/.test(lines[line - 1] ?? '')
      if (isExcused) excused += 1
      return isExcused ? [] : [`${path}:${line + 1} ${what} without a reason on the line`]
    })
  })
  return { problems, note: `${excused} with a reason` }
}

function hasReason(line: string): boolean {
  const comment = /\/\/\s*(?:@ts-[\w-]+:?)?(.*)$/.exec(line)?.[1] ?? ''
  return comment.trim().split(/\s+/).length >= 3
}

function findEscapes(path: string, text: string): { what: string; line: number }[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const found: { what: string; line: number }[] = []
  const visit = (node: ts.Node): void => {
    const what = nameEscape(node)
    if (what) found.push({ what, line: file.getLineAndCharacterOfPosition(node.end).line })
    ts.forEachChild(node, visit)
  }
  visit(file)
  text.split('\n').forEach((content, line) => {
    const directive = /^\s*(?:\/\/|\/\*)\s*(@ts-(?:ignore|expect-error|nocheck))/.exec(content)?.[1]
    if (directive) found.push({ what: directive, line })
  })
  return found
}

function nameEscape(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any'
  if (ts.isNonNullExpression(node)) return '!'
  if (ts.isAsExpression(node) && !isConst(node.type)) return 'as'
  return undefined
}

function isConst(type: ts.TypeNode): boolean {
  return ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === 'const'
}
