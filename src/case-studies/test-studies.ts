import assert from 'node:assert/strict'
import type { Person } from '../cases/test-cases.ts'
import { sendTo } from '../cases/test-scene.ts'

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

export const act = (by: Person, reference: string, path: string, body: object = {}) =>
  sendTo(by, `${API}/${reference}${path}`, body)

/** Writes sections as the study stands now. */
export async function write(by: Person, reference: string, sections: Readonly<Record<string, string>>) {
  const { version } = await readStudy(by, reference)
  return act(by, reference, '', { version, sections })
}

export const wordsOf = ({ sections }: StudyView, id: string) => sections.find((one) => one.id === id)?.words ?? ''

export const CONSENT = { answer: 'yes', givenBy: 'Head teacher', givenOn: '2024-04-15', way: 'letter' }
