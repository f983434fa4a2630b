import type { Refusal } from '../platform/decision.ts'
import { type Answer, page, type Route, type RouteRequest } from '../platform/web/route.ts'
import { countOf } from '../platform/words.ts'
import { importLeaders, type LeaderImportReport } from './import-leaders.ts'
import type { LeaderParts } from './leader-parts.ts'
import { presentRefusals } from './present-form.ts'
import { fieldText } from './read-fields.ts'

/** Taking in a CSV of leaders, with what came of every row. */
export function importPages(parts: LeaderParts): Route[] {
  const path = '/leaders/import'
  return [
    { method: 'GET', path, allow: 'edit-leaders', audit: null, handle: () => importPage({ strict: false }) },
    {
      method: 'POST',
      path,
      allow: 'edit-leaders',
      audit: 'leader-changed',
      handle: (request) => takeIn(parts, request),
    },
  ]
}

async function takeIn(parts: LeaderParts, { actor, body, uploads }: RouteRequest): Promise<Answer> {
  const strict = fieldText(body, 'strict') === 'yes'
  const upload = uploads.file
  if (!upload || upload.bytes.length === 0) {
    const refusals = [{ code: 'file.missing', message: 'Choose a CSV file of leaders', field: 'file' }]
    return importPage({ strict, refusals })
  }
  const { fileName, bytes } = upload
  const decision = await importLeaders(parts.database, {
    fileName,
    bytes,
    strict,
    vocabulary: parts.vocabulary(),
    by: actor,
  })
  if (decision.ok) return importPage({ strict, report: decision.value })
  // A fault of a row names its line; the only field on this page is the file itself.
  return importPage({ strict, refusals: decision.refusals.map((refusal) => ({ ...refusal, field: 'file' })) })
}

function importPage(shown: { strict: boolean; report?: LeaderImportReport; refusals?: readonly Refusal[] }): Answer {
  const { report, strict, refusals = [] } = shown
  const model = {
    ...presentRefusals(refusals),
    title: 'Take in a file of leaders',
    section: 'leaders',
    breadcrumbs: [{ text: 'Leaders', href: '/leaders' }],
    strict,
    report,
    summary: report && summaryOf(report),
  }
  return page('leaders/import.njk', model, refusals.length > 0 ? 422 : 200)
}

function summaryOf({ file, totals }: LeaderImportReport): string {
  return (
    `${file}: ${countOf(totals.read, 'row')} read. ${countOf(totals.added, 'leader')} added, ${totals.changed} changed, ` +
    `${totals.unchanged} unchanged, ${countOf(totals.rejected, 'row')} not taken in.`
  )
}
