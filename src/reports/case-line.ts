import type { ReportCase } from './report-data.ts'
import { regionOf } from './report-data.ts'

export function caseHref(reference: string): string {
  return `/cases/${encodeURIComponent(reference)}`
}

/** What every line about a case begins with. */
export function caseValues(one: ReportCase) {
  return {
    reference: one.reference,
    name: one.name,
    urn: one.urn === null ? null : String(one.urn),
    programme: `${one.pack.title}, ${one.edition}`,
    region: regionOf(one),
    marked: one.byException ? 'by exception' : null,
    stage: `${one.stage} ${one.stageTitle}`,
  }
}
