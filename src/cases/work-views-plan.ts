import { offeredNotes } from './programme-notes.ts'
import { KIND_WORDS, readSignposts, readSuggestions, type Signpost, type Suggestion } from './signposts.ts'
import type { WorkDesk } from './work-desk.ts'
import { cell, day, type Table, type View, workHref } from './work-frame.ts'
import { readListsNow, readPlanNow } from './work-read.ts'

type PlanNow = Awaited<ReturnType<typeof readPlanNow>>

/** The plan of a case: aim, strategies, themes, the planner where the reader may see it, further support. */
export async function planView(desk: WorkDesk): Promise<View> {
  const plan = await readPlanNow(desk)
  const signposts = await readSignposts(desk)
  const { suggested, undecided } = await readSuggestions(desk, signposts)
  const href = (part: string) => workHref(desk.record.reference, part)
  const mayPlan = desk.work.strategies.by.some((party) => desk.isOf(party))
  const isLeader = desk.isOf(desk.work.model.owner)
  const mayNote = isLeader && (await offeredNotes(desk)).length > 0
  return {
    title: 'Plan',
    part: '/plan',
    warnings: [
      ...plan.warnings,
      ...(plan.planner?.warnings ?? []),
      ...(isLeader && undecided.length > 0 ? [`Suggested and not decided on yet: ${undecided.join(', ')}`] : []),
    ],
    buttons: [
      ...(mayPlan ? [{ text: 'Add a strategy', href: href('/strategies/new') }] : []),
      ...(isLeader
        ? [
            { text: 'Change my planner', href: href('/planner'), secondary: true },
            { text: 'Name further support', href: href('/signposts/new'), secondary: true },
            ...(mayNote ? [{ text: 'Note about a programme', href: href('/signposts/note'), secondary: true }] : []),
          ]
        : []),
    ],
    facts: [
      { title: 'Aim', value: plan.aim.title, source: plan.aim.isDefault ? 'as usual for such a school or trust' : '' },
    ],
    tables: [
      strategyTable(desk, plan, mayPlan),
      ...activityTables(plan),
      themeTable(desk, plan, isLeader ? href('/themes/new') : null),
      ...plannerTables(plan),
      signpostTable(desk, signposts),
      ...(suggested.length > 0 ? [suggestionTable(desk, suggested)] : []),
      ...(isLeader ? exampleTables(plan) : []),
    ],
  }
}

function areaTitle({ record }: WorkDesk, id: string): string {
  return record.pack['focus-areas']?.areas.find((one) => one.id === id)?.name ?? id
}

function strategyTable(desk: WorkDesk, { strategies }: PlanNow, mayPlan: boolean): Table {
  const dropHref = (id: number) => workHref(desk.record.reference, `/strategies/${id}/drop`)
  return {
    caption: 'Improvement strategies',
    heads: ['Action', 'Focus area', 'Owner', 'By', 'Expected outcome', ...(mayPlan ? ['Change'] : [])],
    empty: 'No strategy yet. One with area, action, owner and date is needed before the case goes on.',
    rows: strategies.map((one) => [
      cell(one.action),
      cell(areaTitle(desk, one.area)),
      cell(one.owner),
      cell(day(one.dueOn)),
      cell(one.expected ?? 'not given'),
      ...(mayPlan ? [cell(`Take out strategy ${one.id}`, { href: dropHref(one.id) })] : []),
    ]),
  }
}

/** What the form says of each planned activity, where it names any. */
function activityTables({ activities }: PlanNow): Table[] {
  if (activities.length === 0) return []
  return [
    {
      caption: 'Planned activities',
      heads: ['Activity', 'Key action', 'Expected outcome'],
      empty: '',
      rows: activities.map((one) => [
        cell(one.title),
        cell(one.keyAction ?? 'not given'),
        cell(one.expected ?? 'not given'),
      ]),
    },
  ]
}

const THEME_TAGS = { covered: 'green', 'not needed': 'grey', open: 'yellow' } as const

function themeTable(desk: WorkDesk, { themes }: PlanNow, change: string | null): Table {
  return {
    caption: 'Themes',
    heads: ['Theme', 'State', 'Reason', 'Further support'],
    empty: '',
    rows: themes.map(({ title, state, reason, catalogue, areas }) => [
      cell(title),
      cell(state, { tag: THEME_TAGS[state] }),
      cell(reason),
      state === 'open' && catalogue
        ? cell(`Catalogue for ${title.toLowerCase()}`, { href: catalogueHref(desk, areas) })
        : cell(''),
    ]),
    link: change ? { text: 'Say that a theme is not needed', href: change } : undefined,
  }
}

