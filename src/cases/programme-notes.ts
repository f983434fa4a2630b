import { type Circumstances, standingOf } from '../catalogue/index.ts'
import type { Catalogue } from '../programmes/index.ts'
import { circumstancesOf } from './signposts.ts'
import type { WorkDesk } from './work-desk.ts'
import type { WorkForm } from './work-forms.ts'

type Offered = {
  readonly id: string
  readonly title: string
  readonly answers: readonly { readonly id: string; readonly title: string }[]
}

/** What may be noted or asked for about programmes of the catalogue that are for this school or trust (TSI-176, TSI-205). */
export async function offeredNotes(desk: WorkDesk): Promise<Offered[]> {
  const { catalogue } = desk.record.pack
  const circumstances = catalogue && (await circumstancesOf(desk))
  return catalogue && circumstances ? notesFor(catalogue, circumstances) : []
}

function notesFor(catalogue: Catalogue, circumstances: Circumstances): Offered[] {
  return catalogue.entries
    .filter((entry) => standingOf(catalogue, entry, circumstances).not.length === 0)
    .flatMap(({ id, title, notes = [] }) =>
      notes.map((note) => ({
        id: `${id}/${note.id}`,
        title: `${title}: ${note.title}`,
        answers: (note.answers ?? []).map((one) => ({ id: one.id, title: one.name })),
      })),
    )
}

export const NOTE_FORM: WorkForm = {
  path: '/signposts/note',
  change: '/signposts',
  part: '/plan',
  title: 'Note about a programme',
  help: 'What you talked over or asked for. Nothing here is needed to hand in the form.',
  button: 'Save',
  back: () => '/plan',
  fields: async (desk) => {
    const offered = await offeredNotes(desk)
    if (offered.length === 0) return { fields: {} }
    const answers = [...new Map(offered.flatMap((one) => one.answers).map((one) => [one.id, one])).values()]
    const answered = offered.filter((one) => one.answers.length > 0).map(({ title }) => title)
    return {
      fields: {
        about: {
          title: 'What you note',
          type: 'choice',
          required: true,
          hint: 'Of the programmes that are for this school or trust',
          options: offered.map(({ id, title }) => ({ id, title })),
        },
        ...(answers.length > 0 && {
          answer: { title: 'Answer', type: 'choice', hint: `For: ${answered.join('; ')}`, options: answers } as const,
        }),
        words: { title: 'Note', type: 'note', hint: 'Why, or for which pupils; no names' },
        date: { title: 'Date', type: 'date', required: true, past: true },
      },
      typed: { date: desk.today },
    }
  },
}
