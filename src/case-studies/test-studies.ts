import assert from 'node:assert/strict'
import { startTestService, type TestService } from '../../world/test-service.ts'

export type Person = Pick<TestService, 'get' | 'post' | 'postJson'>

/** The day after the support of the invented cases, asked by the invented people. */
export type StudyDesk = {
  readonly service: TestService
  as(person: string): Promise<Person>
  close(): Promise<void>
}

export async function openStudyDesk(): Promise<StudyDesk> {
  const service = await startTestService({ movingDay: true, signedOut: true })
  const begun = await service.postJson('/demo/reset', { scene: 'tsi-after' })
  assert.equal(begun.status, 200, begun.text)
  return {
    service,
    async as(person) {
      const answer = await service.postJson('/demo/sign-in', { person })
      assert.equal(answer.status, 200, person)
      return service.as(answer.cookie)
    },
    close: () => service.close(),
  }
}

export type StudyView = {
  reference: string
  version: number
  title: string
  state: string
  regions: string[]
  sections: {
    id: string
    title: string
    words: string
    entries: { id: number; on: string; words: string; source: string | null }[]
  }[]
  supportedBy: { id: number; name: string; organisation: string | null }[]
  about: { id: number; name: string; urn: number | null; trust: string | null; case: string | null }[]
  missing: { code: string; message: string }[]
  warnings: string[]
  judgements: { judgement: string; on: string; grade: number }[]
}

const API = '/api/v1/case-studies'

/** A case study as somebody sees it by the API. */
export async function readStudy(by: Person, reference: string): Promise<StudyView> {
  const answer = await by.get(`${API}/${reference}`)
  assert.equal(answer.status, 200, answer.body)
  return answer.json<StudyView>()
}

/** Begins one about these cases, or URNs. */
export async function begin(by: Person, cases: readonly string[], title = ''): Promise<string> {
  const answer = await by.postJson(API, { cases, title })
  assert.equal(answer.status, 201, answer.body)
  return answer.json<{ reference: string }>().reference
}

/** Sends something below the address of a study and answers what came of it. */
export async function act(by: Person, reference: string, path: string, body: object = {}) {
  const answer = await by.postJson(`${API}/${reference}${path}`, body)
  const { refusals = [] } = answer.json<{ refusals?: { code: string; message: string }[] }>()
  return {
    status: answer.status,
    codes: refusals.map(({ code }) => code),
    message: refusals.map(({ message }) => message).join(' | '),
  }
}

/** Writes sections as the study stands now. */
export async function write(by: Person, reference: string, sections: Readonly<Record<string, string>>) {
  const { version } = await readStudy(by, reference)
  return act(by, reference, '', { version, sections })
}

export const wordsOf = ({ sections }: StudyView, id: string) => sections.find((one) => one.id === id)?.words ?? ''

export const CONSENT = { answer: 'yes', givenBy: 'Head teacher', givenOn: '2024-04-15', way: 'letter' }
