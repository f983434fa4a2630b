import type { RouteRequest } from '../platform/web/route.ts'
import { readCaseNotes, sharedContext } from './case-notes.ts'
import { readTeam } from './team-store.ts'
import { mayChange, readVisitNotes, type VisitNote } from './visit-notes.ts'
import type { WorkDesk } from './work-desk.ts'
import { cell, day, type Table, type View, type ViewOf, workHref } from './work-frame.ts'
import { itemView, logView } from './work-views-log.ts'
import { listsView, planView } from './work-views-plan.ts'

/** Pages that show the work, by address below the case. */
export const VIEWS: Readonly<Record<string, ViewOf>> = {
  '/log': logView,
  '/log/:id': itemView,
  '/plan': planView,
  '/lists': listsView,
  '/visit-notes': visitsView,
  '/visit-notes/:id': visitView,
  '/notes': notesView,
  '/team': teamView,
}

async function visitsView(desk: WorkDesk): Promise<View> {
  const notes = await readVisitNotes(desk)
  const href = (part: string) => workHref(desk.record.reference, part)
  return {
    title: 'Notes of visit',
    part: '/visit-notes',
    buttons: desk.isOf(desk.work.visits['written-by'])
      ? [{ text: 'Write a note of visit', href: href('/visit-notes/new') }]
      : [],
    tables: [
      {
        caption: 'Notes of visit',
        heads: ['Visit', 'State', 'Judgements', 'Written by'],
        empty: 'No note yet. One appears here when the leader sends it.',
        rows: notes.map((note) => [
          cell(day(note.visitedOn), { href: href(`/visit-notes/${note.id}`) }),
          cell(visitState(note)),
          cell(String(note.judgements.length)),
          cell(note.writtenBy),
        ]),
      },
    ],
  }
}

const VISIT_STATES: Readonly<Record<VisitNote['state'], string>> = {
  draft: 'Draft, yours alone',
  sent: 'Waiting for the school',
  answered: 'Answered by the school',
  final: 'Final',
}

/** How a note of visit stands, in words. */
export function visitState({ state, accurate, earlier }: VisitNote): string {
  if (state === 'draft' && earlier.length > 0) return 'Draft, to correct what the school called not accurate'
  return accurate === false ? `${VISIT_STATES[state]}: not accurate` : VISIT_STATES[state]
}

/** What happens now with a note, for whoever reads it. */
function nextWords({ state, accurate, earlier }: VisitNote): string {
  if (state === 'draft' && earlier.length > 0)
    return 'You send it to the school again when it is corrected, and the school is asked again whether it is accurate.'
  if (state === 'draft')
    return 'You send it to the school when it is complete; after that it is changed only where the school calls it not accurate.'
  if (state === 'sent') return 'The school says whether it is accurate. Its own words stand beside each judgement.'
  if (state === 'final') return ''
  if (accurate) return 'The leader was told of the answer and makes the note final.'
  return 'The leader was told of the answer, and corrects the note and sends it again, or makes it final as it is. What the school says stays beside it.'
}

async function visitView(desk: WorkDesk, { params }: RouteRequest): Promise<View | undefined> {
  const note = (await readVisitNotes(desk)).find(({ id }) => String(id) === params['id'])
  if (!note) return undefined
  const href = (part: string) => workHref(desk.record.reference, `/visit-notes/${note.id}${part}`)
  const isWriter = desk.isOf(desk.work.visits['written-by'])
  const mayAnswer = desk.isOf(desk.work.visits['answered-by'])
  const words = note.accurate === null ? '' : note.accurate ? 'accurate' : `not accurate: ${note.comment}`
  return {
    title: `Visit of ${day(note.visitedOn)}`,
    part: '/visit-notes',
    buttons: [
      ...(isWriter && note.state === 'draft'
        ? [
            { text: 'Send to the school', href: href('/send'), post: true },
            { text: 'Change the draft', href: href('/edit'), secondary: true },
          ]
        : isWriter && mayChange(note)
          ? [{ text: 'Correct it', href: href('/edit') }]
          : []),
      ...(mayAnswer && note.state === 'sent' ? [{ text: 'Say whether it is accurate', href: href('/answer') }] : []),
      ...(isWriter && note.state === 'answered'
        ? [{ text: 'Make it final', href: href('/final'), post: true, secondary: !note.accurate }]
        : []),
      { text: 'This note as a file (PDF)', href: href('.pdf'), secondary: true },
    ],
    facts: [
      { title: 'State', value: visitState(note) },
      { title: 'What comes next', value: nextWords(note) },
      { title: 'Written by', value: note.writtenBy },
      { title: 'Seen and done', value: note.seen },
      { title: 'Agreed', value: note.agreed ?? '' },
      {
        title: 'The school says',
        value: words,
        source: note.answeredBy ? `${note.answeredBy}, ${day(note.answeredOn)}` : '',
      },
    ].filter(({ value }) => value !== ''),
    tables: [
      {
        caption: 'Judgements and the school’s reply',
        heads: ['Judgement', 'Reply of the school', 'By'],
        empty: 'This note holds no judgement.',
        rows: note.judgements.map(({ words: judged, reply, repliedBy }) => [
          cell(judged),
          cell(reply ?? 'none'),
          cell(repliedBy),
        ]),
      },
      ...earlierTable(note),
    ],
  }
}

