import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Delivery } from './delivery.ts'

/** What the pages and calls about messages are built from. */
export type MessageParts = {
  readonly database: Database
  readonly clock: Clock
  readonly demonstration: boolean
  readonly delivery: Delivery
}
