import { readdir, readFile } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { meaningFaults, shapeFaults } from './check-pack.ts'
import { type Pack, packRef, packSchema } from './pack-schema.ts'
import { faultAt, type PackFault, readSource, syntaxFaults, toPlainData } from './pack-source.ts'

const PACK_FILE = 'pack.yaml'

/**
 * Reads `pack.yaml` of a folder. Every fault is told at once as { code, message: "file:line:column: …", field }, and then
 * nothing is loaded (TSI-001). The answer is plain data, ready to be stored with the cases that begin under it.
 */
export async function loadPack(directory: string): Promise<Decision<Pack>> {
  const file = shortName(join(directory, PACK_FILE))
  try {
    return parsePack(file, await readFile(file, 'utf8'))
  } catch (error) {
    if (!isMissingFile(error)) throw error
    return refuse(faultAt(readSource(file, ''), 0, 'pack.no-file', '', 'There is no such file'))
  }
}

/** The same for text in hand; `file` only names the place in messages. */
export function parsePack(file: string, text: string): Decision<Pack> {
  const faults = findPackFaults(file, text)
  if (faults.length > 0) return refuse(...faults)
  return accept(packSchema.parse(toPlainData(readSource(file, text))))
}

/** Every fault in reading order, for `packs check DIR`; none when the pack would load. */
export async function checkPackDirectory(directory: string): Promise<PackFault[]> {
  const file = shortName(join(directory, PACK_FILE))
  try {
    return findPackFaults(file, await readFile(file, 'utf8'))
  } catch (error) {
    if (!isMissingFile(error)) throw error
    return [faultAt(readSource(file, ''), 0, 'pack.no-file', '', 'There is no such file')]
  }
}

export function findPackFaults(file: string, text: string): PackFault[] {
  const source = readSource(file, text)
  const syntax = syntaxFaults(source)
  // A file that YAML cannot read whole has no reliable shape: its other faults would be guesses.
  if (syntax.some((fault) => fault.code === 'pack.syntax')) return syntax
  const faults = [...syntax, ...meaningFaults(source), ...shapeFaults(source, toPlainData(source))]
  return faults.sort((a, b) => a.line - b.line || a.column - b.column)
}

/** The packs below `packs/<programme>/<edition>/`; one refusal for all faults of all of them. */
export async function loadPacks(root: string): Promise<Decision<Pack[]>> {
  const folders = (await readdir(root, { recursive: true })).filter((path) => path.endsWith(PACK_FILE)).sort()
  const decisions = await Promise.all(folders.map((path) => loadPack(join(root, path, '..'))))
  const refusals = decisions.flatMap((decision) => (decision.ok ? [] : decision.refusals))
  if (refusals.length > 0) return refuse(...refusals)
  return accept(decisions.flatMap((decision) => (decision.ok ? [decision.value] : [])))
}

/** "tsi@2023-24" names one edition, "tsi" the newest: the latest academic year, then the latest issue and version. */
export function findPack(ref: string, packs: readonly Pack[]): Pack | undefined {
  const fitting = packs.filter((pack) => packRef(pack) === ref || pack.programme === ref)
  return fitting.sort((a, b) => newestFirst(a, b))[0]
}

function newestFirst(a: Pack, b: Pack): number {
  const [mine, theirs] = [a['academic-year'].from, b['academic-year'].from]
  const byVersion = b.version.localeCompare(a.version, 'en', { numeric: true })
  return theirs.localeCompare(mine) || b.issued.localeCompare(a.issued) || byVersion
}

/** Messages name the file as seen from where the command runs, and so never tell about the machine. */
function shortName(file: string): string {
  const near = relative(process.cwd(), file)
  return near.startsWith('..') || isAbsolute(near) ? file : near
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
