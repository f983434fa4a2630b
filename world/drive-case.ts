import { type CaseParts, runStep, startCase } from '../src/cases/index.ts'
import { machineActor } from '../src/platform/actor.ts'
import type { Clock } from '../src/platform/clock.ts'
import { runAsMachine } from '../src/platform/scope.ts'

const BY = machineActor('Invented England', 'system')

/** One step or action as it was done on a day. */
export type Driven = { readonly on: string; readonly step: string; readonly fields?: Readonly<Record<string, unknown>> }

/** A case to be brought about by doing its steps, each on its day. */
export type CaseDrive = {
  readonly reference: string
  readonly programme: string
  readonly subject: { readonly kind: 'school'; readonly urn: number } | { readonly kind: 'trust'; readonly uid: string }
  readonly begun: string
  readonly steps: readonly Driven[]
}

/** The parts with a clock that stands on a day. The past of an invented case is without letters: nobody was written to. */
export function onDay(parts: CaseParts, day: string): CaseParts {
  const date = Temporal.PlainDate.from(day)
  const clock: Clock = { today: () => date, now: () => date.toZonedDateTime('Europe/London').toInstant() }
  const { letters: _, ...rest } = parts
  return { ...rest, clock }
}

/** Begins the case and does its steps through the same use cases as everybody. Throws with the refusal where one is refused. */
export async function driveCase(parts: CaseParts, drive: CaseDrive): Promise<void> {
  const { reference, programme, subject } = drive
  const begun = await runAsMachine(() =>
    startCase(onDay(parts, drive.begun), { programme, subject, by: BY, reference }),
  )
  if (!begun.ok) throw new Error(`${reference}: ${begun.refusals.map(({ message }) => message).join('; ')}`)
  for (const step of drive.steps) await driveStep(parts, reference, step)
}

export async function driveStep(parts: CaseParts, reference: string, { on, step, fields = {} }: Driven): Promise<void> {
  const ask = { reference, step, body: fields, key: String(fields['key'] ?? ''), by: BY }
  const done = await runAsMachine(() => runStep(onDay(parts, on), ask))
  if (!done.ok)
    throw new Error(`${reference}, ${step} on ${on}: ${done.refusals.map(({ message }) => message).join('; ')}`)
}
