import type { Db } from '../platform/db.ts'
import { longDate } from '../platform/words.ts'
import type { StudySource } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { readChecks } from './checklist-store.ts'
import { type FormDesk, openFormDesk } from './form-desk.ts'
import { currentPlan, planAsActivities } from './form-state.ts'
import { sectionInWords } from './form-words.ts'
import { answerInWords } from './present-fields.ts'
import { workOf } from './work-facts.ts'

/** What a case itself says about something, for a text that is written about it. */
export type StoryLine = { readonly title: string; readonly words: readonly string[] }

/** What a case says of each source, in the order asked; what it does not hold is left out. A secret is never in it. */
export async function readCaseStory(
  parts: CaseParts,
  db: Db,
  record: CaseRecord,
  sources: readonly StudySource[],
): Promise<StoryLine[]> {
  const desk = await openFormDesk(parts, db, record)
  const checks = await readChecks(db, record.id)
  return sources
    .flatMap((source) => {
      if (source === 'basis') return [basisOf(record)]
      if (typeof source === 'object' && 'list' in source) return listWords(record, checks.get(source.list), source)
      return desk ? formWords(desk, source) : []
    })
    .filter(({ words }) => words.length > 0)
}

function basisOf({ basis }: CaseRecord): StoryLine {
  const words = basis.rows.map((row) => `${row.title} (${row.words.replace(/\.$/, '')})`)
  return { title: `Why there was support, as held on ${longDate(basis.on)}`, words }
}

type ListAnswers = Awaited<ReturnType<typeof readChecks>> extends Map<string, infer A> ? A : never

function listWords(
  record: CaseRecord,
  answers: ListAnswers | undefined,
  { list, fields }: Extract<StudySource, { list: string }>,
): StoryLine[] {
  const known = workOf(record)?.checklists[list]?.fields ?? {}
  return fields.flatMap((name) => {
    const value = answers?.get(name)?.value
    return value ? [{ title: known[name]?.title ?? name, words: [answerInWords(known[name], value)] }] : []
  })
}

function formWords(desk: FormDesk, source: Exclude<StudySource, 'basis' | { list: string }>): StoryLine[] {
  const { form, stored, record } = desk
  if (source === 'areas') {
    const areas = currentPlan(form, stored, record.pack).map(({ title }) => title)
    return [{ title: 'Areas', words: areas }]
  }
  if (source === 'activities') {
    return [{ title: 'Ways of support', words: planAsActivities(form, stored, record.pack).map(({ title }) => title) }]
  }
  const section = form.sections.find(({ id }) => id === source.section)
  // What only some may read of a form is not for a text that others will read.
  if (!section || section.readers) return []
  const { facts, groups } = sectionInWords(desk, section)
  return source.fields.flatMap((name) => {
    const group = section.groups?.[name]
    if (group) return groups.filter(({ title }) => title === group.title).map(groupWords)
    const title = section.fields?.[name]?.title
    return facts.filter((fact) => fact.title === title).map((fact) => ({ title: fact.title, words: [fact.value] }))
  })
}

function groupWords({ title, rows }: ReturnType<typeof sectionInWords>['groups'][number]): StoryLine {
  return { title, words: rows.map((row) => `${row.title}: ${row.facts.map(({ value }) => value).join(', ')}`) }
}
