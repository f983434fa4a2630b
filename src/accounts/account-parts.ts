import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { WorkSource } from './open-work.ts'
import type { Provider } from './provider.ts'
import type { Role } from './roles.ts'

/** What this slice is built from. Without a provider nobody can sign in, except where a demonstration lets people choose. */
export type AccountParts = {
  readonly database: Database
  readonly clock: Clock
  readonly roles: readonly Role[]
  readonly demonstration: boolean
  readonly provider?: Provider
  /** What people look after, slice by slice, and how it is handed over when somebody leaves. */
  readonly openWork?: readonly WorkSource[]
}
