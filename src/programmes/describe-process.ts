import { paperInWords, peopleInWords, type TitleOf } from './describe-people.ts'
import {
  clockInWords,
  type DutyLine,
  describeDuty,
  describeStanding,
  describeTrigger,
  type StandingDescription,
  whileInWords,
} from './describe-standing.ts'
import type { Pack } from './pack-schema.ts'
import { drawProcess, type ProcessPicture } from './process-picture.ts'
import { type Anytime, CLOSE, type Flow, type Reminders, type Step } from './process-schema.ts'

/** How a programme goes, in finished words: flows with their steps, what may happen in between, standings and duties. */
export type ProcessDescription = {
  readonly parties: readonly CitedLine[]
  readonly flows: readonly FlowDescription[]
  readonly standings: readonly StandingDescription[]
  readonly triggers: readonly CitedLine[]
  readonly duties: readonly DutyLine[]
  readonly papers: readonly CitedLine[]
  readonly reminders: readonly CitedLine[]
}

type CitedLine = { readonly id: string; readonly text: string; readonly cites: readonly string[] }

export type FlowDescription = {
  readonly id: string
  readonly title: string
  readonly help: string
  readonly steps: readonly StepLine[]
  readonly anytime: readonly CitedLine[]
  /** Lists of dated items that are kept while the case is open, and cases that may begin beside it. */
  readonly kept: readonly CitedLine[]
  readonly papers: readonly CitedLine[]
  readonly picture: ProcessPicture
}

/** One line of the table beside the picture; `number` is what stands in its box. */
export type StepLine = {
  readonly id: string
  readonly number: number
  readonly stage: string
  readonly title: string
  readonly party: string
  readonly clock: string
  readonly leadsTo: string
  readonly rules: readonly string[]
  readonly cites: readonly string[]
}

export function describeProcess(pack: Pack): ProcessDescription | undefined {
  const process = pack.process
  if (!process) return undefined
  const titleOf = (party: string) => process.parties[party]?.title ?? party
  return {
    parties: Object.entries(process.parties).map(([id, party]) => ({
      id,
      text: partyInWords(party.title, party.roles, pack),
      cites: party.cites,
    })),
    flows: Object.entries(process.flows ?? {}).map(([id, flow]) => describeFlow(id, flow, pack, titleOf)),
    standings: Object.entries(process.standings ?? {}).map(([id, one]) => describeStanding(id, one, pack, titleOf)),
    triggers: Object.entries(process.triggers ?? {}).map(([id, trigger]) => ({
      id,
      text: describeTrigger(trigger, process, titleOf),
      cites: trigger.cites,
    })),
    duties: Object.entries(process.duties ?? {}).map(([id, duty]) => describeDuty(id, duty, process, titleOf)),
    papers: describePapers(process.documents, titleOf),
    reminders: describeReminders(process.reminders, titleOf),
  }
}

function describeFlow(id: string, flow: Flow, pack: Pack, titleOf: TitleOf): FlowDescription {
  const ids = Object.keys(flow.steps)
  const numberOf = (step: string) => ids.indexOf(step) + 1
  return {
    id,
    title: flow.title,
    help: flow.help ?? '',
    steps: Object.entries(flow.steps).map(([step, one]) => ({
      id: step,
      number: numberOf(step),
      stage: one.stage ? stageInWords(one.stage, flow) : '',
      title: one.title,
      party: titleOf(partyOf(one.owner)),
      clock: clockInWords(one.clock),
      leadsTo: leadsTo(one, flow, numberOf),
      rules: [
        ...waitsFor(one, flow, numberOf),
        ...peopleInWords(one, titleOf),
        ...(one.reads ? [`What is entered is read by: ${one.reads.map(titleOf).join(', ')}`] : []),
        ...alsoSigns(one, pack, titleOf),
        ...rulesOf(one),
      ],
      cites: one.cites,
    })),
    anytime: [
      ...Object.entries(flow.anytime ?? {}).map(([action, one]) => ({
        id: action,
        text: describeAnytime(one, flow, titleOf),
        cites: one.cites,
      })),
      ...describeSubjectChanges(flow, titleOf),
    ],
    kept: [
      ...Object.entries(flow.logs ?? {}).map(([log, one]) => ({
        id: log,
        text: `${one.title}: each item is ${one.states.join(', then ').replaceAll('-', ' ')}.`,
        cites: one.cites,
      })),
      ...Object.entries(flow.children ?? {}).map(([child, one]) => ({
        id: child,
        text: describeChild(one, pack, titleOf),
        cites: one.cites,
      })),
    ],
    papers: describePapers(flow.documents, titleOf),
    picture: drawProcess(flow, titleOf),
  }
}

type Child = NonNullable<Flow['children']>[string]

