import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

/** A part of a document. Headings count from 2: the title is the first. Rows of a table have as many cells as its head. */
export type PdfBlock =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly lines: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** `foot` stands at the bottom of each page beside its number: the number of the record. */
export type PdfDocument = { readonly title: string; readonly foot?: string; readonly blocks: readonly PdfBlock[] }

const TEMPLATE = resolve(import.meta.dirname, 'pdf.typ')
const FONTS = ['400Regular', '400Regular_Italic', '700Bold']
/** Stands for a sign that no font of ours has. */
const NO_SIGN = '□'
const SIGNS_LEFT_OUT = `${NO_SIGN} stands for a sign that this file cannot show; the page in Alongside shows it.`

let compiler: NodeCompiler | undefined
let template = ''

/**
 * A tagged PDF by PDF/UA-1: title, language en-GB, headings, lists and tables as such. Some 20 ms a page. The compiler refuses
 * what would not be accessible, so a sign without a font is replaced and told at the end.
 */
export function renderPdf(document: PdfDocument): Buffer {
  const plain = { foot: '', ...document }
  try {
    return compile(plain)
  } catch (error) {
    const unknown = signsWithoutFont(error)
    if (unknown.size === 0) throw error
    const told: PdfBlock = { kind: 'text', lines: [SIGNS_LEFT_OUT] }
    return compile(replaceSigns({ ...plain, blocks: [...plain.blocks, told] }, unknown))
  }
}

function compile(document: PdfDocument): Buffer {
  compiler ??= openCompiler()
  template ||= readFileSync(TEMPLATE, 'utf8')
  const compiled = compiler.compile({ mainFileContent: template, inputs: { document: JSON.stringify(document) } })
  if (!compiled.result)
    throw new Error(`The PDF cannot be made: ${compiled.takeError()?.compilationStatus ?? 'unknown'}`)
  return compiler.pdf(compiled.result, { pdfStandard: 'ua-1' })
}

/** The workspace is the folder of the template, so that nothing else of the machine can be read. */
function openCompiler(): NodeCompiler {
  const fonts = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/open-sans/package.json'))
  const fontBlobs = FONTS.map((name) => readFileSync(join(fonts, name, `OpenSans_${name}.ttf`)))
  return NodeCompiler.create({ workspace: import.meta.dirname, fontArgs: [{ fontBlobs }] })
}

/** The compiler names each such sign in its message, as it is or by its number. */
function signsWithoutFont(error: unknown): ReadonlySet<string> {
  const message = error instanceof Error ? error.message : String(error)
  const signs = [...message.matchAll(/the text `\\?"(.+?)\\?"` could not be displayed/gu)].flatMap(([, text = '']) => [
    ...text.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16))),
  ])
  return new Set(signs)
}

function replaceSigns<T>(value: T, signs: ReadonlySet<string>): T
function replaceSigns(value: unknown, signs: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return [...value].map((sign) => (signs.has(sign) ? NO_SIGN : sign)).join('')
  if (Array.isArray(value)) return value.map((item) => replaceSigns(item, signs))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceSigns(item, signs)]))
}
