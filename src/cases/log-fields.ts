import type { Field, Fields, Log, Work } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'
import type { Member } from './team-store.ts'
import type { WorkDesk } from './work-desk.ts'

export const LONGEST_DAYS = 10

/** What every item of a log is asked, with the choices of this case; the pack's own fields come after. */
export function coreFields({ record, work }: WorkDesk, log: Log, team: readonly Member[]): Fields {
  const areas = record.pack['focus-areas']?.areas ?? []
  return {
    date: { title: 'Date', type: 'date', required: true },
    days: { title: 'Days', type: 'days', required: true, min: 0.5, max: LONGEST_DAYS },
    step: {
      title: 'Step',
      type: 'choice',
      required: true,
      options: work.model.steps.map(({ id, number, title }) => ({ id, title: `${number}. ${title}` })),
    },
    area: choiceOf(
      'Focus area',
      areas.map(({ id, name }) => ({ id, title: name })),
    ),
    performer: choiceOf(
      'Who did it',
      team.filter((one) => one.endedOn === null).map(({ id, name }) => ({ id: String(id), title: name })),
    ),
    external: { title: 'Help from outside, by whom', type: 'text', max: 200 },
    extension: { title: 'Extra day', type: 'yes-no' },
    state: { title: 'State', type: 'choice', options: log.states.map((id) => ({ id, title: id })) },
  }
}

/** A team may be empty; a choice without options offers nothing. */
function choiceOf(title: string, options: { id: string; title: string }[]): Field {
  return options.length > 0 ? { title, type: 'choice', options } : { title, type: 'text' }
}

export const CORE = ['date', 'days', 'step', 'area', 'performer', 'external', 'extension', 'state'] as const

/** What conditions see of an item: its answers, and the phase of its step. */
export function enteredOf({ work }: { readonly work: Work }, answers: Answers): Answers {
  const phase = work.model.steps.find(({ id }) => id === answers['step'])?.phase ?? ''
  return { ...answers, phase }
}
