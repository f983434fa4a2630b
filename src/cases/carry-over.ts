import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { Checklist, Field, FormSection } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { Answers } from './case-state.ts'
import { type CheckAnswers, readChecks } from './checklist-store.ts'
import { openFormDesk, sectionOf } from './form-desk.ts'
import { saveSection } from './form-save.ts'
import { answersOf, findSection } from './form-state.ts'
import type { LogAsk } from './log-run.ts'
import { blankAnswers } from './present-form.ts'
import { NO_CASE } from './run-step.ts'
import { notYours, openWorkDesk } from './work-desk.ts'

/** What went into a section of the form from a list: titles of the questions that changed there. */
export type CarriedOver = { readonly section: string; readonly carried: readonly string[] }

const NO_CARRY: Refusal = { code: 'list.not-carried', message: 'Nothing of this list goes into the form' }

/**
 * Puts what somebody wrote into a list beside the form into the section that the pack names, so that nobody types it twice. It
 * overwrites nothing: notes are added below what stands there, choices to those chosen, and what stands there already is not added
 * again. Empty notes are no error. Codes: `list.unknown`, `list.not-carried`, and whatever saving the section refuses.
 */
export async function carryOver(
  parts: CaseParts,
  { reference, list: id, by, submission }: LogAsk & { list: string },
): Promise<Decision<CarriedOver>> {
  const { db } = parts.database
  const desk = await openWorkDesk(parts, db, { reference, by })
  if (!desk) return refuse(NO_CASE)
  const list = desk.work.checklists[id]
  if (!list) return refuse({ code: 'list.unknown', message: 'This case has no such list' })
  const who = notYours(desk, list.by)
  if (who) return refuse(who)
  const form = await openFormDesk(parts, db, desk.record)
  const section = form && list.carries && sectionOf(form, list.carries.section)
  if (!form || !section) return refuse(NO_CARRY)
  const held = findSection(form.stored, section.id)
  const before = held ? answersOf(form.stored, section.id) : blankAnswers(form, section)
  const added = mergeNotes(section, before.fields, notesOf(list, (await readChecks(db, desk.record.id)).get(id)))
  const carried = Object.keys(added).map((name) => section.fields?.[name]?.title ?? name)
  if (carried.length === 0) return accept({ section: section.id, carried })
  const saved = await saveSection(parts, {
    reference,
    section: section.id,
    body: { fields: { ...before.fields, ...added }, rows: before.rows },
    complete: held?.state === 'complete',
    version: held?.version ?? 0,
    by,
    submission,
    from: `Carried over from the list ${list.title}`,
  })
  return saved.ok ? accept({ section: section.id, carried }) : saved
}

/** Answers of a list under the names that they have in the section. */
function notesOf({ carries, fields = {} }: Checklist, answers: CheckAnswers = new Map()): Answers {
  return Object.fromEntries(
    Object.entries(carries?.fields ?? {}).flatMap(([from, to]) => {
      const value = answers.get(from)?.value ?? ''
      if (value === '') return []
      // A list keeps what was chosen in one line.
      return [[to, fields[from]?.type === 'choices' ? value.split(', ') : value] as const]
    }),
  )
}

/** The fields of a section that notes change, with what they hold then. */
function mergeNotes(section: Pick<FormSection, 'fields'>, before: Answers, notes: Answers): Answers {
  return Object.fromEntries(
    Object.entries(notes).flatMap(([name, note]) => {
      const field = section.fields?.[name]
      const merged = field && merge(field, before[name], note)
      return merged === undefined ? [] : [[name, merged] as const]
    }),
  )
}

type Answer = string | readonly string[]

/** Undefined where the note says nothing that is not there. */
function merge({ type }: Pick<Field, 'type'>, held: Answer | undefined, note: Answer): Answer | undefined {
  if (type === 'choices') {
    const there = listOf(held)
    const more = listOf(note).filter((one) => !there.includes(one))
    return more.length > 0 ? [...there, ...more] : undefined
  }
  const [there, words] = [listOf(held).join('\n'), listOf(note).join('\n')]
  if (there === '') return words
  if (there.includes(words)) return undefined
  return type === 'note' || type === 'text' ? `${there}\n${words}` : undefined
}

function listOf(answer: Answer | undefined): readonly string[] {
  if (answer === undefined || answer === '') return []
  return typeof answer === 'string' ? [answer] : answer
}
