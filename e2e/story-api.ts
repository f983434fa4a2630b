import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type CaseDesk, openCaseDesk, type Person } from '../world/case-desk.ts'
import type { Deed, StoryDay } from './deployment-story.ts'

type Answered = {
  readonly refusals?: readonly { readonly message: string }[]
  readonly reference?: string
  readonly version?: number
}

/** A story lived by programs: the same deeds as in the browser, each sent to the API by whoever does it. */
export type ApiStory = {
  readonly desk: CaseDesk
  does(reference: string, deed: Deed): Promise<void>
  lives(reference: string, days: readonly StoryDay[]): Promise<void>
  /** Prepares a payment run, releases it and takes in the bank's answer that everything was paid. Answers its reference. */
  pays(prepares: string, releases: string): Promise<string>
  /** The books of a case's money in whole pounds, as somebody reads them. */
  books(person: string, reference: string): Promise<Readonly<Record<string, number>>>
}

export async function openApiStory(t: TestContext, today: string): Promise<ApiStory> {
  const desk = await openCaseDesk(today)
  t.after(() => desk.close())
  const does = async (reference: string, { by, at, fields = {}, of }: Deed) => {
    // Letters leave meanwhile: looking at the outbox of the demonstration sends what is due.
    await desk.service.get('/demo/outbox')
    const body = at.startsWith('form/') ? { ...fields, complete: true } : fields
    await send(await desk.as(by), `/cases/${reference}${of ? `-${of}` : ''}/${at}`, body)
  }
  return {
    desk,
    does,
    lives: async (reference, days) => {
      for (const { on, deeds } of days) {
        desk.setToday(on)
        for (const deed of deeds) await does(reference, deed)
      }
    },
    pays: async (prepares, releases) => {
      const { reference: run = '' } = await send(await desk.as(prepares), '/payment-runs')
      const payer = await desk.as(releases)
      await send(payer, `/payment-runs/${run}/release`)
      const { items } = (await payer.get(`/api/v1/payment-runs/${run}`)).json<{ items: readonly unknown[] }>()
      const lines = items.map((_, item) => `${run}-${item + 1},paid,${desk.today()},B-${item + 1}`)
      const file = ['Reference,Result,Date,Payment reference', ...lines, ''].join('\n')
      await send(payer, `/payment-runs/${run}/response`, { file })
      return run
    },
    books: async (person, reference) => {
      const by = await desk.as(person)
      return (await by.get(`/api/v1/cases/${reference}/money`)).json<{ books: Record<string, number> }>().books
    },
  }
}

/** Sends JSON that must be taken; answers what came back. */
export async function send(by: Person, path: string, body: object = {}): Promise<Answered> {
  const answer = await by.postJson(`/api/v1${path}`, body)
  const said = answer.json<Answered>()
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${said.refusals?.map((one) => one.message).join(' | ')}`)
  return said
}