/** What was corrected, with what the school said of it. */
function earlierTable({ earlier }: VisitNote): Table[] {
  if (earlier.length === 0) return []
  return [
    {
      caption: 'Before it was corrected',
      heads: ['Answered', 'Not accurate', 'What was written then', 'Judgements then, with replies'],
      empty: '',
      rows: earlier.map(({ answeredOn, answeredBy, comment, seen, agreed, judgements }) => [
        cell([day(answeredOn), answeredBy].filter(Boolean).join(', ')),
        cell(comment),
        cell([seen, agreed && `Agreed: ${agreed}`].filter(Boolean).join(' · ')),
        cell(judgements.map(({ words, reply }) => (reply ? `${words} (the school: ${reply})` : words)).join(' · ')),
      ]),
    },
  ]
}

async function notesView(desk: WorkDesk): Promise<View> {
  const notes = await readCaseNotes(desk)
  const context = sharedContext(desk)
  const mayWrite = desk.work.notes.by.some((party) => desk.isOf(party))
  const href = (part: string) => workHref(desk.record.reference, part)
  return {
    title: 'Notes',
    part: '/notes',
    buttons: [
      ...(mayWrite ? [{ text: 'Add a note', href: href('/notes/new') }] : []),
      { text: 'Strengths and needs', href: href('/lists'), secondary: true },
    ],
    tables: [
      {
        caption: 'Notes',
        heads: ['Note', 'Who may read it', 'Date', 'By'],
        empty: 'No note yet.',
        rows: notes.map(({ words, audience, on, by }) => [
          cell(words),
          cell(audience === 'internal' ? 'Those who run the programme' : 'Everybody in this case'),
          cell(day(on)),
          cell(by),
        ]),
      },
      {
        caption: 'Said in the course of the case, for everybody',
        heads: ['What', 'Words', 'Date', 'By'],
        empty: 'Nothing yet.',
        rows: context.map(({ title, words, on, by }) => [cell(title), cell(words), cell(day(on)), cell(by)]),
      },
    ],
  }
}

async function teamView(desk: WorkDesk): Promise<View> {
  const team = await readTeam(desk.db, desk.record.id)
  const isLeader = desk.isOf(desk.work.team.by)
  const href = (part: string) => workHref(desk.record.reference, part)
  const titleOf = (id: string) => desk.work.team.specialisms.find((one) => one.id === id)?.title ?? id
  return {
    title: 'Team',
    part: '/team',
    intro: `${desk.leader?.name ?? 'The leader'} answers for everything that the team does.`,
    buttons: isLeader ? [{ text: 'Add to the team', href: href('/team/new') }] : [],
    tables: [
      {
        caption: 'Members',
        heads: ['Name', 'Specialism', 'Since', 'Until'],
        empty: 'The leader works alone so far.',
        rows: team.map(({ name, specialism, about, fromOn, endedOn }) => [
          cell(name),
          cell([titleOf(specialism), about].filter(Boolean).join(': ')),
          cell(day(fromOn)),
          cell(day(endedOn)),
        ]),
      },
    ],
  }
}
