import { type DeploymentStory, stepsBefore } from '../../world/deployment-steps.ts'
import { driveCase } from '../../world/drive-case.ts'
import { fingerprint } from '../../world/fingerprint.ts'
import { MADE_BY_USE } from '../../world/tables.ts'
import { startTestService, type TestAnswer, type TestService } from '../../world/test-service.ts'
import { readSafetySettings } from '../platform/web/safety-settings.ts'
import { type Person, personAt } from './test-cases.ts'
import { outboxOf, type SentLetter } from './test-outbox.ts'

type Calls = Pick<TestService, 'get' | 'post' | 'postJson'>

/** The service with the invented England on a day that moves, whose every log line is kept. */
export type LinkService = {
  readonly service: TestService
  readonly log: readonly string[]
  as(person: string): Promise<Person>
  setToday(day: string): void
  drive(reference: string, subject: number | string, story: DeploymentStory): Promise<void>
  /** Sends a link by the API and answers its address, as it stands in the reader's mailbox, and that mailbox. */
  sendLink(by: Person, reference: string, step: string, body?: object): Promise<{ link: string; email: string }>
  letters(reference: string): Promise<readonly SentLetter[]>
  readonly visitor: Calls
  /** The calls of whoever opened a link with the right address. */
  open(link: string, email: string): Promise<Calls & { readonly answer: TestAnswer }>
  /** Every row of every table that use makes. */
  fingerprint(): Promise<string>
  close(): Promise<void>
}

export async function openLinkService(today: string): Promise<LinkService> {
  let day = Temporal.PlainDate.from(today)
  const clock = { today: () => day, now: () => day.toZonedDateTime('Europe/London').toInstant() }
  const log: string[] = []
  const safety = { ...readSafetySettings({ ALONGSIDE_LOG: 'all' }), writeLog: (line: string) => void log.push(line) }
  const service = await startTestService({ world: true, clock, safety })
  const visitor = service.as('')
  const letters = (reference: string) => outboxOf(service, reference)
  return {
    ...{ service, log, visitor, letters },
    as: (name) => personAt(service, name, () => day.toString()),
    setToday: (next) => {
      day = Temporal.PlainDate.from(next)
    },
    drive: (reference, subject, story) =>
      driveCase(service.cases, {
        reference,
        programme: 'tsi@2023-24',
        subject: typeof subject === 'number' ? { kind: 'school', urn: subject } : { kind: 'trust', uid: subject },
        begun: story.days['begun'] ?? Object.values(story.days)[0] ?? '2023-10-30',
        steps: stepsBefore(story),
      }),
    async sendLink(by, reference, step, body = {}) {
      const answer = await by.postJson(`/api/v1/cases/${reference}/steps/${step}/links`, body)
      if (answer.status !== 201) throw new Error(answer.body)
      const letter = (await letters(reference)).at(-1)
      const link = /\/link\/[\w-]+/.exec(letter?.body ?? '')?.[0] ?? ''
      return { link, email: letter?.to[0] ?? '' }
    },
    async open(link, email) {
      const answer = await visitor.post(link, { email })
      return { ...service.as(answer.cookie), answer }
    },
    fingerprint: () => fingerprint(service.database.pool, MADE_BY_USE),
    close: () => service.close(),
  }
}
