import { asTheMachine } from '../platform/web/as-machine.ts'
import type { Route } from '../platform/web/route.ts'
import { caseApi } from './api.ts'
import { caseFileRoutes } from './case-file.ts'
import { caseMessageRoutes } from './case-messages.ts'
import type { CaseParts } from './case-parts.ts'
import { formApi } from './form-api.ts'
import { formFileApi } from './form-file-api.ts'
import { formFilePages } from './form-file-pages.ts'
import { formPages } from './form-pages.ts'
import { formSectionPages } from './form-section-pages.ts'
import { formSignPages } from './form-sign-pages.ts'
import { leadersForCaseRoutes } from './leaders-for-case.ts'
import { linkOpenRoutes } from './link-open.ts'
import { linkRoutes } from './link-pages.ts'
import { casePages } from './pages-case.ts'
import { clearingRoutes, stepPages } from './pages-step.ts'
import { workPages } from './pages-work.ts'
import { paperRoutes } from './papers.ts'
import { reminderRoutes } from './reminder-pages.ts'
import { subjectChangeRoutes } from './subject-change-pages.ts'
import { trustSummaryRoutes } from './trust-summary.ts'
import { workApi } from './work-api.ts'
import { casePartPages } from './work-pages.ts'

export { beginByLevel } from './begin-by-level.ts'
export { type OwnDate, readCaseDates, readOwnDates } from './case-dates.ts'
export { openBankDetails, readCaseFacts } from './case-facts.ts'
export { type CaseFigures, readCaseFigures, readEndings } from './case-figures.ts'
export { caseLetters } from './case-letters.ts'
export { addCaseNote } from './case-notes.ts'
export { caseFrame } from './case-page.ts'
export type { CaseParts, MoneyForeseen } from './case-parts.ts'
export { type CaseRecord, findCase } from './case-store.ts'
export { readCaseStory, type StoryLine } from './case-story.ts'
export { answerList } from './checklist-run.ts'
export { followDuties } from './follow-duties.ts'
export { dropOldFiles } from './form-file-store.ts'
export { saveSection } from './form-save.ts'
export { tellLateSteps } from './late-steps.ts'
export { findPartner } from './letter-recipients.ts'
export { addItem } from './log-run.ts'
export { hasPartialClaim, listPartialClaims, parentOfClaim } from './part-of-case.ts'
export { addStrategy } from './plan-run.ts'
export { lacksOf } from './present-case.ts'
export { findSeenCase, type SeenCase } from './read-case.ts'
export { remindOfLateSteps } from './reminder-run.ts'
export { type CasePoints, readPoints } from './report-points.ts'
export { keepDraft, runStep } from './run-step.ts'
export { startCase } from './start-case.ts'
export { noticeSubjectChanges } from './subject-change-notice.ts'
export { addMember } from './team-run.ts'
export { caseUndelivered } from './undelivered.ts'
export { hatInCase, seesCases } from './who-sees.ts'
export { workTotals } from './work-facts.ts'
export { tellYearlyDuties } from './yearly-duties.ts'

/** Every way into cases: pages and the JSON API. */
export function caseRoutes(parts: CaseParts): Route[] {
  const routes = [
    ...workPages(parts),
    ...casePages(parts),
    ...stepPages(parts),
    ...clearingRoutes(parts),
    ...caseMessageRoutes(parts),
    ...reminderRoutes(parts),
    ...caseFileRoutes(parts),
    ...paperRoutes(parts),
    ...leadersForCaseRoutes(parts),
    ...linkRoutes(parts),
    ...linkOpenRoutes(parts),
    ...subjectChangeRoutes(parts),
    ...caseApi(parts),
    ...workApi(parts),
    ...casePartPages(parts),
    ...formPages(parts),
    ...formFilePages(parts),
    ...formSectionPages(parts),
    ...formSignPages(parts),
    ...formApi(parts),
    ...trustSummaryRoutes(parts),
    ...formFileApi(parts),
  ]
  // One case is the engine's to show: it asks who may see it, or has a step to do in it, before anything else. A step reads and
  // writes what its doer may not see by themselves: a leader's days, who is told, the case of another region.
  return routes.map((route) => (keepsToScope(route) ? route : asTheMachine(route)))
}

/** Lists and their files read only what the person's scope shows. */
function keepsToScope({ path, method }: Route): boolean {
  return method === 'GET' && /^\/(api\/v1\/)?cases(\.csv|\.ods)?$/.test(path)
}
