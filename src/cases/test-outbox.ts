import type { TestService } from '../../world/test-service.ts'

export type SentLetter = {
  readonly id: number
  readonly letter: string
  readonly to: readonly string[]
  readonly cc: readonly string[]
  readonly subject: string
  readonly body: string
  readonly case: string
  readonly state: string
}

/** What the outbox of the demonstration holds about a case, as an outsider reads it; what is due leaves first. */
export async function outboxOf(service: Pick<TestService, 'get'>, reference: string): Promise<SentLetter[]> {
  const all = (await service.get('/demo/outbox')).json<SentLetter[]>()
  return all.filter((one) => one.case === reference)
}
