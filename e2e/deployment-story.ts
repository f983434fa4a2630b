/** One thing that somebody does: an address below the case (or below the service, with a slash) and what is filled in there. */
export type Deed = {
  readonly by: string
  readonly at: string
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
  /** Done in the case beside the case with this number. */
  readonly of?: number
}

/** What happens on one day, in order. */
export type StoryDay = { readonly on: string; readonly deeds: readonly Deed[] }

/** The school, its leader and the people of the story, as the invented England names them. */
export const SCHOOL = '900001'
export const PEOPLE = {
  rg: 'rg-ne',
  rdp: 'dp-ne',
  director: 'rd-ne',
  leader: 'L-03',
  head: 'head-900001',
  payments: 'rg-pay',
} as const
const { rg: RG, rdp: RDP, director: DIRECTOR, leader: LEADER, head: HEAD } = PEOPLE
const CHOSEN = ['behaviour', 'leadership']
const AREAS = [
  'teaching-learning',
  'governance-trust',
  'behaviour',
  'attendance',
  'curriculum-teachers',
  'leadership',
  'finance',
  'wellbeing-safeguarding',
  'pupil-premium',
  'workload-staffing',
  'structure-culture',
  'other',
]

const areaFields = Object.assign(
  {},
  ...AREAS.map((area) =>
    CHOSEN.includes(area)
      ? {
          [`areas.${area}.focus`]: 'yes',
          [`areas.${area}.mechanisms`]: ['coaching'],
          [`areas.${area}.sources`]: ['school-data'],
        }
      : { [`areas.${area}.focus`]: 'no' },
  ),
) as Record<string, string> // each part is made of words two lines above

export const day = (date: string, days: string, step: string, kind = 'bespoke'): Deed => ({
  by: LEADER,
  at: 'log',
  fields: { date, days, step, state: 'validated', kind, mode: 'face-to-face' },
})
const reasoned = (deed: Deed): Deed => ({
  ...deed,
  fields: { ...deed.fields, 'reason-extra-step': 'The last of the extra days closes the work' },
})
export const step = (by: string, name: string, fields: Deed['fields'] = {}): Deed => ({
  by,
  at: `steps/${name}`,
  fields,
})

/** The same days for another school: whoever did a deed in the first story, and their replacement. */
export function recast(days: readonly StoryDay[], people: Readonly<Record<string, string>>): StoryDay[] {
  return days.map(({ on, deeds }) => ({
    on,
    deeds: deeds.map((deed) => {
      const leader = deed.fields?.['leader']
      const fields = typeof leader === 'string' ? { ...deed.fields, leader: people[leader] ?? leader } : deed.fields
      return { ...deed, by: people[deed.by] ?? deed.by, ...(fields && { fields }) }
    }),
  }))
}

/** The close of the work with the school, the form with its signatures, and the form on its way. */
export const CLOSING: readonly Deed[] = [
  step(LEADER, 'work'),
  {
    by: LEADER,
    at: 'lists/closure-with-school',
    fields: {
      'leader-evaluation': 'The aims are reached',
      'next-steps': 'Keep the weekly review',
      'exit-plan': 'The deputy takes over',
      'future-partnership': 'none',
    },
  },
  step(HEAD, 'evaluate-support', { evaluation: 'It helped' }),
  step(LEADER, 'wind-up'),
  {
    by: LEADER,
    at: 'form/sections/closure',
    fields: {
      strategy: 'full',
      'strategy-level': 'school',
      further: 'none',
      joining: 'discussed',
      conversation: 'held',
      'conversation-date': '2024-04-26',
      'conversation-with': 'Head and chair',
      'aims.priorities.rating': 'achieved',
      'aims.bespoke.rating': 'achieved',
      'aims.lasting.rating': 'part',
      'activities.behaviour-coaching.status': 'completed',
      'activities.leadership-coaching.status': 'completed',
      'next-steps.1.what': 'Keep the weekly review',
      'next-steps.1.owner': 'school',
    },
  },
  step(LEADER, 'completion'),
  {
    by: LEADER,
    at: 'form/sections/bank',
    fields: { 'account-name': 'Invented trust account', 'sort-code': '12-34-56', 'account-number': '01234567' },
  },
  { by: LEADER, at: 'form/sections/claim' },
  step(LEADER, 'leader-sign'),
  step(LEADER, 'send-to-school'),
  step(HEAD, 'school-sign', { outcome: 'confirm' }),
  step(LEADER, 'hand-in'),
]

