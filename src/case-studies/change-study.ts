import { accept, type Decision, refuse } from '../platform/decision.ts'
import { gradeName } from '../register/index.ts'
import { subjectOfCase } from './begin-study.ts'
import { decideEntry, decideText, PUBLISHED, type TypedEntry, type TypedText } from './study.ts'
import { keepChange, type StudyAsk, type StudyDesk, type StudyParts, writeStudy } from './study-desk.ts'
import { deleteEntry, insertEntry, type Judgement, readJudgements, saveTexts } from './study-store.ts'

export type TextSaved = { readonly reference: string; readonly version: number }

/** Saves texts as they were typed. Code `moved-on` (409) where somebody saved since; others say which field is wrong. */
export function saveText(parts: StudyParts, ask: StudyAsk & TypedText): Promise<Decision<TextSaved>> {
  return writeStudy(parts, ask, async (desk) => {
    const { db, study, rules } = desk
    const decision = decideText(study, rules, ask)
    if (!decision.ok) return decision
    const { title, texts } = decision.value
    const changed = Object.entries(texts).filter(([id, words]) => words !== (study.texts[id] ?? ''))
    if (changed.length === 0 && title === study.title)
      return accept({ reference: study.reference, version: study.version })
    await saveTexts(db, study.id, { title, texts: Object.fromEntries(changed) })
    const named = changed.map(([id, words]) => [id, study.texts[id] ?? '', words] as const)
    await keepChange(desk, {
      action: 'Text changed',
      old: { ...(title !== study.title && { title: study.title }), ...fieldsOf(named, 1) },
      new: { ...(title !== study.title && { title }), ...fieldsOf(named, 2) },
    })
    return accept({ reference: study.reference, version: study.version + 1 })
  })
}

function fieldsOf(rows: readonly (readonly [string, string, string])[], side: 1 | 2): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [row[0], row[side]]))
}

/** A dated entry: typed, or a judgement that is offered, named "urn:day" (TSI-149). */
export type EntryAsk = StudyAsk & TypedEntry & { readonly judgement: string }

export function addEntry(parts: StudyParts, ask: EntryAsk): Promise<Decision<{ reference: string }>> {
  return writeStudy(parts, ask, async (desk) => {
    const { db, study, rules, today } = desk
    const offered = ask.judgement ? await offeredJudgements(desk) : []
    const judged = offered.find((one) => judgementKey(one) === ask.judgement)
    if (ask.judgement && !judged)
      return refuse({ code: 'judgement.unknown', message: 'Choose one of the judgements offered', field: 'judgement' })
    const typed = judged ? { section: ask.section, on: judged.on, words: judgementWords(judged) } : ask
    const decision = decideEntry(study, rules, typed, today)
    if (!decision.ok) return decision
    const made = await insertEntry(db, study.id, {
      ...decision.value,
      establishmentId: judged?.establishmentId ?? null,
      source: judged?.source ?? null,
    })
    if (!made)
      return refuse({ code: 'entry.twice', message: 'This judgement stands there already', field: 'judgement' })
    const section = rules.sections.find(({ id }) => id === decision.value.section)?.title
    await keepChange(desk, { action: 'Entry added', new: { ...decision.value, section } })
    return accept({ reference: study.reference })
  })
}

export function removeEntry(
  parts: StudyParts,
  ask: StudyAsk & { readonly id: number },
): Promise<Decision<{ reference: string }>> {
  return writeStudy(parts, ask, async (desk) => {
    const { db, study } = desk
    if (study.state === 'published') return refuse(PUBLISHED)
    const found = study.entries.find(({ id }) => id === ask.id)
    if (!found) return refuse({ code: 'entry.unknown', message: 'There is no such entry' })
    await deleteEntry(db, ask.id)
    await keepChange(desk, { action: 'Entry taken away', old: { on: found.on, words: found.words } })
    return accept({ reference: study.reference })
  })
}

export function judgementKey({ urn, on }: Pick<Judgement, 'urn' | 'on'>): string {
  return `${urn}:${on}`
}

export function judgementWords({ name, grade }: Judgement): string {
  return `${name} was judged ${gradeName(grade)}`
}

/** Judgements of the schools since the support of their case ended, but for those that stand in the study already. */
export async function offeredJudgements({ db, seen, rules, study, today }: StudyDesk): Promise<Judgement[]> {
  const found: Judgement[] = []
  for (const { record } of seen) {
    const ended = record.state.steps.findLast(
      ({ step, state, superseded }) => step === rules.ended.step && state === 'done' && !superseded,
    )?.doneOn
    const { establishmentId, trust } = subjectOfCase(record)
    if (ended) found.push(...(await readJudgements(db, { establishmentId, trust, after: ended, to: today })))
  }
  const held = study.entries.map(({ judged, on }) => `${judged}:${on}`)
  return found.filter((one) => !held.includes(judgementKey(one)))
}
