import type { RouteRequest } from '../platform/web/route.ts'
import { countOf, longDate } from '../platform/words.ts'
import { dateFileHref } from './case-page.ts'
import { drawBoxes } from './log-boxes.ts'
import { type LogItem, wayTo } from './log-item.ts'
import { moveRefusal, openLog } from './log-run.ts'
import { answerInWords } from './present-fields.ts'
import type { WorkDesk } from './work-desk.ts'
import { type Button, cell, day, type View, workHref } from './work-frame.ts'
import { readLogNow } from './work-read.ts'

/** The days of a case: boxes, what is done and claimed, each day. */
export async function logView(desk: WorkDesk): Promise<View> {
  const now = await readLogNow(desk)
  const href = (part: string) => workHref(desk.record.reference, part)
  const mayLog = [...new Set(Object.values(desk.flow.logs?.[desk.work.log.of]?.moves ?? {}).flat())].some((party) =>
    desk.isOf(party),
  )
  return {
    title: now.title,
    part: '/log',
    warnings: [
      ...now.shares.flatMap(({ warning, percent }) => (warning ? [`${warning}: ${percent}%`] : [])),
      ...new Set(now.items.flatMap(({ date, warnings }) => warnings.map((words) => `${day(date)}: ${words}`))),
    ],
    boxes: drawBoxes({ agreed: now.agreedDays + now.extraDays, used: now.usedDays, planned: now.plannedDays }),
    buttons: [
      ...(mayLog
        ? [
            { text: 'Log a day', href: href('/log/new') },
            { text: 'My visits', href: '/visits', secondary: true },
          ]
        : []),
    ],
    facts: [
      {
        title: 'Done',
        value: `${now.usedDays} of ${now.agreedDays} days${now.extraDays ? ` and ${now.extraDays} extra` : ''}`,
      },
      ...(now.extraUntil ? [{ title: 'Extra days to be done by', value: longDate(now.extraUntil) }] : []),
      { title: 'Validated', value: `${now.validatedDays}; ${now.claimableDays} may be claimed` },
      ...now.shares.map(({ title, percent }) => ({ title, value: `${percent}% of the days done` })),
    ],
    tables: [
      {
        caption: 'Days, by date',
        heads: ['Date', 'Days', 'Step', 'By', 'State'],
        empty: 'No day is logged yet. One appears here when the leader or the team logs it.',
        rows: now.items.map((item) => [
          cell(day(item.date), { href: href(`/log/${item.id}`) }),
          cell(`${item.days}${item.extension ? ', extra' : ''}`),
          cell([item.stepTitle, item.areaTitle].filter(Boolean).join(', ')),
          cell(item.by),
          cell(item.timeframe ?? item.state, item.timeframe ? { tag: 'yellow' } : {}),
        ]),
      },
      {
        caption: 'Work by focus area',
        heads: ['Focus area', 'Days', 'What was done'],
        empty: 'No day names a focus area yet. A leader names it when a day is logged.',
        rows: [...Map.groupBy(now.items, ({ areaTitle }) => areaTitle ?? '')]
          .filter(([area]) => area !== '')
          .map(([area, items]) => [
            cell(area),
            cell(String(items.reduce((sum, { days }) => sum + days, 0))),
            cell(items.map((item) => [day(item.date), kindOf(desk, item)].filter(Boolean).join(': ')).join('; ')),
          ]),
      },
      {
        caption: 'Days by phase',
        heads: ['Phase', 'Planned and done', 'Done'],
        empty: '',
        rows: now.phases.map(({ title, days, delivered }) => [
          cell(title),
          cell(String(days)),
          cell(String(delivered)),
        ]),
      },
    ],
  }
}

/** What kind of work a day was, in the words of the pack; empty where nobody said. */
function kindOf({ flow, work }: WorkDesk, { fields }: Pick<LogItem, 'fields'>): string {
  const { kind } = flow.logs?.[work.log.of]?.fields ?? {}
  const value = fields['kind']
  return kind && value ? answerInWords(kind, value).toLowerCase() : ''
}

/** One day of the log with what may be done about it now. */
export async function itemView(desk: WorkDesk, { params }: RouteRequest): Promise<View | undefined> {
  const log = await openLog(desk)
  const now = await readLogNow(desk)
  const item = now.items.find(({ id }) => String(id) === params['id'])
  const stored = log.items.find(({ id }) => String(id) === params['id'])
  if (!item || !stored) return undefined
  const href = (part: string) => workHref(desk.record.reference, `/log/${item.id}${part}`)
  const { work } = desk
  const isLeader = desk.isOf(work.log['answers-for'])
  const [next] = log.log.states.filter((state) => wayTo(log.log, item.state, state)?.length === 1)
  const mayMove = next !== undefined && !moveRefusal(log, next, stored.memberId)
  const isDone = item.state !== log.log.states[0]
  const link = (may: boolean, text: string, part: string): Button[] =>
    may ? [{ text, href: href(part), secondary: true }] : []
  const titles = log.log.fields ?? {}
  return {
    title: `${day(item.date)}, ${countOf(item.days, 'day')}`,
    part: '/log',
    warnings: [...(item.timeframe ? [item.timeframe] : []), ...item.warnings],
    buttons: [
      ...(mayMove ? [{ text: `Mark as ${next}`, href: href('/move'), post: true, fields: { state: next } }] : []),
      ...(isDone && !item.confirmedOn && desk.isOf(work.log['confirmed-by'].party)
        ? [{ text: 'Confirm the date', href: href('/confirm'), post: true }]
        : []),
      ...link(isLeader, 'Add a note', '/notes'),
      ...link(isLeader && isDone, 'How the school took part', '/engagement'),
      ...link(isDone && work.log.returns.by.some((party) => desk.isOf(party)), 'Give it back', '/return'),
      ...link(item.timeframe !== null && desk.isOf(work.log.late['answered-by']), 'Answer', '/late'),
      ...link(item.date >= desk.today, 'Add to calendar', '').map((one) => ({
        ...one,
        href: dateFileHref(desk.record.reference, `day-${item.id}`),
      })),
      ...(isLeader && !stored.counted
        ? [{ text: 'Take it off', href: href('/withdraw'), post: true, secondary: true }]
        : []),
    ],
    facts: [
      { title: 'State', value: item.state },
      { title: 'Step', value: item.stepTitle },
      { title: 'Focus area', value: item.areaTitle ?? '' },
      { title: 'By', value: item.by },
      { title: 'Answers for it', value: item.leader },
      ...Object.entries(item.fields).map(([name, value]) => ({
        title: titles[name]?.title ?? name,
        value: answerInWords(titles[name], value),
      })),
      { title: 'May be claimed', value: String(item.claimable) },
      {
        title: 'Confirmed by the school',
        value: item.confirmedOn ? `${day(item.confirmedOn)}, ${item.confirmedBy}` : '',
      },
      ...Object.values(item.reasons).map((value) => ({ title: 'Reason', value })),
    ].filter(({ value }) => value !== ''),
    tables: [
      {
        caption: 'What happened',
        heads: ['State', 'Date', 'By', 'Note'],
        empty: '',
        rows: item.history.map(({ state, on, by, note }) => [cell(state), cell(day(on)), cell(by), cell(note)]),
      },
      {
        caption: 'Notes while under way',
        heads: ['Date', 'Note', 'By'],
        empty: 'No note yet.',
        rows: item.monitoring.map(({ on, words, by }) => [cell(day(on)), cell(words), cell(by)]),
      },
    ],
  }
}
