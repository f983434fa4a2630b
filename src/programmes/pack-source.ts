import {
  type Document,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Refusal } from '../platform/decision.ts'

/** A pack file as text with places: every fault can name its line and column. */
export type PackSource = { readonly file: string; readonly document: Document.Parsed; readonly lines: LineCounter }

/** A fault in a pack file; `line` and `column` count from 1, and `message` begins with file:line:column. */
export type PackFault = Refusal & { readonly file: string; readonly line: number; readonly column: number }

export type PathStep = string | number

export function readSource(file: string, text: string): PackSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  return { file, document, lines }
}

export function faultAt(source: PackSource, offset: number, code: string, field: string, words: string): PackFault {
  const { line, col } = source.lines.linePos(offset)
  const message = `${source.file}:${line}:${col}: ${field === '' ? '' : `${field} `}${words}`
  return { code, message, field, file: source.file, line, column: col }
}

/** Syntax errors and doubled keys of the YAML itself. */
export function syntaxFaults(source: PackSource): PackFault[] {
  return source.document.errors.map((error) =>
    faultAt(
      source,
      error.pos[0],
      error.code === 'DUPLICATE_KEY' ? 'pack.double-key' : 'pack.syntax',
      '',
      error.message,
    ),
  )
}

/** Where the value at a path stands, or else the nearest thing around it that is there. */
export function offsetOf(source: PackSource, path: readonly PathStep[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? source.document.contents : source.document.getIn(path.slice(0, length), true)
    const start = rangeStart(node)
    if (start !== undefined) return start
  }
  return 0
}

/** Where a key of the map at a path stands. */
export function offsetOfKey(source: PackSource, path: readonly PathStep[], key: string): number {
  const map: unknown = path.length === 0 ? source.document.contents : source.document.getIn(path, true)
  const pair = isMap(map) ? map.items.find((item) => keyText(item) === key) : undefined
  return rangeStart(pair?.key) ?? offsetOf(source, path)
}

/** The offset at which the letters of a scalar begin: after the quotation mark where there is one. */
export function textStart(scalar: Scalar): number {
  const start = scalar.range?.[0] ?? 0
  return scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE' ? start + 1 : start
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined
  const [start] = node.range
  return typeof start === 'number' ? start : undefined
}

/** A scalar with where it stands: its path, its key (of the nearest map) and the maps around it, innermost last. */
export type PlacedScalar = {
  readonly path: readonly PathStep[]
  readonly key: string
  readonly scalar: Scalar
  readonly maps: readonly YAMLMap[]
}

/** Every scalar of the file in reading order. */
export function listScalars(source: PackSource): PlacedScalar[] {
  const found: PlacedScalar[] = []
  const walk = (node: unknown, path: readonly PathStep[], key: string, maps: readonly YAMLMap[]) => {
    if (isScalar(node)) found.push({ path, key, scalar: node, maps })
    else if (isMap(node))
      for (const item of node.items) walk(item.value, [...path, keyText(item)], keyText(item), [...maps, node])
    else if (hasItems(node)) for (const [index, item] of node.items.entries()) walk(item, [...path, index], key, maps)
  }
  walk(source.document.contents, [], '', [])
  return found
}

/** Every key of every map with its path. */
export function listKeys(source: PackSource): { path: PathStep[]; key: Scalar }[] {
  const found: { path: PathStep[]; key: Scalar }[] = []
  const walk = (node: unknown, path: PathStep[]) => {
    if (isPair(node)) {
      if (isScalar(node.key)) found.push({ path: [...path, keyText(node)], key: node.key })
      walk(node.value, [...path, keyText(node)])
    } else if (isMap(node)) for (const item of node.items) walk(item, path)
    else if (hasItems(node)) for (const [index, item] of node.items.entries()) walk(item, [...path, index])
  }
  walk(source.document.contents, [])
  return found
}

export function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
}

function hasItems(node: unknown): node is { items: unknown[] } {
  return typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)
}

const NAMES_THAT_LOOK_LIKE_NUMBERS = new Set(['edition', 'version', 'issued', 'name', 'follows'])

/** The file as plain data. A version 1.0 and an edition 2023 are names: they keep the letters that stand in the file. */
export function toPlainData(source: PackSource): unknown {
  for (const { key, scalar } of listScalars(source))
    if (typeof scalar.value === 'number' && NAMES_THAT_LOOK_LIKE_NUMBERS.has(key) && scalar.source)
      scalar.value = scalar.source
  return source.document.toJS()
}

export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
