import type { CaseDays } from './case-days.ts'
import type { Deed } from './deed.ts'
import { BANK, CLOSING_LIST, closureBody } from './form-bodies.ts'
import type { Subject } from './opening-deeds.ts'
import { addDays, type CaseStory, dayIn, markOf, stageNumber } from './story.ts'

/** What is looked at beside the first days: extra days, a partnership. */
export function optionDeeds(story: CaseStory, days: CaseDays): Deed[] {
  const { assessed, agreed } = days
  const asks = story.assessment ?? story.request ?? (story.application === 'none' ? undefined : story.application)
  if (stageNumber(story) < 10 || !assessed || !asks) return []
  const option = isExtra(story) ? 'extra-days' : 'funded'
  return [
    {
      do: 'step',
      step: 'assess-options',
      by: 'sl',
      on: assessed,
      fields: {
        option,
        beneficial: 'The plan needs more time to hold',
        'reason-second-term': 'The need is plain already',
      },
    },
    ...(agreed ? [{ do: 'step', step: 'agree-option', by: 'supported', on: agreed, fields: AGREE } as const] : []),
    ...extraDeeds(story, days),
    ...applicationDeeds(story, days),
  ]
}

const AGREE = { outcome: 'agree' }

function isExtra({ assessment, request }: CaseStory): boolean {
  return assessment ? assessment.startsWith('extra') : request !== undefined
}

/** A request for extra days: with the delivery partner, with the Regions Group, or decided. */
function extraDeeds({ request, state = '', completion }: CaseStory, { asked }: CaseDays): Deed[] {
  const wanted = request?.match(/^\d+/)?.[0]
  if (!wanted || !asked) return []
  const need = { vulnerability: 'The school has lost two leaders', purpose: 'plan', context: 'The plan is half done' }
  const began: Deed = { do: 'step', step: 'request-extra-days', by: 'sl', on: asked, fields: { days: wanted, ...need } }
  if (state === 'with RDP') return [began]
  const assured: Deed = {
    do: 'step',
    step: 'check-request',
    by: 'rdp',
    on: asked,
    fields: { outcome: 'assured' },
    of: 1,
  }
  if (state === 'with RG') return [began, assured]
  const on = state.slice(-10)
  const fields = state.startsWith('approved')
    ? { outcome: 'approved', days: wanted, until: completion }
    : { outcome: 'declined', rationale: 'The days that are left are enough for this plan' }
  return [began, assured, { do: 'step', step: 'decide-request', by: 'rg', on, fields, of: 1 }]
}

/** An application for a partnership: with the delivery partner or with the Regions Group. */
function applicationDeeds(story: CaseStory, { agreed }: CaseDays): Deed[] {
  const { application } = story
  const partner = markOf(application, 'partner')
  if (!partner || !agreed) return []
  const alone = markOf(application, 'forwarded')
  const forwarded = alone ?? addDays(agreed, 6)
  // A form that is handed in takes its application along when it is forwarded.
  const travels = alone === undefined && dayIn(story.forwarded) !== undefined
  const on = addDays(agreed, 4)
  const written = { benefit: 'A strong partner for reading', context: 'Both know each other', partner }
  return [
    { do: 'step', step: 'apply-partnership', by: 'sl', on },
    { do: 'step', step: 'confirm-agreement', by: 'supported', on, fields: AGREE, of: 1 },
    { do: 'step', step: 'application', by: 'sl', on, fields: written, of: 1 },
    ...(markOf(application, 'state') === 'with RG' && !travels
      ? [
          {
            do: 'step',
            step: 'forward-application',
            by: 'rdp',
            on: forwarded,
            fields: { outcome: 'forward' },
            of: 1,
          } as const,
        ]
      : []),
  ]
}

