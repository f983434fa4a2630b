import { z } from 'zod'
import { readAudit } from '../platform/audit-history.ts'
import { type PdfBlock, type PdfDocument, renderPdf } from '../platform/pdf.ts'
import { described } from '../platform/web/api-description.ts'
import { presentHistory } from '../platform/web/history.ts'
import { type Answer, file, json, notFound, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import type { DoneShown } from './asked.ts'
import { readLetters } from './case-messages.ts'
import type { CaseParts } from './case-parts.ts'
import { openFormDesk } from './form-desk.ts'
import { formInWords } from './form-words.ts'
import { HISTORY_FIELDS, NO_CASE_WORDS, readCaseView, withCase } from './pages-case.ts'
import { heading, list, noteBlocks, pairs, sectionBlocks, tableOr, text } from './paper-parts.ts'
import { findSeenCase, type SeenCase } from './read-case.ts'
import { NO_CASE } from './run-step.ts'
import { readVisitNotes } from './visit-notes.ts'
import { changesFor } from './who-reads.ts'
import { openWorkDesk, type WorkDesk } from './work-desk.ts'
import { readLogNow } from './work-read.ts'

export function caseFileRoutes(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  return described(
    [
      { ...get, path: '/cases/:reference/file.pdf', handle: (request) => filePdf(parts, request) },
      { ...get, path: '/api/v1/cases/:reference/file', handle: (request) => fileJson(parts, request) },
    ],
    {
      'GET /api/v1/cases/:reference/file': {
        summary: 'Everything about a case that this reader may read, as headings, texts, lists and tables',
        answer: z.object({ title: z.string(), foot: z.string(), blocks: z.array(z.looseObject({ kind: z.string() })) }),
      },
    },
  )
}

function filePdf(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async (seen) => {
    if (!seen.whole) return notFound(NO_CASE_WORDS)
    const document = await caseDocument(parts, seen, request)
    return file(`case-${seen.record.reference}.pdf`, 'application/pdf', renderPdf(document))
  })
}

async function fileJson(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const seen = await findSeenCase(parts.database.db, request.actor, request.params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  return json({ ...(await caseDocument(parts, seen, request)) })
}

/**
 * The whole of a case as one document, for whoever looks at it later: all that its pages show this reader, in the order in
 * which it happened, with the day on which it was read. A secret is never in it, nor what the reader may not open on a page.
 */
async function caseDocument(parts: CaseParts, seen: SeenCase, request: RouteRequest): Promise<PdfDocument> {
  const { db } = parts.database
  const { record } = seen
  const { actor } = request
  const on = longDate(parts.clock.today().toString())
  const view = await readCaseView(parts, seen, request)
  const work = await openWorkDesk(parts, db, { reference: record.reference, by: actor })
  const form = await openFormDesk(parts, db, record)
  const changes = await readAudit(db, [{ record: 'case', keys: [record.reference] }])
  const letters = await readLetters(db, record, actor)
  return {
    title: `Case ${record.reference}: ${record.name}`,
    foot: `Case ${record.reference}, as at ${on}`,
    blocks: [
      text(
        `${view.caption}. ${view.where.words}`,
        `As at ${on}, as far as ${actor.name} may read it. Rules: ${view.programmeTitle}, version ${view.version}.`,
      ),
      heading('School or trust'),
      pairs('About the school or trust', view.facts),
      heading('Why there is a case'),
      list(view.basis.map(({ title, words }) => `${title} (${words})`)),
      text(`As held on ${longDate(view.basisOn)}; later changes of the register do not alter it.`),
      heading('People'),
      ...tableOr(
        ['Role', 'Name', 'E-mail'],
        view.people.map(({ role, name, email }) => [role, name, email ?? '']),
        'Nobody is recorded for this case.',
      ),
      heading('What is open'),
      ...tableOr(
        ['Waiting for', 'To do', 'By'],
        [...view.mine, ...view.others].map(({ partyTitle, title, due }) => [partyTitle, title, due]),
        view.nothingOpen,
      ),
      ...doneBlocks(view),
      ...(work ? await workBlocks(work) : []),
      ...(form ? formInWords(form, actor).flatMap(sectionBlocks) : []),
      heading('Letters'),
      ...tableOr(
        ['Dated', 'Subject', 'To', 'State'],
        letters
          .toReversed()
          .map((one) => [
            longDate(one.dated),
            one.subject,
            one.recipients.map(({ name }) => name).join(', '),
            one.state,
          ]),
        'No letter of this case is there for this reader.',
      ),
      heading('Every change'),
      ...tableOr(
        ['When', 'Who', 'What', 'Values'],
        presentHistory(changesFor(seen, actor, changes), { fields: HISTORY_FIELDS })
          .toReversed()
          .map(({ at, who, door, what, reason, values }) => [
            at,
            `${who} (${door})`,
            reason ? `${what}. Reason: ${reason}` : what,
            values
              .map(({ field, before, after }) => `${field}: ${[before, after].filter(Boolean).join(' → ')}`)
              .join('; '),
          ]),
        'No change is recorded.',
      ),
    ],
  }
}

type View = Awaited<ReturnType<typeof readCaseView>>

function doneBlocks({ asked, done }: Pick<View, 'asked' | 'done'>): PdfBlock[] {
  return [
    ...(asked ? [heading('What was asked'), ...stepBlocks(asked)] : []),
    heading('What happened'),
    ...(done.length === 0 ? [text(`Nothing has been done ${asked ? 'since it was asked for' : 'yet'}.`)] : []),
    ...done.toReversed().flatMap(stepBlocks),
  ]
}

function stepBlocks({ title, outcome, on, by, late, superseded, withheld, answers }: DoneShown): PdfBlock[] {
  const when = [by ? `${on}, ${by}` : on, late, superseded ? 'set aside when an earlier step was taken again' : null]
  return [
    { kind: 'heading', level: 3, text: outcome ? `${title}: ${outcome}` : title },
    text(when.filter((one) => one !== null).join(' · ')),
    ...(withheld ? [text(`What was entered is read by: ${withheld}.`)] : []),
    ...(answers.length > 0 ? [list(answers.map((one) => `${one.title}: ${one.value}`))] : []),
  ]
}

async function workBlocks(desk: WorkDesk): Promise<PdfBlock[]> {
  const now = await readLogNow(desk)
  const notes = await readVisitNotes(desk)
  return [
    heading(now.title),
    ...tableOr(
      ['Date', 'Days', 'Step', 'By', 'State'],
      now.items.map((item) => [
        longDate(item.date),
        `${item.days}${item.extension ? ', extra' : ''}`,
        [item.stepTitle, item.areaTitle].filter(Boolean).join(', '),
        item.by,
        item.timeframe ?? item.state,
      ]),
      'No day is logged yet.',
    ),
    ...(notes.length > 0 ? [heading('Notes of visit')] : []),
    ...notes.flatMap(noteBlocks),
  ]
}
