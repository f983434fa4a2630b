import { startTestService, type TestService } from '../../world/test-service.ts'
import { type Person, personAt } from './test-cases.ts'

/** A demonstration that begins scenes, asked by the invented people as outsiders do it: through the API. */
export type SceneDesk = {
  readonly service: TestService
  /** Starts again from a scene; `today` is another day than the scene's own. */
  begin(scene: string, today?: string): Promise<void>
  moveTo(day: string): Promise<void>
  /** Somebody signed in now. A scene that begins ends every session. */
  as(person: string): Promise<Person>
  close(): Promise<void>
}

export async function openScenes(): Promise<SceneDesk> {
  const service = await startTestService({ movingDay: true, signedOut: true })
  const must = async (asked: Promise<{ status: number; text: string }>) => {
    const { status, text } = await asked
    if (status !== 200) throw new Error(text)
  }
  const today = async () => (await service.get('/demo/today')).json<{ today: string }>().today
  return {
    service,
    async begin(scene, day) {
      await must(service.postJson('/demo/reset', { scene, ...(day && { today: day }) }))
      // A day after the scene's own is reached by living through those between.
      if (day && day > (await today())) await must(service.put('/demo/today', { today: day }))
    },
    moveTo: (day) => must(service.put('/demo/today', { today: day })),
    async as(person) {
      const day = await today()
      return personAt(service, person, () => day)
    },
    close: () => service.close(),
  }
}

export type Refusals = { refusals?: { code: string; message: string; field?: string }[] }

/** Sends JSON about a case and answers what came of it. */
export async function sendTo(by: Person, path: string, body: object = {}) {
  const answer = await by.postJson(path, body)
  const json = answer.json<Refusals & { id?: number }>()
  const refusals = json.refusals ?? []
  return {
    status: answer.status,
    id: json.id ?? 0,
    codes: refusals.map(({ code }) => code),
    fields: refusals.map(({ field }) => field ?? ''),
    message: refusals.map(({ message }) => message).join(' | '),
  }
}
