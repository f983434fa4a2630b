import type { Actor } from '../platform/actor.ts'
import { longDate } from '../platform/words.ts'
import { judgeCondition } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { findStep } from './case-state.ts'
import { listsOf, resourceOf } from './checklist.ts'
import { readChecks } from './checklist-store.ts'
import { warningsOf } from './decide-step.ts'
import { formOf, sectionLinks } from './form-facts.ts'
import { type PlannedOutcome, plannedOutcomes } from './form-outcomes.ts'
import { findForm } from './form-store.ts'
import { enteredOf } from './log-fields.ts'
import { countPayable, type LogItem, lateness } from './log-item.ts'
import { type LogDesk, openLog } from './log-run.ts'
import { answersOf } from './log-shares.ts'
import { readItemNotes, readMoves } from './log-store.ts'
import { daysByPhase, planWarnings } from './plan.ts'
import { readPlan } from './plan-run.ts'
import { readStrategies, readThemes } from './plan-store.ts'
import { themesOf } from './plan-themes.ts'
import { openWorkDesk, type WorkDesk } from './work-desk.ts'
import { totalsOf } from './work-facts.ts'

/** A desk for reading, or undefined where there is no such case for this person. */
export function readDesk(parts: CaseParts, reference: string, by: Actor): Promise<WorkDesk | undefined> {
  return openWorkDesk(parts, parts.database.db, { reference, by })
}

/** The log as pages and the API tell it. Days in days; what a reader may not see is left out. */
export async function readLogNow(desk: WorkDesk) {
  const log = await openLog(desk)
  const seesEngagement = desk.work.log.engagement.reads.some((party) => desk.isOf(party))
  const [moves, notes] = [await readMoves(desk.db, desk.record.id), await readItemNotes(desk.db, desk.record.id)]
  const { states } = log.log
  const paid = countPayable(log.items, log.allowance, desk.work.log.late.say)
  const totals = totalsOf(log.items, { ...log.allowance, first: states[0] ?? '', late: desk.work.log.late.say })
  const rate = desk.record.pack.entitlements?.[log.log.uses ?? '']?.rate ?? 0
  return {
    title: log.log.title,
    states,
    agreedDays: totals.agreed / 2,
    extraDays: totals.extra / 2,
    /** The last day on which extra days may be done; null without any. */
    extraUntil: log.allowance.extensions.findLast(({ untilOn }) => untilOn !== null)?.untilOn ?? null,
    usedDays: totals.delivered / 2,
    plannedDays: totals.planned / 2,
    validatedDays: totals.validated / 2,
    claimableDays: totals.payable / 2,
    claimableAmount: (totals.payable / 2) * rate,
    notClaimable: totals.notPayable.map(({ on, halfDays, because }) => ({ on, days: halfDays / 2, because })),
    waitingForValidation: totals.unvalidated,
    shares: log.shares.map(({ id, title, percent, warning, tell }) => ({
      id,
      title,
      percent,
      warning: tell.some((party) => desk.isOf(party)) ? warning : null,
    })),
    phases: phasesOf(desk, log),
    items: log.items.map((item) => ({
      ...itemJson(desk, log, item),
      claimable: (paid.items.find((one) => one.item.id === item.id)?.halfDays ?? 0) / 2,
      amount: ((paid.items.find((one) => one.item.id === item.id)?.halfDays ?? 0) / 2) * rate,
      history: moves
        .filter(({ itemId }) => itemId === item.id)
        .map(({ state, on, by, note }) => ({ state, on, by, note })),
      monitoring: notes.filter(({ itemId }) => itemId === item.id).map(({ on, words, by }) => ({ on, words, by })),
      ...(seesEngagement && { engagement: item.engagement, engagementNote: item.engagementNote }),
    })),
  }
}

function phasesOf({ work }: WorkDesk, { items, log }: LogDesk) {
  const rows = (some: readonly LogItem[]) => some.map(({ step, halfDays }) => ({ steps: [step], halfDays }))
  const own = items.filter(({ external }) => !external)
  const all = daysByPhase(work, rows(own))
  const done = daysByPhase(work, rows(own.filter(({ state }) => state !== log.states[0])))
  return all.map(({ id, title, halfDays }, at) => ({
    id,
    title,
    days: halfDays / 2,
    delivered: (done[at]?.halfDays ?? 0) / 2,
  }))
}

