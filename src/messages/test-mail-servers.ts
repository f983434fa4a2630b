import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type TakenMail = { readonly to: readonly string[]; readonly text: string }

/**
 * A mail server on this machine that keeps what it takes. `manners`: with which code it refuses addresses that begin so; they may
 * change while it runs.
 */
export async function startSmtpServer(manners: Record<string, number> = {}) {
  const taken: TakenMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo({ address }, _session, answer) {
      const code = Object.entries(manners).find(([start]) => address.startsWith(start))?.[1]
      if (code === undefined) return answer()
      return answer(Object.assign(new Error(`No mail for ${address}`), { responseCode: code }))
    },
    onData(stream, { envelope }, answer) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address)
        taken.push({ to, text: Buffer.concat(parts).toString() })
        // Taken, and then silent: for a crash between the server's taking and its yes.
        if ('never-answers' in manners) return
        answer()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

type NotifyCall = { readonly path: string; readonly token: string; readonly body: Record<string, unknown> }

/** Stands for GOV.UK Notify on this machine: `answer` says what it answers to a call, by its number. */
export async function startNotifyServer(answer: (call: NotifyCall) => { status: number; value: object }) {
  const calls: NotifyCall[] = []
  const server = createServer(async (request, response) => {
    const call = {
      path: `${request.method} ${request.url}`,
      token: request.headers.authorization?.replace('Bearer ', '') ?? '',
      body: await readJson(request),
    }
    calls.push(call)
    const { status, value } = answer(call)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  const text = Buffer.concat(parts).toString()
  return text ? JSON.parse(text) : {}
}
