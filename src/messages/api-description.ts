import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'
import { STATE_CHOICES } from './states.ts'

const at = '/api/v1/messages'
const person = z.looseObject({ name: z.string(), email: z.string(), roleTitle: z.string() })
const state = z.string().describe('queued, failing, handed-over, delivered, unknown, bounced or given-up')
const row = z.looseObject({
  id: z.int(),
  dated: z.iso.date(),
  title: z.string(),
  subject: z.string(),
  record: z.string(),
  recordKey: z.string(),
  label: z.string(),
  href: z.string(),
  queuedAt: z.iso.datetime(),
  to: z.array(person),
  cc: z.array(person),
  state,
  perhapsTwice: z.boolean().describe('A try was under way when the service ended, so it may have gone twice'),
})
const recipient = z.looseObject({
  part: z.enum(['to', 'cc']),
  name: z.string(),
  email: z.string(),
  roleTitle: z.string(),
  because: z.string().describe('Why this recipient got it'),
  state,
  trouble: z.string().nullable(),
  tries: z.int(),
})
const changed = z.looseObject({ id: z.int(), recipients: z.int() })

export const MESSAGE_API: Readonly<Record<string, ApiDescription>> = {
  [`GET ${at}`]: {
    summary: 'Letters as they were sent, newest first',
    query: z.object({
      text: z.string().optional().describe('In the subject, the case, a name or an address'),
      state: z.enum(STATE_CHOICES.map(({ value }) => value)).optional(),
      sort: z.enum(['date', '-date']).optional().describe('-date: oldest first'),
      page: z.int().optional(),
    }),
    answer: z.looseObject({ total: z.int(), page: z.int(), pageSize: z.int(), messages: z.array(row) }),
  },
  [`GET ${at}/:id`]: {
    summary: 'One message: its words, recipients with reasons, and every try',
    answer: row.extend({ body: z.string(), recipients: z.array(recipient), attempts: z.array(z.looseObject({})) }),
  },
  [`POST ${at}/:id/try-again`]: { summary: 'Send again to whom it did not reach', answer: changed },
  [`POST ${at}/:id/sent-otherwise`]: {
    summary: 'Record that it went another way, such as by post',
    body: z.object({ how: z.string() }),
    answer: changed,
  },
}
