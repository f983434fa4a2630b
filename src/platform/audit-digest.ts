import { createHash, hash, randomUUID } from 'node:crypto'

/** What an entry's digest covers. `at` in UTC with microseconds, as `2024-01-15T09:30:00.000000Z`. */
export type DigestedEntry = {
  readonly at: string
  readonly personId: number | null
  readonly name: string
  readonly door: string
  readonly requestId: string | null
  readonly action: string
  readonly record: string
  readonly recordKey: string
}

export type AuditSide = 'old' | 'new' | 'why'

/** A value by its salted digest: what stays when the value itself is removed. */
export type DigestedValue = { readonly side: AuditSide; readonly field: string; readonly digest: string }

/** What a head's digest covers. `previous` is the digest of the head before it. */
export type DigestedHead = {
  readonly sealedAt: string
  readonly day: string
  readonly firstId: number
  readonly lastId: number
  readonly entries: number
  readonly entriesDigest: string
  readonly previous: string | null
}

/** Unguessable, so that a removed value cannot be found by trying likely ones against its digest. */
export function newSalt(): string {
  return randomUUID()
}

/** `value` is JSON as text. Hexadecimal SHA-256, as all digests here. */
export function digestValue(salt: string, value: string): string {
  return sha256(part(salt) + part(value))
}

/** The values may come in any order. Migration 0040 works out the same digest in SQL. */
export function digestEntry(entry: DigestedEntry, values: readonly DigestedValue[]): string {
  const { at, personId, name, door, requestId, action, record, recordKey } = entry
  const parts = [at, personId, name, door, requestId, action, record, recordKey].map(part)
  const inOrder = values.toSorted((a, b) => compare(a.side, b.side) || compare(a.field, b.field))
  for (const { side, field, digest } of inOrder) parts.push(part(side), part(field), part(digest))
  return sha256(parts.join(''))
}

export function digestHead(head: DigestedHead): string {
  const { sealedAt, day, firstId, lastId, entries, entriesDigest, previous } = head
  return sha256([sealedAt, day, firstId, lastId, entries, entriesDigest, previous].map(part).join(''))
}

/** Adds up the entries of a head in their order, one after another. */
export function entriesHash(): { add(id: number, digest: string): void; end(): string } {
  const sum = createHash('sha256')
  return {
    add: (id, digest) => sum.update(part(id) + part(digest)),
    end: () => sum.digest('hex'),
  }
}

/** With its length in front, so that no two lists of texts read the same. */
function part(value: string | number | null): string {
  if (value === null) return '-'
  const text = String(value)
  return `${Buffer.byteLength(text)}:${text}`
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function sha256(text: string): string {
  return hash('sha256', text)
}
