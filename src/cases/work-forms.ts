import type { Field, Fields } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'
import { valuesOf } from './checklist.ts'
import { readChecks } from './checklist-store.ts'
import { coreFields } from './log-fields.ts'
import { openLog } from './log-run.ts'
import { parentOf } from './present-fields.ts'
import { NOTE_FORM } from './programme-notes.ts'
import { fundingOf, offeredEntries } from './signposts.ts'
import { listColleagues } from './team-store.ts'
import { readVisitNotes } from './visit-notes.ts'
import type { WorkDesk } from './work-desk.ts'
import type { Part } from './work-frame.ts'

/** A form page: what it asks, where it leads, which change of the work it makes. `:id` and `:list` are of the address. */
export type WorkForm = {
  readonly path: string
  /** The change below the case that the form makes. */
  readonly change: string
  readonly part: Part
  readonly title: string
  readonly help?: string
  readonly button: string
  readonly back: (params: Readonly<Record<string, string>>) => string
  readonly fields: (
    desk: WorkDesk,
    params: Readonly<Record<string, string>>,
  ) => Promise<{
    fields: Fields
    typed?: Answers
    /** Names of fields that stand folded away, because most people need none of them. */
    more?: readonly string[]
    title?: string
    help?: string
  }>
}

const LONG_NOTE = 4000
/** What logging a day asks at first sight: enough for a car park. Fields that a condition asks for stay with what asks. */
const FIRST: readonly string[] = ['date', 'days', 'step', 'performer', 'kind', 'mode', 'mode-reason', 'what']
const note = (title: string, more: Partial<Field> = {}): Field => ({ title, type: 'note', ...more })
const text = (title: string, more: Partial<Field> = {}): Field => ({ title, type: 'text', ...more })
const day = (title: string, more: Partial<Field> = {}): Field => ({ title, type: 'date', required: true, ...more })
const reason = { reason: note('Reason', { required: true }) }
const toPart = (part: string) => () => part
const toItem = ({ id = '' }: Readonly<Record<string, string>>) => `/log/${id}`
const only = (fields: Fields) => async () => ({ fields })

function areaField({ record }: WorkDesk): Field {
  const areas = record.pack['focus-areas']?.areas ?? []
  return {
    title: 'Focus area',
    type: 'choice',
    required: true,
    options: areas.map(({ id, name }) => ({ id, title: name })),
  }
}