function plannerTables({ planner, steps }: PlanNow): Table[] {
  if (!planner) return []
  const stepOf = (id: string) => steps.find((one) => one.id === id)
  return [
    {
      caption: planner.shared ? 'Planner, shared' : 'Planner, for you alone',
      heads: ['Steps', 'Days', 'Note'],
      empty: '',
      rows: planner.rows.map(({ steps: ids, days, note }) => [
        cell(ids.map((id) => `${stepOf(id)?.number}. ${stepOf(id)?.title}`).join(' with ')),
        cell(String(days)),
        cell(note),
      ]),
    },
  ]
}

function signpostTable(desk: WorkDesk, signposts: readonly Signpost[]): Table {
  return {
    caption: 'Further support named',
    heads: ['Programme', 'Focus area', 'Date', 'Decided', 'The way in', 'Key action', 'Expected outcome'],
    empty: 'Nothing was named yet.',
    rows: signposts.map((one) => [
      cell(one.title, { href: entryHref(desk, one.programme) }),
      cell(one.area ? areaTitle(desk, one.area) : ''),
      cell(day(one.toldOn)),
      cell([one.kindInWords, one.toldWhom, one.reason].filter(Boolean).join(': ')),
      cell(one.access),
      cell(String(one.details['key-action'] ?? '')),
      cell(String(one.details['expected'] ?? '')),
    ]),
  }
}

function suggestionTable(desk: WorkDesk, suggested: readonly Suggestion[]): Table {
  return {
    caption: 'What the catalogue has for the areas in focus',
    heads: ['Programme', 'Why', 'Decided'],
    empty: '',
    rows: suggested.map(({ programme, title, reasons, decided }) => [
      cell(title, { href: entryHref(desk, programme) }),
      cell(reasons.join('; ')),
      cell(decided ? KIND_WORDS[decided] : 'not yet'),
    ]),
  }
}

function catalogueHref({ record }: WorkDesk, areas: readonly string[]): string {
  const query = areas.map((area) => `area=${encodeURIComponent(area)}`).join('&')
  return `/programmes/${record.programme}@${record.edition}/catalogue?${query}`
}

function entryHref({ record }: WorkDesk, entry: string): string {
  const subject = record.urn === null ? `trust=${record.trustUid}` : `school=${record.urn}`
  return `/programmes/${record.programme}@${record.edition}/catalogue/${entry}?${subject}`
}

function exampleTables({ examples }: PlanNow): Table[] {
  if (examples.length === 0) return []
  return [
    {
      caption: 'Worked examples',
      heads: ['Example', 'Fits this case', 'About'],
      empty: '',
      rows: examples.map(({ title, fits, about }) => [
        cell(title),
        cell(fits ? 'yes' : 'another example'),
        cell(about),
      ]),
    },
  ]
}

/** The lists of a case, how they stand, and what they offer for the plan. */
export async function listsView(desk: WorkDesk): Promise<View> {
  const lists = await readListsNow(desk)
  const href = (id: string) => workHref(desk.record.reference, `/lists/${id}`)
  return {
    title: 'Lists',
    part: '/lists',
    warnings: lists.flatMap(({ warnings }) => warnings),
    tables: [
      {
        caption: 'Lists to go through',
        heads: ['List', 'State', 'Still needed'],
        empty: 'This case has no lists.',
        rows: lists.map(({ id, title, complete, missing, yearly }) => [
          cell(title, { href: href(id) }),
          cell(yearly?.words ?? (complete ? 'complete' : 'open'), {
            tag: complete || yearly?.state === 'met' ? 'green' : yearly?.state === 'overdue' ? 'red' : 'grey',
          }),
          cell(missing.join(', ')),
        ]),
      },
      {
        caption: 'Offered as improvement actions',
        heads: ['What is not in place', 'List', 'Take over'],
        empty: 'Nothing is offered. What a list finds not in place appears here.',
        rows: lists.flatMap(({ title, id, items }) =>
          items
            .filter(({ action }) => action === 'offered')
            .map((item) => [
              cell(item.title),
              cell(title),
              cell('Add as a strategy', {
                href: workHref(desk.record.reference, `/strategies/new?list=${id}&item=${item.id}`),
              }),
            ]),
        ),
      },
    ],
  }
}
