import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isMap } from 'yaml'
import { shapeFaults } from './check-pack.ts'
import { findConditionFault } from './conditions.ts'
import {
  isLetterField,
  LETTER_FIELDS,
  type Letter,
  type LetterUse,
  letterSchema,
  splitLetter,
} from './letter-schema.ts'
import { RECIPIENT_LANGUAGE } from './letters.ts'
import {
  faultAt,
  keyText,
  listScalars,
  offsetOf,
  type PackFault,
  type PackSource,
  readSource,
  syntaxFaults,
  textStart,
} from './pack-source.ts'

const FOLDER = 'letters'
const FRONT = /^---\r?\n([\s\S]*?)^---\r?\n?/m
const ROLE_KEYS = new Set(['role', 'vacant'])

type LetterFile = { readonly id: string; readonly file: string; readonly text: string }

/**
 * The letters of a pack's folder, `letters/<id>.md`, and every fault of them and of the references to them in `pack`, the read
 * pack.yaml, and `process`, its process.yaml: neither need be right. A folder without letters has none.
 */
export async function readLetters(
  directory: string,
  { pack, process }: { pack: PackSource; process?: PackSource | undefined },
): Promise<{ letters: Letter[]; faults: PackFault[] }> {
  const names = await readdir(join(directory, FOLDER)).catch(() => [])
  const folder = join(pack.file, '..', FOLDER)
  const files = await Promise.all(
    names.sort().map(async (name): Promise<LetterFile> => {
      const text = await readFile(join(directory, FOLDER, name), 'utf8')
      return { id: basename(name, '.md'), file: join(folder, name), text }
    }),
  )
  const roles = rolesOf(pack)
  const read = files.map((file) => readLetter(file, roles))
  const letters = read.flatMap(({ letter }) => letter ?? [])
  const faults = [...read.flatMap((one) => one.faults), ...useFaults(read), ...linkFaults(read, process)]
  for (const source of process ? [pack, process] : [pack]) faults.push(...referenceFaults(source, files))
  if (process) faults.push(...reminderFaults(process, read))
  return { letters, faults }
}

type ReadLetter = { readonly source: PackSource; readonly letter?: Letter; readonly faults: PackFault[] }

function readLetter({ id, file, text }: LetterFile, roles: ReadonlySet<string>): ReadLetter {
  const front = FRONT.exec(text)
  // The first line of dashes stays, so that the places of the YAML are those of the file.
  const source = readSource(file, front ? `---\n${front[1]}` : '')
  const told = (code: string, words: string) => ({ source, faults: [faultAt(source, 0, code, '', words)] })
  if (!/^[a-z0-9]+(-[a-z0-9]+)*[.]md$/.test(basename(file)))
    return told('letter.file-name', 'A letter is named in small letters, digits and hyphens, and ends in .md')
  if (front?.index !== 0) return told('letter.no-front', 'A letter begins with YAML between two lines of ---')
  const syntax = syntaxFaults(source)
  if (syntax.length > 0) return { source, faults: syntax }
  const data: unknown = source.document.toJS()
  const body = text.slice(front[0].length)
  const faults = [
    ...shapeFaults(source, data, letterSchema),
    ...roleFaults(source, roles),
    ...conditionFaults(source),
    ...subjectFaults(source),
    ...bodyFaults(source, body, front[0].split('\n').length),
  ].sort((a, b) => a.line - b.line || a.column - b.column)
  if (faults.length > 0) return { source, faults }
  const digest = createHash('sha256').update(text).digest('hex')
  return { source, letter: { id, body: body.trim(), digest, ...letterSchema.parse(data) }, faults }
}

function rolesOf(pack: PackSource): ReadonlySet<string> {
  const roles: unknown = pack.document.getIn(['roles'], true)
  return new Set(isMap(roles) ? roles.items.map(keyText) : [])
}

function roleFaults(source: PackSource, roles: ReadonlySet<string>): PackFault[] {
  return listScalars(source)
    .filter(({ key, scalar }) => ROLE_KEYS.has(key) && !roles.has(String(scalar.value)))
    .map(({ path, scalar }) =>
      faultAt(
        source,
        textStart(scalar),
        'pack.unknown-role',
        path.join('.'),
        `names the role ${scalar.value}, which the pack does not declare`,
      ),
    )
}

function conditionFaults(source: PackSource): PackFault[] {
  return listScalars(source).flatMap(({ path, key, scalar }) => {
    if (key !== 'when' || typeof scalar.value !== 'string') return []
    const found = findConditionFault(scalar.value, 'bool', RECIPIENT_LANGUAGE)
    return found ? [faultAt(source, textStart(scalar) + found.at, found.code, path.join('.'), found.message)] : []
  })
}