/** Every form of the work of a case. */
export const FORMS: readonly WorkForm[] = [
  {
    path: '/log/new',
    change: '/log',
    part: '/log',
    title: 'Log a day',
    button: 'Save the day',
    back: toPart('/log'),
    fields: async (desk) => {
      const { log, team, allowance } = await openLog(desk)
      const hasExtra = allowance.extensions.length > 0
      const { date, days, step, area, performer, external, extension, state } = coreFields(desk, log, team)
      const isLeader = desk.isOf(desk.work.log['answers-for'])
      const hasTeam = isLeader && team.some((one) => one.endedOn === null)
      const own = log.fields ?? {}
      const asked = {
        date: date as Field, // the core fields are always there
        days: days as Field, // the pack's schema holds both to this shape
        step: step as Field, // the pack's schema holds both to this shape
        ...(isLeader && state && { state: { ...state, hint: 'Leave empty for a day that was done' } }),
        ...(hasTeam &&
          performer && { performer: { ...performer, hint: 'Leave empty for a day that you did in person' } }),
        ...(area && { area }),
        ...Object.fromEntries(
          Object.entries(own).map(([name, field]) => [
            name,
            { ...field, required: field.when && !parentOf(own, field.when) ? false : (field.required ?? false) },
          ]),
        ),
        ...(isLeader &&
          extension && {
            extension: {
              ...extension,
              hint: 'Leave empty: once the agreed days are used, a day counts as one of the extra days that are approved',
            },
          }),
        ...(isLeader &&
          external && {
            external: { ...external, hint: 'Only help on an instruction of the delivery partner; it is never claimed' },
          }),
      }
      return {
        fields: asked,
        typed: { date: desk.today, days: '1' },
        more: Object.keys(asked).filter((name) => !FIRST.includes(name) && !(hasExtra && name === 'extension')),
      }
    },
  },
  {
    path: '/log/:id/return',
    change: '/log/:id/return',
    part: '/log',
    title: 'Give a day back',
    help: 'It is planned again and does not count. The leader is told, whoever did the work.',
    button: 'Give it back',
    back: toItem,
    fields: only(reason),
  },
  {
    path: '/log/:id/notes',
    change: '/log/:id/notes',
    part: '/log',
    title: 'Note on a day',
    button: 'Save the note',
    back: toItem,
    fields: async (desk) => ({
      fields: { date: day('Date', { past: true }), note: note('What you saw', { required: true }) },
      typed: { date: desk.today },
    }),
  },
  {
    path: '/log/:id/engagement',
    change: '/log/:id/engagement',
    part: '/log',
    title: 'How the school took part',
    help: 'The school does not see this.',
    button: 'Save',
    back: toItem,
    fields: async ({ work }) => ({
      fields: {
        engagement: {
          title: 'Engagement',
          type: 'choice',
          required: true,
          options: work.log.engagement.options.map(({ id, title }) => ({ id, title })),
        },
        note: note('Note'),
      },
    }),
  },
  {
    path: '/log/:id/late',
    change: '/log/:id/late',
    part: '/log',
    title: 'Answer to a day past its time',
    help: 'Give a new last day, or refuse with a reason. Until then this day is not paid; no other day is held up.',
    button: 'Save the answer',
    back: toItem,
    fields: only({ until: day('New last day', { required: false }), reason: note('Reason to refuse') }),
  },
  {
    path: '/team/new',
    change: '/team',
    part: '/team',
    title: 'Add to the team',
    help: 'People of your own trust or school who help with what lies beyond you. You answer for what they do.',
    button: 'Add to the team',
    back: toPart('/team'),
    fields: async ({ db, leader, today, work }) => {
      const colleagues = leader ? await listColleagues(db, leader.id, today) : []
      const options = colleagues.map(({ email, name }) => ({ id: email, title: name }))
      return {
        fields: {
          person:
            options.length > 0
              ? { title: 'Person', type: 'choice', required: true, options }
              : text('E-mail address', { required: true }),
          specialism: {
            title: 'Specialism',
            type: 'choice',
            required: true,
            options: work.team.specialisms.map(({ id, title }) => ({ id, title })),
          },
          about: text('Which, where it is another field'),
        },
      }
    },
  },
  {
    path: '/strategies/new',
    change: '/strategies',
    part: '/plan',
    title: 'Add an improvement strategy',
    button: 'Add to the plan',
    back: toPart('/plan'),
    fields: async (desk) => ({
      fields: {
        area: areaField(desk),
        action: note('What is to be done', { required: true }),
        owner: text('Who sees to it', { required: true }),
        due: day('By when'),
        expected: text('Expected outcome'),
      },
    }),
  },
  {
    path: '/strategies/:id/drop',
    change: '/strategies/:id/drop',
    part: '/plan',
    title: 'Take a strategy out of the plan',
    button: 'Take it out',
    back: toPart('/plan'),
    fields: only(reason),
  },
  {
    path: '/themes/new',
    change: '/themes',
    part: '/plan',
    title: 'A theme is not needed',
    help: 'Leave the reason empty to open the theme again.',
    button: 'Save',
    back: toPart('/plan'),
    fields: async ({ work }) => ({
      fields: {
        theme: {
          title: 'Theme',
          type: 'choice',
          required: true,
          options: work.themes.of.map(({ id, title }) => ({ id, title })),
        },
        reason: note('Why it is not needed'),
      },
    }),
  },
  {
    path: '/lists/:list',
    change: '/lists/:list',
    part: '/lists',
    title: 'List',
    button: 'Save',
    back: toPart('/lists'),
    fields: listFields,
  },
  {
    path: '/visit-notes/new',
    change: '/visit-notes',
    part: '/visit-notes',
    title: 'Write a note of visit',
    help: 'It is a draft until you send it. The school then says whether it is accurate, and its own words stand beside each judgement.',
    button: 'Save the draft',
    back: toPart('/visit-notes'),
    fields: async (desk) => ({ fields: VISIT_FIELDS, typed: { date: desk.today } }),
  },
  {
    path: '/visit-notes/:id/edit',
    change: '/visit-notes/:id',
    part: '/visit-notes',
    title: 'Change a note of visit',
    button: 'Save the draft',
    back: ({ id = '' }) => `/visit-notes/${id}`,
    fields: async (desk, { id }) => {
      const found = (await readVisitNotes(desk)).find((one) => String(one.id) === id)
      const judgements = found?.judgements.map(({ words }) => words).join('\n') ?? ''
      return {
        fields: VISIT_FIELDS,
        typed: { date: found?.visitedOn ?? '', seen: found?.seen ?? '', agreed: found?.agreed ?? '', judgements },
      }
    },
  },
  {
    path: '/visit-notes/:id/answer',
    change: '/visit-notes/:id/answer',
    part: '/visit-notes',
    title: 'Is this note accurate?',
    help: 'You may reply to each judgement; your words stand beside it and stay there.',
    button: 'Send the answer',
    back: ({ id = '' }) => `/visit-notes/${id}`,
    fields: async (desk, { id }) => {
      const found = (await readVisitNotes(desk)).find((one) => String(one.id) === id)
      const replies = (found?.judgements ?? []).map(
        ({ place, words }) => [`reply-${place}`, note(`Your reply to: ${words}`)] as const,
      )
      return {
        fields: {
          accurate: { title: 'Accurate', type: 'yes-no', required: true },
          comment: note('What is not accurate'),
          ...Object.fromEntries(replies),
        },
      }
    },
  },
  {
    path: '/notes/new',
    change: '/notes',
    part: '/notes',
    title: 'Add a note',
    button: 'Save the note',
    back: toPart('/notes'),
    fields: async (desk) => {
      const mayKeep = desk.work.notes.internal.some((party) => desk.isOf(party))
      const audience: Field = {
        title: 'Who may read it',
        type: 'choice',
        required: true,
        options: [
          { id: 'shared', title: 'Everybody who sees this case, the school and the leader too' },
          { id: 'internal', title: 'Only those who run the programme' },
        ],
      }
      return { fields: { words: note('Note', { required: true }), ...(mayKeep && { audience }) } }
    },
  },
  {
    path: '/signposts/new',
    change: '/signposts',
    part: '/plan',
    title: 'Name further support',
    help: 'A programme of the catalogue that the school was told of.',
    button: 'Save',
    back: toPart('/plan'),
    fields: async (desk) => ({
      fields: {
        programme: {
          title: 'Programme of the catalogue',
          type: 'choice',
          required: true,
          hint: 'Those that are for this school or trust',
          options: await offeredEntries(desk),
        },
        kind: { title: 'What you decide', type: 'choice', required: true, options: KINDS },
        area: areaField(desk),
        date: day('Date', { past: true }),
        told: text('Role of the person who was told', { hint: 'Such as head teacher; no names' }),
        funding: { title: "The school's own share is paid from", type: 'choice', options: fundingOf(desk.record) },
        reason: note('Why it is not relevant', { hint: 'Where you say so' }),
        'key-action': text('Key action'),
        expected: text('Expected outcome'),
      },
      typed: { date: desk.today, kind: 'signposted' },
    }),
  },
  NOTE_FORM,
]

