import { isSeq } from 'yaml'
import { mapAt } from './check-pack.ts'
import { faultAt, keyText, offsetOf, type PackFault, type PackSource, type PathStep } from './pack-source.ts'

/**
 * What the shape alone cannot ask of a process.yaml: who comes to a meeting, which paper is signed, when a duty falls due, what a
 * trigger is of and what it opens. Each fault stands at the title of what is incomplete.
 */
export function incompleteFaults(source: PackSource): PackFault[] {
  const keys = (path: readonly PathStep[]) => mapAt(source, path)?.items.map(keyText) ?? []
  const below = (path: readonly PathStep[]) => keys(path).map((key) => [...path, key])
  const parts: Readonly<Record<Part, readonly PathStep[][]>> = {
    step: below(['flows']).flatMap((flow) => below([...flow, 'steps'])),
    duty: below(['duties']),
    trigger: below(['triggers']),
    action: below(['flows']).flatMap((flow) => [...below([...flow, 'anytime']), ...below([...flow, 'logs'])]),
  }
  return RULES.flatMap(({ of, lacks, words }) =>
    of
      .flatMap((part) => parts[part])
      .filter((at) => lacks(placeOf(source, at)))
      .map((at) => faultAt(source, offsetOf(source, [...at, 'title']), 'pack.missing', at.join('.'), words)),
  )
}

type Part = 'step' | 'duty' | 'trigger' | 'action'
type Place = {
  readonly path: readonly PathStep[]
  has(...keys: string[]): boolean
  get(...keys: string[]): unknown
  /** How the whole file has it, for what leads elsewhere. */
  readonly whole: PackSource
}
type Rule = { readonly of: readonly Part[]; readonly words: string; lacks(place: Place): boolean }

function placeOf(source: PackSource, at: readonly PathStep[]): Place {
  return {
    path: at,
    has: (...keys) => source.document.hasIn([...at, ...keys]),
    get: (...keys) => source.document.getIn([...at, ...keys]),
    whole: source,
  }
}

const DUE_BY = ['every', 'by', 'window', 'within', 'before', 'agreed']

const RULES: readonly Rule[] = [
  {
    of: ['duty'],
    words: 'is a meeting without attend: say who must come',
    lacks: ({ get, has }) => get('kind') === 'meet' && !has('attend'),
  },
  {
    of: ['duty'],
    words: 'is a form without document: say what is filled in',
    lacks: ({ get, has }) => get('kind') === 'form' && !(has('document') || has('form')),
  },
  {
    of: ['step', 'duty'],
    words: 'is a signature without document: say what is signed',
    lacks: ({ get, has }) => get('kind') === 'sign' && !(has('document') || has('form') || has('do')),
  },
  {
    of: ['duty'],
    words: 'has a clock that never falls due',
    lacks: ({ has }) => has('clock') && !DUE_BY.some((key) => has('clock', key)),
  },
  {
    of: ['duty'],
    words: 'falls due before something that it does not name: say of which duty',
    lacks: ({ has }) => has('clock', 'before') && !has('clock', 'of'),
  },
  {
    of: ['duty'],
    words: 'is for each case and does not say of which flow',
    lacks: ({ get, has }) => get('per') === 'case' && !has('while', 'flow'),
  },
  {
    of: ['duty'],
    words: 'has a while that names neither a level nor a flow',
    lacks: ({ has }) => has('while') && !['at-least', 'is', 'variant', 'flow'].some((key) => has('while', key)),
  },
  {
    of: ['trigger'],
    words: 'opens nothing',
    lacks: ({ has }) =>
      !['judge', 'flow', 'duty'].some((key) => has('opens', key)) &&
      !(has('opens', 'set', 'level') || has('opens', 'set', 'variant')),
  },
  {
    of: ['trigger'],
    words: 'waits for a log to reach something and does not name the log',
    lacks: ({ get, has }) => get('event') === 'ledger-reaches' && !has('log'),
  },
  {
    of: ['trigger'],
    words: 'waits for a standing to change and does not name the standing',
    lacks: ({ get, has }) => get('event') === 'standing-change' && !has('standing'),
  },
  {
    of: ['trigger'],
    words: 'waits for a row of the table to change and does not name the row',
    lacks: ({ get, has }) => get('event') === 'eligibility-change' && !has('row'),
  },
  {
    of: ['trigger'],
    words: 'sets a level below the highest, while only a decision may let this standing go down',
    lacks: lowersAlone,
  },
  { of: ['action'], words: 'runs backwards: its first stage comes after its last', lacks: runsBackwards },
]

function lowersAlone({ get, whole: { document } }: Place): boolean {
  const [standing, level] = [get('opens', 'set', 'standing'), get('opens', 'set', 'level')]
  if (level === undefined || document.getIn(['standings', standing, 'never-down-alone']) !== true) return false
  const order: unknown = document.getIn(['standings', standing, 'order'], true)
  const highest = isSeq(order) ? order.items.length - 1 : -1
  return highest >= 0 && document.getIn(['standings', standing, 'order', highest, 'id']) !== level
}

function runsBackwards({ path, get, whole: { document } }: Place): boolean {
  const list: unknown = document.getIn(['flows', path[1], 'stages'], true)
  const stages = isSeq(list) ? list.items.map((_, at) => document.getIn(['flows', path[1], 'stages', at, 'id'])) : []
  const [from, to] = String(get('during') ?? '').split('..')
  return stages.includes(from) && stages.includes(to) && stages.indexOf(from) > stages.indexOf(to)
}