function itemJson(desk: WorkDesk, { allowance, log }: LogDesk, item: LogItem) {
  const { work, record, facts } = desk
  const step = work.model.steps.find(({ id }) => id === item.step)
  const late = lateness(item, allowance.extensions)
  return {
    id: item.id,
    date: item.on,
    days: item.halfDays / 2,
    state: item.state,
    step: item.step,
    stepTitle: step ? `${step.number}. ${step.title}` : item.step,
    area: item.area,
    areaTitle: record.pack['focus-areas']?.areas.find(({ id }) => id === item.area)?.name ?? null,
    by: item.external ?? item.memberName ?? item.leaderName,
    inPerson: item.memberId === null && item.external === null,
    external: item.external !== null,
    leader: item.leaderName,
    extension: item.extension,
    timeframe: late === 'open' ? work.log.late.say : late === 'refused' ? `refused: ${item.lateRefusal}` : null,
    fields: item.fields,
    reasons: item.reasons,
    warnings: warningsOf(facts(enteredOf(desk, answersOf(item))), log.checks),
    confirmedOn: item.confirmedOn,
    confirmedBy: item.confirmedBy,
  }
}

/** The plan of a case: the planner where the asker may read it, strategies, themes, what they lack. */
export async function readPlanNow(desk: WorkDesk) {
  const { db, record, work } = desk
  const plan = await readPlan(desk)
  const strategies = await readStrategies(db, record.id)
  const themes = themesOf(work, {
    areas: strategies.map(({ area }) => area),
    notNeeded: await readThemes(db, record.id),
  })
  const open = themes.filter(({ state }) => state === 'open')
  const items = (await openLog(desk)).items.filter(({ fields, external }) => !external && !fields['expected'])
  return {
    aim: aimOf(desk),
    planner: plan && {
      mine: plan.mine,
      shared: plan.shared,
      version: plan.version,
      rows: plan.rows.map(({ steps, halfDays, note }) => ({ steps, days: halfDays / 2, note })),
      phases: daysByPhase(work, plan.rows).map(({ id, title, halfDays }) => ({ id, title, days: halfDays / 2 })),
      warnings: planWarnings(work, plan.rows),
    },
    steps: work.model.steps.map(
      ({ id, number, title, phase, locked = false, sections = [], kinds = [], resources = [], checklist = null }) => ({
        id,
        number,
        title,
        phase,
        locked,
        sections: sectionLinks(record, sections),
        kinds,
        checklist,
        resources: resources.map((one) => resourceOf(work, one)),
      }),
    ),
    examples: examplesOf(desk),
    strategies,
    activities: await readActivities(desk),
    themes,
    warnings: [
      ...(open.length > 0 ? [`Open themes: ${open.map(({ title }) => title.toLowerCase()).join(', ')}`] : []),
      ...(items.length > 0 ? [`No expected outcome: ${items.map((one) => wordsOf(desk, one)).join('; ')}`] : []),
    ],
    agreedDays: record.state.agreedHalfDays / 2,
  }
}

/** The planned activities of the form with what each is for; none before its section is filled. */
async function readActivities({ db, record }: WorkDesk): Promise<PlannedOutcome[]> {
  const found = formOf(record)
  const stored = found && (await findForm(db, record.id, record.state.leaderId))
  return found && stored ? plannedOutcomes(found.form, stored, record.pack) : []
}

function wordsOf({ work }: WorkDesk, { on, step }: LogItem): string {
  return `${longDate(on)}, ${work.model.steps.find(({ id }) => id === step)?.title ?? step}`
}

/** What the support is for: as it was set, or as the pack takes it for such a school or trust (TSI-002). */
export function aimOf({ record, work, flow, facts }: WorkDesk) {
  const { action, field, otherwise } = work.aim
  const set = findStep(record.state, action)
  const options = flow.anytime?.[action]?.fields?.[field]?.options ?? []
  const value = String(
    set?.fields[field] ?? otherwise.find(({ when }) => judgeCondition(when, facts()) === 'met')?.value ?? '',
  )
  const { [field]: _, ...rest } = set?.fields ?? {}
  return {
    value,
    title: options.find(({ id }) => id === value)?.title ?? value,
    isDefault: set === undefined,
    more: rest,
  }
}

/** Worked examples, those that fit the case first (TSI-121). */
function examplesOf({ work, facts }: WorkDesk) {
  const { phase, maintained } = facts().subject
  return (work.model.examples ?? [])
    .map((one) => ({
      id: one.id,
      title: one.title,
      about: one.about,
      link: one.link ?? null,
      fits: (!one.phase || one.phase === phase) && (one.maintained === undefined || one.maintained === maintained),
    }))
    .toSorted((a, b) => Number(b.fits) - Number(a.fits))
}

/** The lists of a case as they stand. */
export async function readListsNow({ db, record, work, facts, today }: WorkDesk) {
  return listsOf({ work, answers: await readChecks(db, record.id), facts, today, year: record.pack['academic-year'] })
}

/** References of the leaders whom somebody is. */
export function leadersOf({ hats }: Actor): string[] {
  return hats.filter(({ scopeKind }) => scopeKind === 'leader').flatMap(({ scopeValues }) => scopeValues)
}
