import { type DeploymentStory, stepsBefore } from '../../world/deployment-steps.ts'
import { driveCase, driveStep } from '../../world/drive-case.ts'
import { startTestService, type TestAnswer, type TestService } from '../../world/test-service.ts'

type Refused = { refusals?: { code: string; message: string; field?: string }[] }

/** The service with the invented England, asked by its invented people, on a day that a test may move. */
export type CaseDesk = {
  readonly service: TestService
  /** The same calls by one of the invented people, named as the world file names them. */
  as(person: string): Promise<Person>
  today(): string
  setToday(day: string): void
  /** Brings a deployment about, up to the stage `to`, on the days given. */
  drive(reference: string, subject: number | string, story: DeploymentStory): Promise<void>
  /** One more step on a day, by the machine. */
  doStep(reference: string, step: string, on: string, fields?: Record<string, unknown>): Promise<void>
  close(): Promise<void>
}

export type Person = {
  start(fields: object): Promise<string>
  tryStart(fields: object): Promise<{ status: number; refusals: Refused['refusals'] }>
  step(reference: string, step: string, fields?: object): Promise<Outcome>
  act(reference: string, action: string, fields?: object): Promise<Outcome>
  read(reference: string): Promise<CaseView>
  get(path: string): Promise<TestAnswer>
  post(path: string, fields: Record<string, string | readonly string[]>): Promise<TestAnswer>
  postJson(path: string, body: object): Promise<TestAnswer>
}

export type Outcome = {
  readonly status: number
  readonly codes: readonly string[]
  readonly message: string
  readonly stage: string
}

export type CaseView = {
  readonly status: number
  readonly stage: string
  readonly subject: { kind: string; name: string }
  readonly leader: { reference: string } | null
  readonly agreedDays: number
  readonly basis: { rows: { id: string }[]; judgements: { urn: number; date: string; grade: number }[] }
  readonly open: readonly {
    step: string
    key: string
    party: string
    openedOn: string
    dueOn: string | null
    overdue: boolean
    workingDaysLate: number
  }[]
  readonly done: readonly {
    step: string
    doneOn: string
    workingDaysLate: number
    superseded: boolean
    doneBy: string
    doneAs: string | null
    outcome: string | null
  }[]
  readonly caseStatus: string
  readonly nextStages: readonly string[]
}

export async function openCaseDesk(today = '2023-11-22'): Promise<CaseDesk> {
  let day = Temporal.PlainDate.from(today)
  const clock = { today: () => day, now: () => day.toZonedDateTime('Europe/London').toInstant() }
  const service = await startTestService({ world: true, clock })
  return {
    service,
    as: (name) => personAt(service, name, () => day.toString()),
    today: () => day.toString(),
    drive: (reference, subject, story) =>
      driveCase(service.cases, {
        reference,
        programme: 'tsi@2023-24',
        subject: typeof subject === 'number' ? { kind: 'school', urn: subject } : { kind: 'trust', uid: subject },
        begun: story.days['begun'] ?? Object.values(story.days)[0] ?? '2023-10-30',
        steps: stepsBefore(story),
      }),
    doStep: (reference, step, on, fields = {}) => driveStep(service.cases, reference, { on, step, fields }),
    setToday: (next) => {
      day = Temporal.PlainDate.from(next)
    },
    close: () => service.close(),
  }
}

/** One of the invented people. A session ends when its day does, so each new day begins with signing in again. */
export async function personAt(service: TestService, name: string, day: () => string): Promise<Person> {
  let signedIn: { on: string; calls: Calls } | undefined
  const calls = async (): Promise<Calls> => {
    if (signedIn?.on === day()) return signedIn.calls
    const answer = await service.postJson('/demo/sign-in', { person: name })
    if (answer.status !== 200) throw new Error(`Nobody is called ${name}`)
    signedIn = { on: day(), calls: service.as(answer.cookie) }
    return signedIn.calls
  }
  await calls()
  return personOf({
    get: async (path) => (await calls()).get(path),
    post: async (path, fields) => (await calls()).post(path, fields),
    postJson: async (path, body) => (await calls()).postJson(path, body),
  })
}

type Calls = Pick<TestService, 'get' | 'post' | 'postJson'>

function personOf(calls: Calls): Person {
  const outcome = ({ status, json }: TestAnswer): Outcome => {
    const body = json<Refused & { stage?: string }>()
    const refusals = body.refusals ?? []
    return {
      status,
      codes: refusals.map(({ code }) => code),
      message: refusals.map((one) => one.message).join(' | '),
      stage: body.stage ?? '',
    }
  }
  const send = async (path: string, fields: object) => outcome(await calls.postJson(path, fields))
  return {
    ...calls,
    async start(fields) {
      const answer = await calls.postJson('/api/v1/cases', { programme: 'tsi@2023-24', ...fields })
      if (answer.status !== 201) throw new Error(answer.body)
      return answer.json<{ reference: string }>().reference
    },
    async tryStart(fields) {
      const answer = await calls.postJson('/api/v1/cases', { programme: 'tsi@2023-24', ...fields })
      return { status: answer.status, refusals: answer.json<Refused>().refusals ?? [] }
    },
    step: (reference, step, fields = {}) => send(`/api/v1/cases/${reference}/steps/${step}`, fields),
    act: (reference, action, fields = {}) => send(`/api/v1/cases/${reference}/actions/${action}`, fields),
    async read(reference) {
      const answer = await calls.get(`/api/v1/cases/${reference}`)
      const body = answer.json<CaseView & { status: string }>()
      return { ...body, caseStatus: body.status, status: answer.status }
    },
  }
}
