import { z } from 'zod'
import { type PdfDocument, renderPdf } from '../platform/pdf.ts'
import { described } from '../platform/web/api-description.ts'
import { type Answer, file, json, notFound, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import type { CaseParts } from './case-parts.ts'
import { withForm } from './form-api.ts'
import type { FormDesk } from './form-desk.ts'
import { onForm, presentSignature, STATUS_WORDS } from './form-pages.ts'
import { findSection } from './form-state.ts'
import { formInWords } from './form-words.ts'
import { heading, list, noteBody, pairs, sectionBlocks, tableOr, text } from './paper-parts.ts'
import { signatureLines } from './present-form.ts'
import { readVisitNotes, type VisitNote } from './visit-notes.ts'
import type { WorkDesk } from './work-desk.ts'
import { readDesk } from './work-read.ts'
import { visitState } from './work-views.ts'

const TYPE = 'application/pdf'

/** Single papers of a case as accessible PDFs, as their pages show them to the same reader: a note of visit, and the form. */
export function paperRoutes(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const [page, api] = ['/cases/:reference', '/api/v1/cases/:reference']
  const formJson = (request: RouteRequest) =>
    withForm(parts, request, (desk) => json({ ...formDocument(desk, request) }))
  return described(
    [
      { ...get, path: `${page}/visit-notes/:id.pdf`, handle: (request) => notePdf(parts, request) },
      { ...get, path: `${page}/form.pdf`, handle: (request) => formPdf(parts, request) },
      { ...get, path: `${api}/visit-notes/:id/paper`, handle: (request) => noteJson(parts, request) },
      { ...get, path: `${api}/form/paper`, handle: formJson },
    ],
    {
      [`GET ${api}/visit-notes/:id/paper`]: {
        summary: 'A note of visit as its paper has it: headings, texts, lists and tables',
        answer: paper,
      },
      [`GET ${api}/form/paper`]: {
        summary: 'The form as it stands for this reader, with versions and signatures, as its paper has it',
        answer: paper,
      },
    },
  )
}

const paper = z.object({
  title: z.string(),
  foot: z.string(),
  blocks: z.array(z.looseObject({ kind: z.string() })),
})

async function findNote(parts: CaseParts, { params, actor }: RouteRequest): Promise<PdfDocument | undefined> {
  const desk = await readDesk(parts, params['reference'] ?? '', actor)
  const note = desk && (await readVisitNotes(desk)).find(({ id }) => String(id) === params['id'])
  return desk && note && noteDocument(desk, note)
}

async function notePdf(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const { reference, id } = request.params
  const document = await findNote(parts, request)
  if (!document) return notFound(`${NO_NOTE.message}.`)
  return file(`case-${reference}-visit-${id}.pdf`, TYPE, renderPdf(document))
}

async function noteJson(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const document = await findNote(parts, request)
  return document ? json({ ...document }) : problem([NO_NOTE], 404)
}

const NO_NOTE = { code: 'visit.unknown', message: 'There is no such note of visit, or you may not see it' }

function formPdf(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return onForm(parts, request, (desk) =>
    file(`case-${desk.record.reference}-form.pdf`, TYPE, renderPdf(formDocument(desk, request))),
  )
}

function noteDocument({ record, leader, today, by }: WorkDesk, note: VisitNote): PdfDocument {
  const on = longDate(today)
  return {
    title: `Visit of ${longDate(note.visitedOn)}: ${record.name}`,
    foot: `Case ${record.reference}, note of visit, as at ${on}`,
    blocks: [
      text(`Note of visit. Case ${record.reference}. ${asRead(on, by.name)}`),
      pairs('Note of visit', [
        { title: 'School or trust', value: record.urn === null ? record.name : `${record.name}, URN ${record.urn}` },
        ...(leader ? [{ title: 'Leader', value: leader.name }] : []),
        { title: 'State', value: visitState(note) },
        ...(note.sentOn ? [{ title: 'Sent to the school', value: longDate(note.sentOn) }] : []),
        ...(note.finalOn ? [{ title: 'Final since', value: longDate(note.finalOn) }] : []),
      ]),
      heading('What was seen, judged and answered'),
      ...noteBody(note),
    ],
  }
}

function asRead(on: string, name: string): string {
  return `As at ${on}, as far as ${name} may read it.`
}

/** The form as it stands for this reader; what is sealed in it is told as held and never shown. */
function formDocument(desk: FormDesk, { actor }: RouteRequest): PdfDocument {
  const { record, form, stored, today } = desk
  const on = longDate(today)
  const sections = formInWords(desk, actor)
  const isPart = sections.length < form.sections.length
  return {
    title: `${form.title}: ${record.name}`,
    foot: `Case ${record.reference}, form, as at ${on}`,
    blocks: [
      text(
        `Case ${record.reference}. ${STATUS_WORDS[stored.status]} ${asRead(on, actor.name)}`,
        `Rules: ${record.pack.title}, version ${record.pack.version}.`,
      ),
      ...(isPart ? [text('Sections that this reader may not open are left out.')] : []),
      heading('Versions'),
      ...tableOr(
        ['Section', 'Version', 'Saved', 'State'],
        sections.flatMap(({ id, number, title }) => {
          const saved = findSection(stored, id)
          if (!saved) return []
          const when = `${longDate(saved.savedOn)}, ${saved.savedBy}`
          return [
            [`${number}. ${title}`, String(saved.version), when, saved.state === 'complete' ? 'Complete' : 'Draft'],
          ]
        }),
        'No section was saved yet.',
      ),
      heading('Signatures'),
      list(signatureLines(desk, actor).map((line) => `${line.title}. ${presentSignature(line, '').words}`)),
      ...sections.flatMap(sectionBlocks),
    ],
  }
}
