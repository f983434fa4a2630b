import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Catalogue, catalogueSchema, toCatalogue } from './catalogue-schema.ts'
import { catalogueFaults, catalogueWarnings } from './check-catalogue.ts'
import { isMissingFile, type PackFault, type PackSource, readSource, syntaxFaults, toPlainData } from './pack-source.ts'

const CATALOGUE_FILE = 'catalogue.yaml'

/** The catalogue of a folder that was checked; undefined when it has none. */
export async function loadCatalogue(directory: string): Promise<Catalogue | undefined> {
  const text = await findText(directory)
  if (text === undefined) return undefined
  return toCatalogue(catalogueSchema.parse(toPlainData(readSource(CATALOGUE_FILE, text))))
}

/** Every fault of a folder's catalogue in reading order; its pack.yaml names the focus areas. */
export async function findCatalogueFaults(directory: string, pack: PackSource): Promise<PackFault[]> {
  const text = await findText(directory)
  if (text === undefined) return []
  const source = readSource(join(directory, CATALOGUE_FILE), text)
  const syntax = syntaxFaults(source)
  if (syntax.some((fault) => fault.code === 'pack.syntax')) return syntax
  const faults = [...syntax, ...catalogueFaults(source, areasOf(pack))]
  return faults.sort((a, b) => a.line - b.line || a.column - b.column)
}

/** What a catalogue can be loaded with and its author should mend all the same. */
export async function findPackWarnings(directory: string): Promise<PackFault[]> {
  const text = await findText(directory)
  return text === undefined ? [] : catalogueWarnings(readSource(join(directory, CATALOGUE_FILE), text))
}

async function findText(directory: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, CATALOGUE_FILE), 'utf8')
  } catch (error) {
    if (isMissingFile(error)) return undefined
    throw error
  }
}

/** Focus areas of a pack.yaml, read leniently: its own faults are told by its own check. */
function areasOf(pack: PackSource): Set<string> {
  const data: unknown = toPlainData(pack)
  const areas: unknown = Object(Object(data)['focus-areas']).areas
  return new Set(Array.isArray(areas) ? areas.map((area) => String(Object(area).id)) : [])
}
