import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

export type TableColumn = { readonly key: string; readonly head: string; readonly width?: number }
export type TableRow = Readonly<Record<string, string | number | null | undefined>>

/** Rows come in batches; the message without any ends them and asks for the file. */
export type OdsMessage =
  | { readonly rows: readonly Record<string, string | number | null>[] }
  | { readonly name: string; readonly columns: readonly TableColumn[] }

const ROWS_AT_ONCE = 1000

/** A list as the bytes of an ODS file, written on a thread of its own. Rejects when that fails. */
export async function writeOdsOnThread(
  name: string,
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
): Promise<Uint8Array> {
  const worker = new Worker(new URL('./ods-worker.ts', import.meta.url))
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  promise.catch(() => undefined) // a failure while rows are still sent is met at the end
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', (code) => reject(new Error(`The thread that writes spreadsheets ended with ${code}`)))
  const send = (message: OdsMessage) => worker.postMessage(message)
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const batch = rows.slice(from, from + ROWS_AT_ONCE)
    send({ rows: batch.map((row) => Object.fromEntries(columns.map(({ key }) => [key, row[key] ?? null]))) })
    await nextTurn()
  }
  send({ name, columns })
  return promise
}
