import { readdir, readFile } from 'node:fs/promises'
import { basename, isAbsolute, join, relative } from 'node:path'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { findFormFaults, sectionIds } from './check-form.ts'
import { findMoneyFaults } from './check-money.ts'
import { meaningFaults, shapeFaults } from './check-pack.ts'
import { findProcessFaults } from './check-process.ts'
import { findStudyFaults } from './check-study.ts'
import { findWorkFaults } from './check-work.ts'
import { type Form, formSchema, partialForm, withOptions } from './form-schema.ts'
import type { Letter } from './letter-schema.ts'
import { findCatalogueFaults, loadCatalogue } from './load-catalogue.ts'
import { readLetters } from './load-letters.ts'
import { moneySchema } from './money-schema.ts'
import { type Pack, packRef, packSchema } from './pack-schema.ts'
import {
  faultAt,
  isMissingFile,
  type PackFault,
  type PackSource,
  readSource,
  syntaxFaults,
  toPlainData,
} from './pack-source.ts'
import { processSchema } from './process-schema.ts'
import { studySchema } from './study-schema.ts'
import { workSchema } from './work-schema.ts'

const PACK_FILE = 'pack.yaml'
const PROCESS_FILE = 'process.yaml'
const MONEY_FILE = 'money.yaml'
const WORK_FILE = 'work.yaml'
const STUDY_FILE = 'case-studies.yaml'
const FORMS_FOLDER = 'forms'

/**
 * Reads `pack.yaml` of a folder, its `process.yaml`, `work.yaml`, `money.yaml`, `case-studies.yaml`, `catalogue.yaml` and `forms/*.yaml` where there
 * are any, and its letters. Every fault is told at once as { code, message: "file:line:column: …", field }, and then nothing is loaded (TSI-001).
 * The answer is plain data, ready to be stored with the cases that begin under it.
 */
export async function loadPack(directory: string): Promise<Decision<Pack>> {
  const files = await readPackFiles(directory)
  const faults = await faultsOfFiles(files, directory)
  if (faults.length > 0) return refuse(...faults)
  const pack = packSchema.parse(toPlainData(files.pack))
  const catalogue = await loadCatalogue(directory)
  return accept({
    ...pack,
    ...(files.process && { process: processSchema.parse(toPlainData(files.process)) }),
    ...(files.money && { money: moneySchema.parse(toPlainData(files.money)) }),
    ...(files.work && { work: workSchema.parse(toPlainData(files.work)) }),
    ...(files.studies && { studies: studySchema.parse(toPlainData(files.studies)) }),
    ...(catalogue && { catalogue }),
    ...(files.forms.length > 0 && { forms: readForms(files.forms, pack) }),
    letters: Object.fromEntries(files.letters.map((letter) => [letter.id, letter])),
  })
}

function readForms(forms: readonly PackSource[], pack: Pick<Pack, 'focus-areas'>): Record<string, Form> {
  const areas = pack['focus-areas']?.areas ?? []
  return Object.fromEntries(
    forms.flatMap((source) => {
      const form = withOptions(formSchema.parse(toPlainData(source)), areas)
      const part = partialForm(form)
      const id = basename(source.file, '.yaml')
      return [[id, form] as const, ...(part ? [[`${id}.partial`, part] as const] : [])]
    }),
  )
}

/** The pack.yaml of a pack from text in hand, without letters; `file` only names the place in messages. */
export function parsePack(file: string, text: string): Decision<Pack> {
  const faults = findPackFaults(file, text)
  if (faults.length > 0) return refuse(...faults)
  return accept({ ...packSchema.parse(toPlainData(readSource(file, text))), letters: {} })
}

/** Every fault in reading order, for `packs check DIR`; none when the pack would load. */
export async function checkPackDirectory(directory: string): Promise<PackFault[]> {
  return faultsOfFiles(await readPackFiles(directory), directory)
}

export function findPackFaults(file: string, text: string): PackFault[] {
  return faultsOfPack(readSource(file, text))
}

type PackFiles = {
  readonly pack: PackSource
  readonly isMissing: boolean
  readonly process: PackSource | undefined
  readonly work: PackSource | undefined
  readonly money: PackSource | undefined
  readonly studies: PackSource | undefined
  readonly letters: readonly Letter[]
  readonly letterFaults: readonly PackFault[]
  readonly forms: readonly PackSource[]
}

async function readPackFiles(directory: string): Promise<PackFiles> {
  const [pack, process, work, money, studies] = await Promise.all([
    readIfThere(join(directory, PACK_FILE)),
    readIfThere(join(directory, PROCESS_FILE)),
    readIfThere(join(directory, WORK_FILE)),
    readIfThere(join(directory, MONEY_FILE)),
    readIfThere(join(directory, STUDY_FILE)),
  ])
  const own = pack ?? readSource(shortName(join(directory, PACK_FILE)), '')
  const { letters, faults } = await readLetters(directory, { pack: own, process })
  const forms = await readFormFiles(join(directory, FORMS_FOLDER))
  return {
    pack: own,
    isMissing: pack === undefined,
    process,
    work,
    money,
    studies,
    letters,
    letterFaults: faults,
    forms,
  }
}

async function readFormFiles(folder: string): Promise<PackSource[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (!isMissingFile(error)) throw error
    return []
  })
  const wanted = names.filter((name) => name.endsWith('.yaml')).sort()
  const read = await Promise.all(wanted.map((name) => readIfThere(join(folder, name))))
  return read.flatMap((source) => source ?? [])
}

async function readIfThere(path: string): Promise<PackSource | undefined> {
  try {
    return readSource(shortName(path), await readFile(path, 'utf8'))
  } catch (error) {
    if (!isMissingFile(error)) throw error
    return undefined
  }
}

async function faultsOfFiles(files: PackFiles, directory: string): Promise<PackFault[]> {
  const { pack, isMissing, process, work, money, studies, letterFaults, forms } = files
  if (isMissing) return [faultAt(pack, 0, 'pack.no-file', '', 'There is no such file')]
  return [
    ...faultsOfPack(pack),
    ...(process ? findProcessFaults(process, pack) : []),
    ...(work
      ? findWorkFaults(work, { pack, process, ...(forms.length > 0 && { sections: sectionsBeside(work, forms) }) })
      : []),
    ...forms.flatMap((form) => findFormFaults(form, process)),
    ...(money ? findMoneyFaults(money, { pack, process }) : []),
    ...(studies ? findStudyFaults(studies, { process, work, forms }) : []),
    ...(await findCatalogueFaults(shortName(directory), pack)),
    ...letterFaults,
  ]
}

/** The sections of the forms that go with the same flow as the work: its steps link to them. */
function sectionsBeside(work: PackSource, forms: readonly PackSource[]): ReadonlySet<string> {
  const flow = String(work.document.get('flow'))
  return new Set(forms.filter(({ document }) => String(document.get('flow')) === flow).flatMap(sectionIds))
}

function faultsOfPack(source: PackSource): PackFault[] {
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
