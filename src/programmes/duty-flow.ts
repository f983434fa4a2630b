import { type Anytime, CLOSE, type Duty, type Flow } from './process-schema.ts'

/** The stage of a duty's only step. */
const STAGE = 'due'

/** No id of a pack has a full stop, so no flow of a pack is taken for a duty. */
const PREFIX = 'duty.'

export function flowOfDuty(duty: string): string {
  return PREFIX + duty
}

/** The duty that a flow is of; undefined for a flow of its own. */
export function dutyOfFlow(flow: string): string | undefined {
  return flow.startsWith(PREFIX) ? flow.slice(PREFIX.length) : undefined
}

/**
 * A duty as a flow of one step, so that lists, lateness, scope and history are those of every case. Whoever may waive it may also
 * move it to another day, with a reason either way.
 */
export function dutyAsFlow(id: string, duty: Duty): Flow {
  const { per: _, while: _while, done, serves: _serves, waive, clock, ...step } = duty
  const owner = typeof duty.owner === 'string' ? duty.owner : duty.owner.party
  return {
    title: duty.title,
    help: duty.help ?? done,
    subject: ['school'],
    starts: { by: owner, next: [id], cites: duty.cites },
    stages: [{ id: STAGE, title: 'Due' }],
    steps: {
      [id]: {
        ...step,
        help: [duty.help, `Done when: ${done.charAt(0).toLowerCase()}${done.slice(1)}.`].filter(Boolean).join(' '),
        stage: STAGE,
        clock: { ...(clock.late && { late: clock.late }), cites: clock.cites },
        next: [CLOSE],
      },
    },
    ...(waive && { anytime: exceptions(id, waive) }),
    cites: duty.cites,
  }
}

function exceptions(id: string, { by, cites }: NonNullable<Duty['waive']>): Record<string, Anytime> {
  const during = `${STAGE}..${STAGE}`
  const why = { title: 'Why', type: 'note', required: true } as const
  return {
    waive: { title: 'Waived', owner: by, during, fields: { why }, ends: [id], next: [CLOSE], cites },
    move: {
      title: 'Moved to another day',
      owner: by,
      during,
      fields: { until: { title: 'New day', type: 'date', required: true }, why },
      do: ['mark-delay'],
      cites,
    },
  }
}