/** A maintained school from the package to the decision on its claim: ten days, then five more, £9,000. */
export const DEPLOYMENT: readonly StoryDay[] = [
  {
    on: '2023-11-22',
    deeds: [
      step(RG, 'contact-body', {
        key: 'authority',
        outcome: 'confirmed',
        date: '2023-11-22',
        person: 'Head of standards',
      }),
      step(RG, 'hand-over', {
        details: 'As in the register',
        context: 'A new head since September',
        strategic: 'A priority of the region',
      }),
      step(RDP, 'contact-school', { date: '2023-11-22', channel: 'phone', note: 'The head is glad to be asked' }),
      step(HEAD, 'engage', { outcome: 'engage', context: 'Behaviour after lunch worries us' }),
      step(RDP, 'propose', {
        leader: LEADER,
        note: 'Has led a school through the same',
        'reason-capacity': 'Agreed with the leader',
      }),
      step(RDP, 'enquire', { 'reason-capacity': 'Agreed with the leader' }),
      step(LEADER, 'leader-answer', { outcome: 'accept', conflict: 'none' }),
      step(RDP, 'match-confirmed'),
      step(RDP, 'suggest'),
      step(HEAD, 'agree', { outcome: 'confirm' }),
      step(RDP, 'inform'),
      step(DIRECTOR, 'approve', { outcome: 'approved', date: '2023-11-22' }),
      step(RDP, 'issue-leader'),
      step(RDP, 'issue-school'),
      step(LEADER, 'first-contact', { date: '2023-11-22', person: 'head' }),
      step(LEADER, 'arrange-meeting', { date: '2023-12-04', place: 'At the school' }),
      step(HEAD, 'confirm-meeting', { outcome: 'suits' }),
    ],
  },
  {
    on: '2023-12-04',
    deeds: [
      step(LEADER, 'first-visit', {
        date: '2023-12-04',
        mode: 'face-to-face',
        place: 'At the school',
        attendees: 'Head and chair of governors',
      }),
      {
        by: LEADER,
        at: 'actions/governance-question',
        fields: { external: 'effective', reason: 'The board asks well' },
      },
      {
        by: LEADER,
        at: 'form/sections/scope',
        fields: { why: 'consecutive-ri', approach: 'adequate', decision: 'update', ...areaFields },
      },
      {
        by: LEADER,
        at: 'strategies',
        fields: { area: 'behaviour', action: 'Agree what is expected', owner: 'Head', due: '2024-04-19' },
      },
      day('2023-12-04', '1', 'start-up', 'communication'),
    ],
  },
  {
    on: '2024-01-22',
    deeds: [
      day('2024-01-15', '1', 'scoping', 'scoping'),
      day('2024-01-16', '1', 'explore', 'quality-assurance'),
      day('2024-01-17', '1', 'use-of-evidence'),
      day('2024-01-22', '1', 'approved-support'),
      { by: LEADER, at: 'form/sections/mid', fields: { progress: 'on-track', change: 'no' } },
    ],
  },
  {
    on: '2024-02-26',
    deeds: [
      ...['2024-02-05', '2024-02-06', '2024-02-07', '2024-02-19', '2024-02-26'].map((date) =>
        day(date, '1', 'development'),
      ),
      {
        by: LEADER,
        at: 'actions/assess-options',
        fields: {
          option: 'extra-days',
          beneficial: 'The plan needs more time to hold',
          'reason-second-term': 'It is plain',
        },
      },
      step(HEAD, 'agree-option', { outcome: 'agree' }),
      {
        by: LEADER,
        at: 'actions/request-extra-days',
        fields: { days: '5', vulnerability: 'Two leaders left', purpose: 'plan', context: 'The plan is half done' },
      },
      { ...step(RDP, 'check-request', { outcome: 'assured' }), of: 1 },
      { ...step(RG, 'decide-request', { outcome: 'approved', days: '5', until: '2024-05-20' }), of: 1 },
    ],
  },
  {
    on: '2024-04-26',
    deeds: [
      // the agreed days are used: these count as extra days without being marked
      ...['2024-04-15', '2024-04-16', '2024-04-17', '2024-04-18'].map((date) => day(date, '1', 'development')),
      reasoned(day('2024-04-26', '1', 'closure', 'reporting')),
      { ...step(LEADER, 'deliver-days', { impact: 'Calm corridors since April' }), of: 1 },
      ...CLOSING,
    ],
  },
  {
    on: '2024-04-30',
    deeds: [
      step(RDP, 'review-form', { outcome: 'forward' }),
      step(RDP, 'follow-up-call', {
        outcome: 'no-issues',
        date: '2024-04-30',
        participants: 'Head',
        'leader-present': 'yes',
        experience: 'The days were well used',
        plans: 'Keep the review',
      }),
      step(RG, 'process-claim', { outcome: 'approved' }),
    ],
  },
]

/** After the payment: the case study is chosen, everybody adds to it and the case ends. */
export const AFTER: StoryDay = {
  on: '2024-05-07',
  deeds: [
    step(RDP, 'follow-on', { outcome: 'study' }),
    step(RG, 'add-rg', { note: 'Why the region chose this school' }),
    step(RDP, 'add-rdp', { note: 'How the match was made' }),
    step(LEADER, 'add-leader', { note: 'What was done' }),
    step(HEAD, 'add-school', { note: 'What changed for us' }),
    step(RG, 'close-case'),
  ],
}

/** What the case study says beside what the case says already, and how the head agrees to it. */
export const STUDY = {
  sections: {
    context: 'Two judgements in a row; the leader had led a school through the same',
    support: 'Fifteen days with the senior team',
    impact: 'Calm corridors',
    next: 'The weekly review goes on',
  },
  consent: { answer: 'yes', givenBy: 'Head teacher', givenOn: '2024-05-07', way: 'letter' },
} as const