function subjectFaults(source: PackSource): PackFault[] {
  return listScalars(source).flatMap(({ path, scalar }) => {
    if (path.join('.') !== 'subject' || typeof scalar.value !== 'string') return []
    return fieldFaults(scalar.value, false).map(({ at, code, words }) =>
      faultAt(source, textStart(scalar) + at, code, 'subject', words),
    )
  })
}

function bodyFaults({ file }: PackSource, body: string, firstLine: number): PackFault[] {
  const told = (line: number, column: number, code: string, words: string): PackFault => ({
    ...{ code, field: 'body', file, line, column },
    message: `${file}:${line}:${column}: ${words}`,
  })
  if (body.trim() === '') return [told(firstLine, 1, 'letter.empty', 'The letter has no words')]
  return body.split('\n').flatMap((text, index) => {
    const alone = /^\{[^{}]*\}$/.test(text.trim())
    return fieldFaults(text, alone).map(({ at, code, words }) => told(firstLine + index, at + 1, code, words))
  })
}

function fieldFaults(text: string, alone: boolean): { at: number; code: string; words: string }[] {
  return splitLetter(text).flatMap(({ text: piece, at, field }) => {
    if (field === undefined) {
      const brace = piece.search(/[{}]/)
      return brace < 0 ? [] : [{ at: at + brace, code: 'letter.brace', words: 'A brace stands alone' }]
    }
    if (!isLetterField(field)) return [{ at, code: 'letter.unknown-field', words: `${field} is no field of letters` }]
    if (['list', 'lines'].includes(LETTER_FIELDS[field].kind) && !alone)
      return [{ at, code: 'letter.list-in-line', words: `${field} is several lines and needs a line of its own` }]
    return []
  })
}

/** The service must know which letter to take. */
function useFaults(read: readonly ReadLetter[]): PackFault[] {
  const seen = new Set<string>()
  return read.flatMap(({ source, letter }) => {
    if (letter?.use === undefined) return []
    if (!seen.has(letter.use)) {
      seen.add(letter.use)
      return []
    }
    return [faultAt(source, 0, 'letter.double-use', 'use', `${letter.use} is the use of another letter too`)]
  })
}

/** Whoever is to be reminded needs a letter that does it. */
function reminderFaults(process: PackSource, read: readonly ReadLetter[]): PackFault[] {
  if (!process.document.hasIn(['reminders']) || read.some(({ letter }) => letter?.use === 'reminder')) return []
  const words = `need a letter in ${FOLDER}/ with use: reminder`
  return [faultAt(process, offsetOf(process, ['reminders']), 'pack.unknown-letter', 'reminders', words)]
}

const ONE_TIME: LetterUse = 'one-time-link'

/** A link for one person goes to one person: only in the letter for it, in its words, and without copies. */
function linkFaults(read: readonly ReadLetter[], process: PackSource | undefined): PackFault[] {
  const parties: unknown = process?.document.getIn(['parties'], true)
  const known = new Set(isMap(parties) ? parties.items.map(keyText) : [])
  return read.flatMap(({ source, letter }) =>
    letter ? linkWords(letter, known).map(({ field, words }) => faultAt(source, 0, 'letter.link', field, words)) : [],
  )
}

function linkWords(letter: Letter, parties: ReadonlySet<string>): { field: string; words: string }[] {
  const isFor = letter.use === ONE_TIME
  const holds = (text: string) => splitLetter(text).some(({ field }) => field === 'link.once')
  const faults = (letter.link?.by ?? [])
    .filter((party) => !parties.has(party))
    .map((party) => ({ field: 'link.by', words: `names the party ${party}, which the process does not declare` }))
  if (isFor !== (letter.link !== undefined))
    faults.push({ field: 'link', words: `link and use: ${ONE_TIME} stand together` })
  if (isFor !== holds(letter.body) || holds(letter.subject))
    faults.push({
      field: 'link',
      words: `{link.once} stands in the words of the letter whose use is ${ONE_TIME}, and nowhere else`,
    })
  if (isFor && letter.cc.length > 0) faults.push({ field: 'cc', words: 'A link for one person goes to nobody else' })
  return faults
}

/** A step that names a letter needs its file. */
function referenceFaults(source: PackSource, files: readonly LetterFile[]): PackFault[] {
  const known = new Set(files.map(({ id }) => id))
  return listScalars(source)
    .filter(({ key, scalar }) => (key === 'letter' || key === 'letters') && !known.has(String(scalar.value)))
    .map(({ path, scalar }) =>
      faultAt(
        source,
        textStart(scalar),
        'pack.unknown-letter',
        path.join('.'),
        `names the letter ${scalar.value}, which has no file in ${FOLDER}/`,
      ),
    )
}