/** From the end of the work to the signed form, its claim and the call afterwards, as far as the scene tells. */
export function closingDeeds(story: CaseStory, days: CaseDays, subject: Subject): Deed[] {
  const number = stageNumber(story)
  if (number < 10) return []
  const { completed, worked } = days
  const work: Deed = { do: 'step', step: 'work', by: 'sl', on: worked }
  if (number < 12) return [work, ...draftDeeds(story, days)]
  const ended: Deed[] = [
    work,
    { do: 'list', list: 'closure-with-school', by: 'sl', on: worked, fields: CLOSING_LIST },
    { do: 'step', step: 'evaluate-support', by: 'supported', on: worked, fields: { evaluation: 'It helped' } },
    { do: 'step', step: 'wind-up', by: 'sl', on: worked },
  ]
  if (number === 12) return ended
  const closure = { fields: closureBody(story, { inTrust: subject.inTrust, on: worked }), complete: true }
  return [
    ...ended,
    { do: 'section', section: 'closure', by: 'sl', on: completed, ...closure },
    { do: 'step', step: 'completion', by: 'sl', on: completed },
    ...signingDeeds(story, days),
    ...afterDeeds(story, days),
  ]
}

/** What the leader wrote already of the closure while the work goes on. */
function draftDeeds(story: CaseStory, { visited, worked }: CaseDays): Deed[] {
  const drafted = story.sections?.['4'] === 'draft'
  const evaluated = story.step_10?.startsWith("leader's evaluation") === true
  const timeline = { call: visited, timeline: 'Ten days until Easter' }
  return [
    ...(story.step_1?.startsWith('done')
      ? [{ do: 'list', list: 'start-up-list', by: 'sl', on: visited, fields: timeline } as const]
      : []),
    ...(evaluated
      ? [{ do: 'list', list: 'closure-with-school', by: 'sl', on: worked, fields: CLOSING_LIST } as const]
      : []),
    ...(drafted
      ? [
          {
            do: 'section',
            section: 'closure',
            by: 'sl',
            on: worked,
            fields: { fields: { strategy: 'part' } },
            complete: false,
          } as const,
        ]
      : []),
  ]
}

function signingDeeds(story: CaseStory, days: CaseDays): Deed[] {
  const on = days.leaderSigned
  if (!on) return []
  const sent = story.sent_to_school ?? story.sent_to_ceo ?? on
  const signed = days.schoolSigned
  const isSent = story.sent_to_school || story.sent_to_ceo || signed
  return [
    { do: 'section', section: 'bank', by: 'sl', on, fields: BANK, complete: true },
    { do: 'section', section: 'claim', by: 'sl', on, fields: {}, complete: true },
    { do: 'step', step: 'leader-sign', by: 'sl', on },
    ...(isSent ? [{ do: 'step', step: 'send-to-school', by: 'sl', on: sent } as const] : []),
    ...(signed
      ? [{ do: 'step', step: 'school-sign', by: 'supported', on: signed, fields: { outcome: 'confirm' } } as const]
      : []),
  ]
}

function afterDeeds(story: CaseStory, { submitted, forwarded, paid, called }: CaseDays): Deed[] {
  if (!submitted) return []
  const call = {
    outcome: 'no-issues',
    date: called,
    participants: 'Head',
    'leader-present': 'yes',
    experience: 'The days were well used',
    plans: 'Keep the review',
  }
  return [
    { do: 'step', step: 'hand-in', by: 'sl', on: submitted },
    ...(forwarded
      ? [{ do: 'step', step: 'review-form', by: 'rdp', on: forwarded, fields: { outcome: 'forward' } } as const]
      : []),
    ...(called ? [{ do: 'step', step: 'follow-up-call', by: 'rdp', on: called, fields: call } as const] : []),
    ...(paid
      ? [{ do: 'step', step: 'process-claim', by: 'rg', on: paid, fields: { outcome: 'approved' } } as const]
      : []),
    ...(paid && story.claim?.includes('paid') ? paidDeeds(paid) : []),
    ...(story.case_study?.startsWith('draft') && called
      ? [{ do: 'step', step: 'follow-on', by: 'rdp', on: addDays(called, 7), fields: { outcome: 'study' } } as const]
      : []),
  ]
}

/** What is due is paid on one day: two persons send it, and the payer says so. */
function paidDeeds(on: string): Deed[] {
  return [
    { do: 'pay', pay: 'prepare', by: 'rg', on },
    { do: 'pay', pay: 'release', by: 'payments', on },
    { do: 'pay', pay: 'answer', by: 'payments', on },
  ]
}
