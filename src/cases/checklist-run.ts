import { writeAudit } from '../platform/audit.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { Checklist, Fields } from '../programmes/index.ts'
import { judgeCondition } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { Answers } from './case-state.ts'
import { valuesOf } from './checklist.ts'
import { type CheckAnswers, readChecks, saveCheck } from './checklist-store.ts'
import type { LogAsk } from './log-run.ts'
import { storeStrategy } from './plan-run.ts'
import { askedFields, readAnswers, typedAnswers } from './read-answers.ts'
import { changeWork, notYours, type WorkDesk } from './work-desk.ts'

export type ListAsk = LogAsk & { readonly list: string }
export type ListSaved = { readonly list: string; readonly saved: number; readonly strategies: readonly number[] }

const DAYS_FOR_ACTION = 28

/**
 * Keeps answers of a list: `body` holds an item's state under its id with `note-<id>` beside it, and a field's answer under
 * its name. What is not sent stays as it is; an empty text takes an answer back. An answer that calls for an action makes a
 * strategy of the plan at once. Codes: `list.unknown`, `field.*`, `not-responsible`.
 */
export function answerList(parts: CaseParts, ask: ListAsk): Promise<Decision<ListSaved>> {
  return changeWork(parts, ask, async (desk) => {
    const list = desk.work.checklists[ask.list]
    const applies = list && (!list.when || judgeCondition(list.when, desk.facts()) === 'met')
    if (!list || !applies) return refuse({ code: 'list.unknown', message: 'This case has no such list' })
    const before = (await readChecks(desk.db, desk.record.id)).get(ask.list) ?? new Map()
    const read = readList(desk, list, ask.body, before)
    if (!read.ok) return read
    for (const { item, value, note } of read.value)
      await saveCheck(desk.db, {
        caseId: desk.record.id,
        checklist: ask.list,
        item,
        value,
        note,
        today: desk.today,
        by: ask.by.name,
        byId: ask.by.personId,
      })
    const strategies = await makeStrategies(desk, ask.list, list, { changes: read.value, before })
    await writeAudit(desk.db, {
      actor: ask.by,
      action: `List answered: ${list.title}`,
      record: 'case',
      recordKey: desk.record.reference,
      old: Object.fromEntries(read.value.map(({ item }) => [item, before.get(item)?.value ?? ''])),
      new: Object.fromEntries(read.value.map(({ item, value }) => [item, value])),
    })
    return accept({ list: ask.list, saved: read.value.length, strategies })
  })
}

type Change = { readonly item: string; readonly value: string; readonly note: string | null }

function readList(desk: WorkDesk, list: Checklist, body: LogAsk['body'], before: CheckAnswers): Decision<Change[]> {
  const items = readItems(list, body, before)
  const fields = readFields(desk, list, body, before)
  const refusals = [...(items.ok ? [] : items.refusals), ...(fields.ok ? [] : fields.refusals)]
  if (!items.ok || !fields.ok) return refuse(...refusals)
  const changes = [...items.value, ...fields.value]
  const who = changes.flatMap(({ item }) => notYours(desk, list.only?.[item] ?? list.by) ?? [])
  if (who[0]) return refuse(who[0])
  if (changes.length === 0)
    return notYours(desk, list.by) ? refuse(...[notYours(desk, list.by) ?? NOTHING]) : accept([])
  return accept(changes)
}

const NOTHING: Refusal = { code: 'list.empty', message: 'Nothing new was answered' }

function readItems(list: Checklist, body: LogAsk['body'], before: CheckAnswers): Decision<Change[]> {
  const sent = (list.items ?? []).filter(({ id }) => id in body || `note-${id}` in body)
  const changes = sent.map(({ id }) => {
    const value = id in body ? String(body[id] ?? '').trim() : (before.get(id)?.value ?? '')
    return { item: id, value, note: String(body[`note-${id}`] ?? before.get(id)?.note ?? '').trim() || null }
  })
  const refusals = changes.flatMap((change) => stateFaults(list, change))
  if (refusals.length > 0) return refuse(...refusals)
  const isNew = ({ item, value, note }: Change) =>
    value !== (before.get(item)?.value ?? '') || note !== (before.get(item)?.note ?? null)
  return accept(changes.filter(isNew))
}

function stateFaults({ items = [], states = [] }: Checklist, { item, value, note }: Change): Refusal[] {
  const title = items.find(({ id }) => id === item)?.title ?? item
  const state = states.find((one) => one.id === value)
  if (value && !state) {
    const message = `${title}: choose one of ${states.map((one) => one.title).join(', ')}`
    return [{ code: 'field.not-a-choice', message, field: item, allowed: states.map(({ id }) => id) }]
  }
  if (!state?.note || note) return []
  const message = `${title}: write a note when the answer is ${state.title.toLowerCase()}`
  return [{ code: 'note.missing', message, field: `note-${item}` }]
}

function readFields(desk: WorkDesk, list: Checklist, body: LogAsk['body'], before: CheckAnswers): Decision<Change[]> {
  const all: Fields = list.fields ?? {}
  const sent = Object.fromEntries(Object.entries(all).filter(([name]) => isSent(name, body)))
  const typed = typedAnswers(sent, body)
  const entered: Answers = {
    ...valuesOf(before),
    ...Object.fromEntries(Object.keys(sent).map((name) => [name, ''])),
    ...typed,
  }
  const asked = askedFields(sent, desk.facts(entered))
  const read = readAnswers(
    asked,
    Object.fromEntries(Object.entries(typed).filter(([name]) => name in asked)),
    desk.today,
  )
  if (!read.ok) return read
  const changes = Object.keys(sent).map((name) => ({
    item: name,
    value: [read.value[name] ?? ''].flat().join(', '),
    note: null,
  }))
  return accept(changes.filter(({ item, value }) => value !== (before.get(item)?.value ?? '')))
}

function isSent(name: string, body: LogAsk['body']): boolean {
  return name in body || `${name}-day` in body
}

/** An answer that calls for an action at once puts it into the plan, once. */
async function makeStrategies(
  desk: WorkDesk,
  id: string,
  list: Checklist,
  { changes, before }: { changes: readonly Change[]; before: CheckAnswers },
): Promise<number[]> {
  const made: number[] = []
  for (const { item, value, note } of changes) {
    const state = list.states?.find((one) => one.id === value)
    if (state?.action !== 'made' || !list.area || before.get(item)?.value === value) continue
    const title = list.items?.find((one) => one.id === item)?.title ?? list.title
    const strategy = {
      area: list.area,
      action: `Put right: ${title}. ${note ?? ''}`.trim(),
      owner: desk.record.name,
      dueOn: Temporal.PlainDate.from(desk.today).add({ days: DAYS_FOR_ACTION }).toString(),
      expected: null,
      checklist: id,
      item,
    }
    made.push(await storeStrategy(desk, strategy))
  }
  return made
}
