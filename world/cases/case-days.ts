import { addDays, type CaseStory, dayIn, markOf, stageNumber } from './story.ts'

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
  const after = afterDays(story, today)
  const option = optionDays(story, today, after.submitted)
  const completed = story.completed ?? completedOn(today, option.applied, after.submitted)
  const work = workDays(story, { today, completed, looked: option.looked })
  return { begun: begunOn(story, { deployed: work.deployed, today }), ...work, ...option, completed, ...after }
}

type Signed = Pick<CaseDays, 'submitted' | 'leaderSigned' | 'schoolSigned' | 'forwarded' | 'paid' | 'called'>

/** The form on its way: signed the day before it was handed in, passed on two days after. */
function afterDays(story: CaseStory, today: string): Signed {
  const paid = dayIn(story.claim)
  const called = story.call ?? (stageNumber(story) >= 15 ? addDays(today, -7) : undefined)
  const submitted = story.submitted ?? (called && addDays(called, -7))
  const signed = submitted && addDays(submitted, -1)
  return {
    submitted,
    leaderSigned: story.leader_signed ?? dayIn(story.signed?.[0]) ?? signed,
    schoolSigned: story.school_signed ?? dayIn(story.signed?.[1]) ?? signed,
    forwarded: dayIn(story.forwarded) ?? (paid && submitted && addDays(submitted, 2)),
    paid,
    called,
  }
}

type Option = Pick<CaseDays, 'assessed' | 'agreed' | 'asked'> & {
  readonly applied: string | undefined
  /** The first day of all this: work of the days before is done by then. */
  readonly looked: string | undefined
}

/** When somebody looked at what else is needed, the school agreed and it was asked for. */
function optionDays(story: CaseStory, today: string, submitted: string | undefined): Option {
  const applies = typeof story.application === 'object'
  const applied = applies ? (markOf(story.application, 'forwarded') ?? addDays(submitted ?? today, -12)) : undefined
  const asked = story.since ?? (story.request ? addDays(dayIn(story.state) ?? today, -5) : undefined)
  const from = dayIn(story.assessment) ?? (asked && addDays(asked, -3)) ?? (applied && addDays(applied, -8))
  const said = dayIn(story.school_agrees) ?? dayIn(story.school_agrees_option)
  return { applied, asked, assessed: from, agreed: said ?? (story.assessment ? undefined : from), looked: from }
}

function completedOn(today: string, applied: string | undefined, submitted: string | undefined): string {
  if (submitted) return addDays(submitted, -7)
  return applied ? ([addDays(applied, 3), today].toSorted()[0] ?? today) : today
}

type Known = { readonly today: string; readonly completed: string; readonly looked: string | undefined }

/** The deployment e-mail, the first visit and the last day of work. */
function workDays(story: CaseStory, { today, completed, looked }: Known) {
  const number = stageNumber(story)
  const worked = number >= 12 ? addDays(completed, -1) : addDays(looked ?? today, -4)
  const usual = story.used ? addDays(worked, -WORK_DAYS) : addDays(today, -7)
  const named = [dayIn(story.visit), dayIn(story.step_1), dayIn(story.note), story.days?.[0]?.[0]]
  const visited = named.find((one) => one !== undefined) ?? usual
  const deployed = story.deployment_email ?? (number >= 9 ? addDays(story.s08_done ?? visited, -FORTNIGHT) : today)
  return { worked, visited, deployed, engaged: story.s08_done ?? deployed }
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
