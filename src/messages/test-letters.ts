import { join } from 'node:path'
import { machineActor } from '../platform/actor.ts'
import type { Database } from '../platform/db.ts'
import { findLetter, type Letter, loadPacks, type Pack, runningPacks } from '../programmes/index.ts'
import {
  composeLetter,
  findRecipients,
  type Holder,
  type LetterFacts,
  type MessageSubject,
  type Places,
  queueMessage,
  type RecipientChoice,
  type ResolveRecipient,
  type Situation,
} from './index.ts'

/** What tests write letters about: a school in a trust, and who is who around it. Nobody here exists. */
const PLACES: Places = {
  school: { key: '900002', name: 'Otter Bank School' },
  trust: { key: 'T-01', name: 'Kestrel Bridge Learning Trust' },
  authority: { key: 'LA-NE', name: 'Wearstead' },
  region: { key: 'North East', name: 'North East' },
  leader: { key: 'L-01', name: 'Ada Quill' },
  asker: { key: 'ceo-01', name: 'Bram Oake' },
  partner: { key: 'T-09', name: 'Harbour Lamp Learning Trust' },
  owner: { key: 'L-01', name: 'Ada Quill' },
}

const HOLDERS: Readonly<Record<string, readonly Holder[]>> = {
  'head at school': [{ name: 'Cora Finch', email: 'head-900002@example.org' }],
  'trust-ceo at trust': [{ name: 'Bram Oake', email: 'ceo-01@example.org' }],
  'trust-ceo at partner': [{ name: 'Ada Quill', email: 'l-01@example.org' }],
  'delivery-partner-lead at region': [{ name: 'Dell Marsh', email: 'dp-ne@example.org' }],
  'system-leader at leader': [{ name: 'Ada Quill', email: 'l-01@example.org' }],
  'authority-contact at authority': [{ name: 'Wearstead office', email: 'la-ne@example.org' }],
  'diocese-contact at diocese': [{ name: 'Stanholm office', email: 'dio-1@example.org' }],
  ' at asker': [{ name: 'Bram Oake', email: 'ceo-01@example.org' }],
  ' at owner': [{ name: 'Ada Quill', email: 'l-01@example.org' }],
}

/** Resolves from the list above; those named here are vacant. */
export function resolverWithout(...vacant: readonly string[]): ResolveRecipient {
  return async ({ role = '', of }) => (vacant.includes(role) ? [] : (HOLDERS[`${role} at ${of}`] ?? []))
}

export const FACTS: LetterFacts = {
  'case.number': 'TSI-24-0001',
  'case.summary': 'Behaviour and attendance.',
  'subject.name': 'Otter Bank School',
  'subject.level': 'school',
  'authority.name': 'Wearstead',
  'region.name': 'North East',
  'leader.name': 'Ada Quill',
  'leader.type': 'MAT CEO',
  'leader.organisation': 'Harbour Lamp Learning Trust',
  'contact.name': 'Bram Oake',
  'contact.role': 'Chief executive',
  'contact.reach': 'ceo-01@example.org',
  'partner.name': 'Dell Marsh',
  'partner.organisation': 'Northgate Schools Support',
  'partner.reach': 'dp-ne@example.org',
  'sender.name': 'Regions Group',
  'sender.role': 'Regions Group officer',
  'support.focus': ['Behaviour', 'Attendance'],
  'support.kind': 'funded trust partnership',
  'partnership.trust': 'Harbour Lamp Learning Trust',
  'days.agreed': 10,
  'answer.by': '2023-11-09',
  'date.decided': '2024-01-15',
  'step.title': 'Note of visit',
  'step.due': '2024-01-12',
  'step.late': '1 working day late',
  amount: 10_000,
  instalments: ['£5,000 after the first review', '£5,000 at the end'],
  conditions: ['A signed offer'],
  outcome: 'approved',
  'message.words': 'Attendance fell in the spring.',
  'date.start': '2024-01-22',
  'notes.shared': ['New head since September'],
  'link.answer': 'https://alongside.example/answers/1',
  'link.case': 'https://alongside.example/cases/1',
  'link.form': 'https://alongside.example/cases/1/form',
  'link.once': 'https://alongside.example/l/1',
  'link.ends': '2024-02-15',
}

export const ABOUT: MessageSubject = {
  ...{ record: 'case', key: 1, label: 'TSI-24-0001', href: '/cases/1' },
  ...{ region: 'North East', authority: 'LA-NE', organisations: ['T-01'], urns: [900_002], leaders: ['L-01'] },
}

let shipped: Pack | undefined

export async function shippedPack(): Promise<Pack> {
  const packs = await loadPacks(join(import.meta.dirname, '../../packs'))
  shipped ??= packs.ok ? runningPacks(packs.value)[0] : undefined
  if (!shipped) throw new Error('No pack is shipped')
  return shipped
}

export async function situationOf(letter: string | Letter, more: Partial<Situation> = {}): Promise<Situation> {
  const pack = await shippedPack()
  const found = typeof letter === 'string' ? findLetter(pack, letter) : letter
  if (!found) throw new Error(`There is no letter ${String(letter)}`)
  return { pack, letter: found, places: PLACES, subjectKind: 'trust-school', on: '2024-01-15', ...more }
}

export type Writing = {
  readonly situation?: Partial<Situation>
  readonly facts?: LetterFacts
  readonly choice?: RecipientChoice
  readonly resolve?: ResolveRecipient
}

/** Finds the recipients of a letter and composes it. */
export async function write(
  letter: string | Letter,
  { situation = {}, facts = {}, choice = {}, resolve = resolverWithout() }: Writing = {},
) {
  const full = await situationOf(letter, situation)
  const recipients = await findRecipients(full, resolve)
  return { recipients, composed: composeLetter(full, { ...FACTS, ...facts }, recipients, choice) }
}

/** Writes a letter and queues it; answers its number. */
export async function queue(
  { db }: Pick<Database, 'db'>,
  letter: string | Letter,
  writing: Writing & { readonly about?: Partial<MessageSubject> } = {},
): Promise<number> {
  const { composed } = await write(letter, writing)
  if (!composed.ok) throw new Error(JSON.stringify(composed.refusals))
  const message = composed.value
  const by = machineActor('Test Officer', 'system')
  return db
    .transaction()
    .execute((transaction) => queueMessage(transaction, { message, about: { ...ABOUT, ...writing.about }, by }))
}