/** What stands beside a case; of the claim of a leader who left, what of the form it needs, what not, and who signs. */
function describeChild(child: Child, { forms }: Pick<Pack, 'forms'>, titleOf: TitleOf): string {
  const outlives = child.outlives ? '; it stays open when this one closes' : ''
  const stands = child.standing ? `, ${child.standing} from its first day on` : ''
  const begin = `${child.title}: a case of its own beside this one${stands}${outlives}.`
  if (!child['claim-of']) return begin
  const form = Object.values(forms ?? {}).find(({ partial }) => partial?.flow === child.flow)
  const { sections = [], signatures = [] } = form?.partial ?? {}
  const inWords = (of: readonly { number: number; title: string }[]) =>
    of.map(({ number, title }) => `${number} (${title})`).join(', ')
  const isIn = ({ id }: { id: string }) => sections.includes(id)
  const needed = form?.sections.filter(isIn) ?? []
  const left = form?.sections.filter((one) => !isIn(one)) ?? []
  const signers = signatures.map(({ by }) => titleOf(by)).join(', then ')
  return [
    begin,
    'It begins when a leader who has done days leaves, and counts the days that this leader validated and no others.',
    ...(form ? [`Of ${form.title} it needs sections ${inWords(needed)}; signed by: ${signers}.`] : []),
    ...(left.length > 0 ? [`Not needed: sections ${inWords(left)}.`] : []),
  ].join(' ')
}

function describePapers(papers: Flow['documents'], titleOf: TitleOf): CitedLine[] {
  return Object.entries(papers ?? {}).map(([id, paper]) => ({
    id,
    text: paperInWords(paper, titleOf),
    cites: paper.cites,
  }))
}

/** "L1 Judging". */
function stageInWords(stage: string, flow: Flow): string {
  return [stage, flow.stages.find(({ id }) => id === stage)?.title].filter(Boolean).join(' ')
}

function waitsFor({ needs = [] }: Step, flow: Flow, numberOf: (step: string) => number): string[] {
  const waited = needs.map((step) => `${numberOf(step)} ${flow.steps[step]?.title ?? step}`)
  return waited.length > 0 ? [`Waits for: ${waited.join(', ')}`] : []
}

/** "With Support level: Intensive A or above also agreed by: Chair of Governors". */
function alsoSigns({ 'by-also': more }: Step, { process }: Pack, titleOf: TitleOf): string[] {
  if (!more || !process) return []
  const at = whileInWords(more.while, process).trim()
  return [`${at.charAt(0).toUpperCase()}${at.slice(1)} also agreed by each of: ${more.by.map(titleOf).join(', ')}`]
}

/** "Visitor: Adviser, Partner."; the title alone where it is that of its one role. */
function partyInWords(title: string, roles: readonly string[], pack: Pack): string {
  const held = roles.map((role) => pack.roles[role]?.title ?? role).join(', ')
  return held === title ? `${title}.` : `${title}: ${held}.`
}

function partyOf(owner: Step['owner']): string {
  return typeof owner === 'string' ? owner : owner.party
}

function leadsTo(step: Step, flow: Flow, numberOf: (step: string) => number): string {
  const words = (targets: readonly string[]) =>
    targets
      .map((target) => (target === CLOSE ? 'the end' : `${numberOf(target)} ${flow.steps[target]?.title ?? target}`))
      .join(' and ')
  const plain = step.next ? [words(step.next)] : []
  const byOutcome = Object.values(step.outcomes ?? {}).flatMap((one) => {
    const targets = [...(one.next ?? []), ...(one.back ? [one.back] : [])]
    return targets.length > 0 ? [`${one.title}: ${one.back ? 'back to ' : ''}${words(targets)}`] : []
  })
  return [...plain, ...byOutcome].join('; ')
}

/** What a step refuses, asks a reason for or warns of; the `{…}` of the pack's words are left out. */
function rulesOf(step: Pick<Step, 'checks' | 'outcomes'>): string[] {
  const verbs = { refuse: 'Refused', reason: 'Needs a reason', warn: 'Warned of' } as const
  const plain = (words: string) => words.replaceAll(/\{[^}]*\}/g, '…')
  return [
    ...(step.checks ?? []).map((check) => `${verbs[check.level]}: ${plain(check.say)}`),
    ...Object.values(step.outcomes ?? {}).flatMap((one) => (one.reason ? [`Needs a reason: ${one.title}`] : [])),
  ]
}

function describeAnytime({ title, owner, during, tell }: Anytime, flow: Flow, titleOf: TitleOf): string {
  const [from = '', to = ''] = during.split('..').map((stage) => stageInWords(stage, flow))
  const told = tell ? ` Told: ${tell.map(titleOf).join(', ')}.` : ''
  return `${title}: by ${titleOf(owner)}, ${from === to ? `in ${from}` : `from ${from} to ${to}`}.${told}`
}

/** "Whoever a late step waits for is reminded by letter 1 working day after its last day, once." */
function describeReminders(reminders: Reminders | undefined, titleOf: TitleOf): CitedLine[] {
  if (!reminders) return []
  const { after, times, by, tell, cites } = reminders
  const often = times === 1 ? 'once' : `${times} times at most, as long after each other`
  const list = (parties: readonly string[]) => parties.map(titleOf).join(', ')
  const ofItself = `Whoever a late step waits for is reminded by letter ${after} after its last day, ${often}.`
  return [
    {
      id: 'reminders',
      text: `${times > 0 ? `${ofItself} ` : ''}By hand, at most once a day for a step: ${list(by)}. Told when nobody could be reached: ${list(tell)}.`,
      cites,
    },
  ]
}

/** "How the case goes on when the school closes, converts …: by the Regions Group, within 10 days." */
function describeSubjectChanges({ 'subject-changes': changes }: Flow, titleOf: TitleOf) {
  if (!changes) return []
  const within = changes.within ? `, within ${changes.within}` : ''
  const text = `How the case goes on when the register shows that the school closes, converts, merges or moves: by ${titleOf(changes.by)}${within}.`
  return [{ id: 'subject-changes', text, cites: changes.cites }]
}
