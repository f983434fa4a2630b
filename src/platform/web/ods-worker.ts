import { parentPort } from 'node:worker_threads'
import { writeOds } from 'hucre'
import type { OdsMessage } from './ods-thread.ts'

// A thread of its own, because writing a long spreadsheet takes seconds in which the service would answer nobody.
const data: Extract<OdsMessage, { rows: unknown }>['rows'][number][] = []

parentPort?.on('message', async (message: OdsMessage) => {
  if ('rows' in message) {
    data.push(...message.rows)
    return
  }
  const { name, columns } = message
  const bytes = await writeOds({
    sheets: [
      {
        name: name.slice(0, 31),
        columns: columns.map((column) => ({ header: column.head, key: column.key, width: column.width ?? 24 })),
        data,
      },
    ],
  })
  parentPort?.postMessage(bytes)
  parentPort?.close()
})
