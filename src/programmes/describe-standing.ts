import { longDate } from '../platform/words.ts'
import { peopleInWords, type TitleOf } from './describe-people.ts'
import type { Pack } from './pack-schema.ts'
import type { Duty, StepClock } from './process-schema.ts'
import type { DutyWhile, Standing, Trigger } from './standing-schema.ts'

/** Standings, duties and what begins by itself, in finished words. Nothing of them is run by this release. */
export type StandingDescription = {
  readonly id: string
  readonly title: string
  readonly help: string
  readonly levels: readonly { readonly title: string; readonly note: string; readonly from: readonly string[] }[]
  readonly rules: readonly string[]
  readonly cites: readonly string[]
}

export type DutyLine = {
  readonly id: string
  readonly title: string
  readonly help: string
  readonly party: string
  readonly when: string
  readonly whom: string
  readonly done: string
  /** Who comes, signs, is told or may leave it out. */
  readonly people: readonly string[]
  readonly cites: readonly string[]
}

type Process = NonNullable<Pack['process']>

export function describeStanding(id: string, standing: Standing, pack: Pack, titleOf: TitleOf): StandingDescription {
  const rowTitle = (row: string) => pack.eligibility.rows.find((one) => one.id === row)?.title ?? row
  const { 'set-by': setBy, 'proposed-by': proposedBy, 'confirmed-by': confirmedBy } = standing
  const parties = (names: readonly string[]) => names.map(titleOf).join(', ')
  const floorEnds = { 'row ends': 'while this holds', decided: 'until it is decided anew' } as const
  return {
    id,
    title: standing.title,
    help: standing.help ?? '',
    levels: standing.order.map((level) => ({
      title: level.title,
      note: [level.note, lastsInWords(level.lasts)].filter(Boolean).join('. '),
      from: [
        ...(standing.floors ?? [])
          .filter((floor) => floor.level === level.id)
          .map((floor) => `At least this at once, ${floorEnds[floor.until]}: ${rowTitle(floor.row)}`),
        ...(standing.proposals ?? [])
          .filter((proposal) => proposal.level === level.id)
          .map((proposal) => `Proposed where: ${rowTitle(proposal.row)}`),
      ],
    })),
    rules: [
      ...(proposedBy ? [`Proposed by: ${parties(proposedBy)}`] : []),
      `Set by: ${parties(setBy)}`,
      ...(confirmedBy ? [`Holds only when confirmed by: ${parties(confirmedBy)}`] : []),
      ...(standing.exclusive ? ['Only one at a time, each with its days'] : []),
      ...(standing['never-down-alone'] ? ['Never goes down by itself: only a decision does that'] : []),
      ...Object.values(standing.variants ?? {}).map(
        (variant) => `${variant.title}, at ${levelTitles(standing, variant.of)}: ${variant.note ?? ''}`,
      ),
    ],
    cites: standing.cites,
  }
}

function lastsInWords(lasts: string | undefined): string {
  return lasts && lasts !== 'until decided' ? `Lasts ${lasts}` : ''
}

function levelTitles(standing: Standing | undefined, levels: readonly string[]): string {
  return levels.map((level) => standing?.order.find(({ id }) => id === level)?.title ?? level).join(' or ')
}

export function describeDuty(id: string, duty: Duty, process: Process, titleOf: TitleOf): DutyLine {
  const owner = typeof duty.owner === 'string' ? duty.owner : duty.owner.party
  const serves = duty.serves === 'next' ? ', for the next year' : ''
  return {
    id,
    title: duty.title,
    help: duty.help ?? '',
    party: titleOf(owner),
    when: `${capital(dutyClockInWords(duty.clock, process))}${serves}`,
    whom: `Each ${duty.per}${duty.while ? whileInWords(duty.while, process) : ''}`,
    done: duty.done,
    people: peopleInWords(duty, titleOf),
    cites: duty.cites,
  }
}

/** "with Support level: Enhanced or above". */
export function whileInWords(condition: DutyWhile, process: Process): string {
  const standing = process.standings?.[condition.standing ?? '']
  const flow = process.flows?.[condition.flow ?? '']
  const atLeast = condition['at-least']
  const variant = standing?.variants?.[condition.variant ?? '']
  return [
    atLeast ? ` with ${standing?.title ?? ''}: ${levelTitles(standing, [atLeast])} or above` : '',
    condition.is ? ` with ${standing?.title ?? ''}: ${levelTitles(standing, condition.is)}` : '',
    variant ? `, ${variant.title}` : '',
    flow ? ` of: ${flow.title}` : '',
  ].join('')
}

function dutyClockInWords(clock: Duty['clock'], process: Process): string {
  const parts = [
    clock.agreed ?? '',
    clock.every ? everyInWords(clock.every) : '',
    clock.window ? windowInWords(clock.window) : '',
    clock.by ? `by ${dayInWords(clock.by)}` : '',
    clock.before ? `${clock.before} before: ${process.duties?.[clock.of ?? '']?.title ?? ''}` : '',
    clock.within ? `within ${clock.within}` : '',
    clock.target ? `hoped for by ${dayInWords(clock.target)}` : '',
  ]
  return parts.filter(Boolean).join(', ')
}

function everyInWords(every: string): string {
  const [count, per, unit] = every.split(' ')
  return per === 'per' ? `${count === '1' ? 'once' : `${count} times`} a ${unit}` : `every ${every}`
}

/** Two days of the year, or a term. */
function windowInWords(window: string): string {
  const [from, to] = window.split('..')
  return from && to ? `between ${dayInWords(from)} and ${dayInWords(to)}` : `in ${window}`
}

/** "09-30" as "30 September"; other words as they are. */
function dayInWords(day: string): string {
  return /^\d\d-\d\d$/.test(day) ? longDate(`2000-${day}`).replace(/ \d{4}$/, '') : day.replace(/^end of/, 'the end of')
}

/** How long a step may take, in a few words. */
export function clockInWords(clock: StepClock | undefined): string {
  if (!clock) return 'no limit'
  const target = clock.target ? `, hoped for by ${dayInWords(clock.target)}` : ''
  if (clock.within) return `within ${clock.within}${target}`
  if (clock.window) return windowInWords(clock.window)
  if (clock.before) return `${clock.before} before`
  if (clock.every) return `every ${clock.every}${clock.by ? `, by ${dayInWords(clock.by)}` : ''}`
  return clock.by ? `by ${dayInWords(clock.by)}${target}` : 'no limit'
}

/** "An inspection gives grade 3. Judged anew: Support level. Opens: Deciding the level. Told: Adviser." */
export function describeTrigger(trigger: Trigger, process: Process, titleOf: TitleOf): string {
  const { judge, set, flow, duty } = trigger.opens
  const standing = process.standings?.[set?.standing ?? '']
  const becomes = set?.level ? levelTitles(standing, [set.level]) : standing?.variants?.[set?.variant ?? '']?.title
  return [
    trigger.title,
    judge ? `Judged anew: ${process.standings?.[judge]?.title ?? judge}` : '',
    becomes ? `${standing?.title ?? ''} becomes: ${becomes}` : '',
    flow ? `Opens: ${process.flows?.[flow]?.title ?? flow}` : '',
    duty ? `Falls due: ${process.duties?.[duty]?.title ?? duty}` : '',
    trigger.tell ? `Told: ${trigger.tell.map(titleOf).join(', ')}` : '',
  ]
    .filter(Boolean)
    .map((sentence) => `${sentence}.`)
    .join(' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
