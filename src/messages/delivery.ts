import type { Database } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { deliverDue, recoverInterrupted } from './deliver.ts'
import { askFates, tellArrived, tellUndelivered, type UndeliveredHandler } from './follow-up.ts'
import type { MailPort } from './mail-port.ts'

/** Two seconds, so that a letter leaves while its sender still looks at the page. */
const POLL_MILLIS = 2_000

export type DeliveryParts = {
  readonly database: Pick<Database, 'db'>
  /** Null: there is no way out, and everything waits in the outbox. */
  readonly mail: MailPort | null
  readonly undelivered?: readonly UndeliveredHandler[]
  readonly tell?: (error: Error) => void
}

/** The delivery of one service. `deliverNow` does what is due and returns when it is done; `start` does so again and again. */
export type Delivery = {
  readonly channel: string | null
  /** The words of a letter as it went, in a demonstration only: there its link can be opened. */
  readSent(messageId: number): string | undefined
  deliverNow(): Promise<void>
  /** Takes up what a crash interrupted, then delivers until the answer is called, which waits for what is under way. */
  start(pollMillis?: number): () => Promise<void>
}

/**
 * One at a time within a process; the lock of the service keeps other processes away. Letters leave whoever wrote them, so this
 * is the machine's work, also where a request asks for it.
 */
export function openDelivery({ database, mail, undelivered = [], tell = () => undefined }: DeliveryParts): Delivery {
  let last: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = last.then(() => runAsMachine(work))
    last = mine.catch(() => undefined)
    return mine
  }
  const deliver = async (isStopping: () => boolean) => {
    if (!mail) return
    await deliverDue({ database, mail }, isStopping)
    await askFates(database, mail)
    await tellUndelivered(database, undelivered, tell)
    await tellArrived(database, undelivered, tell)
  }
  return {
    channel: mail?.channel ?? null,
    readSent: (messageId) => mail?.readSent?.(messageId),
    deliverNow: () => inTurn(() => deliver(() => false)),
    start(pollMillis = POLL_MILLIS) {
      let stopped = false
      let isRecovered = false
      let timer: NodeJS.Timeout | undefined
      const turn = async () => {
        try {
          if (!isRecovered) await recoverInterrupted(database)
          isRecovered = true
          await deliver(() => stopped)
        } catch (error) {
          tell(error instanceof Error ? error : new Error(String(error)))
        }
        if (!stopped) timer = setTimeout(begin, pollMillis).unref()
      }
      const begin = () => {
        void inTurn(turn)
      }
      begin()
      return async () => {
        stopped = true
        clearTimeout(timer)
        await last
        mail?.close?.()
      }
    },
  }
}
