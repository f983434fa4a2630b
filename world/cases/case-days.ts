import { addDays, type CaseStory, dayIn, stageNumber } from './story.ts'

/** Days on which an invented case came to its turns. What a scene does not say follows from what it says, without lateness. */
export type CaseDays = {
  readonly begun: string
  /** The deployment e-mail, the first contact, the first visit. */
  readonly deployed: string
  readonly engaged: string
  readonly visited: string
  /** The last day of work that is done. */
  readonly worked: string
  readonly assessed: string | undefined
  readonly agreed: string | undefined
  readonly asked: string | undefined
  readonly completed: string
  readonly leaderSigned: string | undefined
  readonly schoolSigned: string | undefined
  readonly submitted: string | undefined
  readonly forwarded: string | undefined
  readonly paid: string | undefined
  readonly called: string | undefined
}

const FORTNIGHT = 14
/** How long the days of an invented deployment take, where a scene does not say. */
const WORK_DAYS = 35

export function daysOf(story: CaseStory, today: string): CaseDays {
  const number = stageNumber(story)
  const end = endOf(story, today)
  const paid = dayIn(story.claim)
  const called = story.call ?? (number >= 15 ? addDays(today, -7) : undefined)
  const submitted = story.submitted ?? (called && addDays(called, -7)) ?? (paid && addDays(paid, -10))
  const signed = submitted && addDays(submitted, -1)
  const completed = story.completed ?? (end.completed || addDays(submitted ?? today, -7))
  const worked = number >= 12 ? addDays(completed, -1) : end.worked
  const first = story.days?.[0]?.[0]
  const visited =
    dayIn(story.visit) ??
    dayIn(story.step_1) ??
    dayIn(story.note) ??
    first ??
    (story.used ? addDays(worked, -WORK_DAYS) : addDays(today, -7))
  const engaged = story.s08_done ?? (story.deployment_email && number >= 9 ? story.deployment_email : undefined)
  const deployed = story.deployment_email ?? (number >= 9 ? addDays(engaged ?? visited, -FORTNIGHT) : today)
  const asked = story.since ?? (story.request ? addDays(dayIn(story.state) ?? today, -5) : undefined)
  const assessed = dayIn(story.assessment) ?? (asked && addDays(asked, -3)) ?? end.assessed
  return {
    begun: begunOn(story, { deployed, today }),
    deployed,
    engaged: engaged ?? deployed,
    visited,
    worked,
    assessed,
    agreed:
      dayIn(story.school_agrees) ?? dayIn(story.school_agrees_option) ?? (story.assessment ? undefined : assessed),
    asked,
    completed,
    leaderSigned: story.leader_signed ?? dayIn(story.signed?.[0]) ?? signed,
    schoolSigned: story.school_signed ?? dayIn(story.signed?.[1]) ?? signed,
    submitted,
    forwarded: dayIn(story.forwarded) ?? (paid && submitted ? addDays(submitted, 2) : undefined),
    paid,
    called,
  }
}

/** Where the days of work end, and when somebody looked at what else is needed, where the scene does not say. */
function endOf(story: CaseStory, today: string) {
  const applied =
    typeof story.application === 'object' ? (story.application['forwarded'] ?? addDays(today, -3)) : undefined
  const completed = applied && addDays(applied, 3) < today ? addDays(applied, 3) : applied
  const looked = dayIn(story.assessment) ?? story.since ?? dayIn(story.state)
  return {
    completed: stageNumber(story) >= 13 && !story.completed && !story.submitted ? completed : undefined,
    worked: addDays(looked ?? applied ?? story.completed ?? today, -4),
    assessed: applied && addDays(applied, -8),
  }
}

/** The first day that the scene names of its beginning, in the order of the stages; else the day of the deployment e-mail. */
function begunOn(story: CaseStory, { deployed, today }: { deployed: string; today: string }): string {
  const named = [
    story.entered,
    story.package_received,
    story.contacted,
    story.leader_yes,
    dayIn(story.suggestion),
    story.school_confirmed,
    dayIn(story.to_rg),
    story.approved,
  ].find((one) => one !== undefined)
  return named ?? (stageNumber(story) >= 8 ? deployed : addDays(today, -1))
}