const KINDS = [
  { id: 'signposted', title: 'The school was told of it' },
  { id: 'in-use', title: 'It is in use already' },
  { id: 'not-relevant', title: 'It is not relevant' },
]

const VISIT_FIELDS: Fields = {
  date: day('Date of the visit', { past: true }),
  seen: note('What was seen and done', { required: true, max: LONG_NOTE }),
  judgements: note('Judgements', { hint: 'One a line', max: LONG_NOTE }),
  agreed: note('What was agreed', { max: LONG_NOTE }),
}

/** A list as a form: its items with their states and a note each, then its own questions, with what was answered before. */
async function listFields({ db, record, work }: WorkDesk, { list: id = '' }: Readonly<Record<string, string>>) {
  const list = work.checklists[id]
  if (!list) return { fields: {} }
  const answers = (await readChecks(db, record.id)).get(id) ?? new Map()
  const options = (list.states ?? []).map((one) => ({ id: one.id, title: one.title }))
  const items = (list.items ?? []).flatMap((item): [string, Field][] => [
    [item.id, { title: item.title, type: 'choice', options }],
    [`note-${item.id}`, text(`Note: ${item.title}`)],
  ])
  const questions = Object.entries(list.fields ?? {}).map(
    ([name, field]) => [name, { ...field, required: false }] as const,
  )
  const notes = Object.fromEntries([...answers].map(([item, { note: words }]) => [`note-${item}`, words ?? '']))
  const typed = { ...notes, ...valuesOf(answers) }
  for (const [name, field] of Object.entries(list.fields ?? {}))
    if (field.type === 'choices' && typeof typed[name] === 'string') typed[name] = typed[name].split(', ')
  return {
    title: list.title,
    ...(list.help && { help: list.help }),
    fields: { ...Object.fromEntries(items), ...Object.fromEntries(questions) },
    typed,
  }
}
