import type { Refusal } from '../platform/decision.ts'
import type { LeaderFields } from './leader.ts'
import { type LeaderVocabulary, PHASES, SCHOOL_TYPES, STATES, type Word } from './vocabulary.ts'

type Choice = { readonly value: string; readonly text: string; readonly checked?: boolean; readonly selected?: boolean }

/** Refusals in the words and order of the form: for the summary above it and for the field itself. */
export function presentRefusals(refusals: readonly Refusal[]) {
  const first = new Map<string, { text: string }>()
  for (const { field, message } of refusals) if (field && !first.has(field)) first.set(field, { text: message })
  return {
    errors: refusals.map(({ field, message }) => (field ? { text: message, href: `#${field}` } : { text: message })),
    wrong: Object.fromEntries(first),
  }
}

/** The form's fields from the top to the bottom; the summary lists faults in this order. */
const ORDER = ['reference', 'name', 'email', 'type', 'alsoTypes', 'organisation', 'base', 'region', 'worksOutOfRegion']

function place({ field = '' }: Refusal): number {
  const at = ORDER.indexOf(field)
  return at < 0 ? ORDER.length : at
}

/** A leader's form with what was typed, and every fault at its field. */
export function presentLeaderForm(
  fields: LeaderFields,
  { vocabulary, regions }: { vocabulary: LeaderVocabulary; regions: readonly string[] },
  refusals: readonly Refusal[] = [],
) {
  const tick = (words: readonly Word[], chosen: readonly string[]): Choice[] =>
    words.map(({ id, title }) => ({ value: id, text: title, checked: chosen.includes(id) }))
  return {
    ...presentRefusals(refusals.toSorted((a, b) => place(a) - place(b))),
    fields,
    choices: {
      types: tick(vocabulary.leaderTypes, [fields.type]),
      alsoTypes: tick(vocabulary.leaderTypes, fields.alsoTypes),
      regions: [
        { value: '', text: 'Choose a region' },
        ...regions.map((region) => ({ value: region, text: region, selected: region === fields.region })),
      ],
      phases: tick(PHASES, fields.phases),
      schoolTypes: tick(SCHOOL_TYPES, fields.schoolTypes),
      expertise: tick(vocabulary.focusAreas, fields.expertise),
      states: tick(STATES, [fields.state]),
      outOfRegion: [
        { value: 'yes', text: 'Yes', checked: fields.worksOutOfRegion === 'yes' },
        { value: 'no', text: 'No', checked: fields.worksOutOfRegion === 'no' },
      ],
    },
    terms: vocabulary.terms.map((term) => ({
      name: `days-${term.id}`,
      title: term.title,
      value: fields.days[term.id] ?? '',
    })),
  }
}
