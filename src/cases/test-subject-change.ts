import assert from 'node:assert/strict'
import { type NightFolder, numbered, openNightFolder, schoolsFile, type TestSchool } from '../../world/night-folder.ts'
import { noticeSubjectChanges } from './index.ts'
import type { CaseDesk, Person } from './test-cases.ts'

const LINKS = 'URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n'
const NORTH: readonly [string, string, string] = ['LA-NE', 'Wearstead', 'North East']
/** Enough that one school in a hundred may close in a night. */
const OTHERS = numbered(930000, 400)

type Effect = { readonly id: string; readonly words: readonly string[] }
export type ShownChange = {
  readonly id: number
  readonly from: { urn: number; name: string }
  readonly events: readonly { kind: string; words: string; on: string; source: string }[]
  readonly owner: string
  readonly dueOn: string
  readonly seen: string
  readonly options: readonly {
    choice: string
    title: string
    successor: number | null
    unavailable: string | null
    effects: readonly Effect[]
  }[]
  readonly decision: { choice: string; reason: string; by: string; effects: readonly Effect[] } | null
}

/** Nights of register files for cases, and the changes that their owners are asked about. */
export type ChangeNights = {
  /** A whole file of schools and, where there are some, of links, taken in on a day as by night. Answers how many cases were asked about. */
  night(day: string, schools: readonly TestSchool[], links?: readonly string[]): Promise<number>
  schools(schools: readonly TestSchool[]): string[]
  changes(by: Person, reference: string): Promise<readonly { id: number; decision: object | null }[]>
  /** The newest change of a case as somebody reads it. */
  newest(by: Person, reference: string): Promise<ShownChange>
  choose(by: Person, reference: string, change: ShownChange, fields: object): Promise<Chosen>
  remove(): Promise<void>
}
export type Chosen = {
  readonly status: number
  readonly codes: readonly string[]
  readonly fields: readonly string[]
  readonly message: string
}

export async function openChangeNights(desk: CaseDesk): Promise<ChangeNights> {
  const folder: NightFolder = await openNightFolder(desk.service.database)
  const known = new Map<number, TestSchool>(OTHERS.map((one) => [one.urn, one]))
  const linked: string[] = []
  const fileOf = (schools: readonly TestSchool[]) => {
    for (const one of schools) known.set(one.urn, { authority: NORTH, ...known.get(one.urn), ...one })
    return schoolsFile([...known.values()])
  }
  const pathOf = (reference: string, id: number) => `/api/v1/cases/${reference}/subject-changes/${id}`
  const changes: ChangeNights['changes'] = async (by, reference) =>
    (await by.get(`/api/v1/cases/${reference}`)).json<{ subjectChanges: { id: number; decision: object | null }[] }>()
      .subjectChanges
  return {
    async night(day, schools, links = []) {
      const stamp = day.replaceAll('-', '')
      if (schools.length > 0) await folder.put(`edubasealldata${stamp}.csv`, fileOf(schools))
      linked.push(...links)
      if (links.length > 0) await folder.put(`links${stamp}.csv`, `${LINKS}${linked.join('\n')}\n`)
      const { files } = await folder.night(day)
      for (const { outcome, reasons } of files) assert.equal(outcome, 'taken', JSON.stringify(reasons))
      return noticeSubjectChanges(desk.service.cases)
    },
    schools: (schools) => fileOf(schools).trimEnd().split('\n'),
    changes,
    async newest(by, reference) {
      const last = (await changes(by, reference)).at(-1)
      const answer = await by.get(pathOf(reference, last?.id ?? 0))
      assert.equal(answer.status, 200, answer.body)
      return answer.json<ShownChange>()
    },
    async choose(by, reference, { id, seen }, fields) {
      const answer = await by.postJson(pathOf(reference, id), { seen, ...fields })
      const refusals = answer.json<{ refusals?: { code: string; message: string; field?: string }[] }>().refusals ?? []
      return {
        status: answer.status,
        codes: refusals.map(({ code }) => code),
        fields: refusals.map(({ field }) => field ?? ''),
        message: refusals.map(({ message }) => message).join(' | '),
      }
    },
    remove: () => folder.remove(),
  }
}

/** What one choice says it does to one side of the case. */
export function wordsOf({ options }: ShownChange, choice: string, side: string): string {
  return (
    options
      .find((one) => one.choice === choice)
      ?.effects.find(({ id }) => id === side)
      ?.words.join(' ') ?? ''
  )
}

/** As if a file had shown that a school closed. Answers the number of the change that the owner of its case is asked about. */
export async function closeInRegister({ database, cases }: CaseDesk['service'], urn: number): Promise<string> {
  await database.pool.query(
    `insert into register_event (kind, establishment_id, from_values, to_values, on_date)
     select 'closed', id, '{"status":"Open"}', '{"status":"Closed"}', '2024-01-12' from establishment where urn = $1`,
    [urn],
  )
  await noticeSubjectChanges(cases)
  const { rows } = await database.pool.query<{ id: string }>(
    'select max(id)::text as id from case_subject_change where from_urn = $1 and choice is null',
    [urn],
  )
  return rows[0]?.id ?? ''
}
