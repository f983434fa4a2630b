import { readXlsx, writeXlsx } from 'hucre'
import type { TestAnswer, TestService } from '../../world/test-service.ts'

export type FileAnswer = {
  readonly status: number
  readonly codes: readonly string[]
  readonly message: string
  // biome-ignore lint/suspicious/noExplicitAny: what the API answers is what the tests are about
  readonly json: any
}
type Cell = string | number | boolean | Date | null

/** One person with the workbook of one case: download it, send it filled, take what differs. A session lasts a day, so each call begins one. */
export function formFileOf(service: TestService, person: string, reference: string) {
  const path = `/api/v1/cases/${reference}/form/file`
  const calls = async () => {
    const { cookie } = await service.postJson('/demo/sign-in', { person })
    return service.as(cookie)
  }
  const answered = ({ status, json: read }: TestAnswer): FileAnswer => {
    const json = read<{ refusals?: { code: string; message: string }[] }>()
    const refusals = json.refusals ?? []
    const message = refusals.map((one) => one.message).join(' | ')
    return { status, codes: refusals.map(({ code }) => code), message, json }
  }
  return {
    calls,
    download: async () => (await (await calls()).get(path)).bytes,
    send: async (bytes: Uint8Array, name = 'filled.xlsx') =>
      answered(await (await calls()).upload(path, {}, name, bytes)),
    sendAtPage: async (bytes: Uint8Array, name = 'filled.xlsx') =>
      (await calls()).upload(`/cases/${reference}/form/file`, {}, name, bytes),
    take: async (body: object = {}) => answered(await (await calls()).postJson(`${path}/taken`, body)),
  }
}

/** A workbook with other answers under some keys, as somebody would type them; a formula where the value begins with "formula:". */
export async function fill(bytes: Uint8Array, answers: Readonly<Record<string, Cell>>): Promise<Uint8Array> {
  const { sheets } = await readXlsx(bytes)
  const left = new Set(Object.keys(answers))
  const written = sheets.map(({ name, rows }) => {
    const head = rows.find((row) => row.includes('Answer') && row.includes('Key'))
    const [answerAt, keyAt] = [head?.indexOf('Answer') ?? -1, head?.indexOf('Key') ?? -1]
    const cells = new Map<string, { formula: string; formulaResult: number }>()
    const filled = rows.map((row, at) => {
      const key = String(row[keyAt] ?? '')
      if (!left.delete(key)) return row
      const value = answers[key] ?? null
      if (typeof value === 'string' && value.startsWith('formula:'))
        cells.set(`${at},${answerAt}`, { formula: value.slice('formula:'.length), formulaResult: 2 })
      return row.with(answerAt, value)
    })
    return { name, rows: filled, cells }
  })
  if (left.size > 0) throw new Error(`The workbook has no ${[...left].join(', ')}`)
  return writeXlsx({ sheets: written })
}

/** The answers of a workbook by key. */
export async function readKeys(bytes: Uint8Array): Promise<Readonly<Record<string, Cell>>> {
  const { sheets } = await readXlsx(bytes)
  return Object.fromEntries(
    sheets.flatMap(({ rows }) => {
      const head = rows.find((row) => row.includes('Answer') && row.includes('Key'))
      const [answerAt, keyAt] = [head?.indexOf('Answer') ?? -1, head?.indexOf('Key') ?? -1]
      return rows
        .filter((row) => String(row[keyAt] ?? '').includes('/'))
        .map((row) => [row[keyAt], row[answerAt] ?? null])
    }),
  )
}
