import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import { parse } from 'yaml'
import { type Cited, citedParts, isRecord, WORDS } from '../mutate/cited.ts'

/** One value of a pack: the requirements it stands for, its file, its place in words, and the value as text. */
export type Rule = {
  readonly requirements: string
  readonly file: string
  readonly place: string
  readonly value: string
}

export const RULE_COLUMNS = ['requirements', 'file', 'place', 'value'] as const

/** The packs whose values are agreed, with the tables that hold what was agreed. */
export const AGREED = [{ pack: 'packs/tsi/2023-24', table: 'docs/rules/tsi-2023-24.csv' }] as const

/** Every value of the pack in this folder that stands under a requirement, in the order of its files. Words for people are none. */
export function rulesOfPack(folder: string): Rule[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((file) => {
      const document: unknown = parse(readFileSync(join(folder, file), 'utf8'))
      return citedParts(document).flatMap((part) => rulesOfPart(part, document).map((rule) => ({ file, ...rule })))
    })
}

function rulesOfPart({ path, value, cites }: Cited, document: unknown): Omit<Rule, 'file'>[] {
  const place = placeOf(path, document)
  return Object.entries(value).flatMap(([name, one]) => {
    const text = WORDS.has(name) ? undefined : textOf(one)
    return text === undefined
      ? []
      : [{ requirements: cites.join(' '), place: [...place, name].join(' › '), value: text }]
  })
}

/** What has parts of its own has no text: they are told one by one. */
function textOf(value: unknown): string | undefined {
  if (isRecord(value)) return undefined
  if (!Array.isArray(value)) return String(value)
  return value.some((one) => typeof one === 'object') ? undefined : value.join(' | ')
}

/** An entry of a list is called by its id, so that a new one before it moves no other. */
function placeOf(path: Cited['path'], document: unknown): string[] {
  let at: unknown = document
  return path.map((step) => {
    at = Array.isArray(at) ? at[Number(step)] : isRecord(at) ? at[step] : undefined
    return typeof step === 'number' ? String((isRecord(at) && at['id']) || step + 1) : step
  })
}

/** What each requirement asks of a pack, by its id: one text for each value. */
export function byRequirement(rules: readonly Rule[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map<string, string[]>()
  for (const { requirements, file, place, value } of rules)
    for (const id of requirements.split(' ')) byId.set(id, [...(byId.get(id) ?? []), `${file} ${place}: ${value}`])
  return byId
}

/** The rows of a table of agreed values. */
export function readAgreed(table: string): Rule[] {
  return parseCsv<Rule>(readFileSync(table, 'utf8'), { columns: true })
}
