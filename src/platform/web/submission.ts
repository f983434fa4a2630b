import { createHash, randomUUID } from 'node:crypto'
import type { RouteRequest } from './route.ts'

/** The hidden field of a form that is done once; its macro stands in `platform/web/submission.njk`. The API may send it too. */
const FIELD = 'submission'

/** A new token for each time a form is shown. */
export function newSubmissionToken(): string {
  return randomUUID()
}

/**
 * What tells one submission from another: the form's token, where it was sent, by whom and with which content. So the same
 * form sent twice is one, and one that was changed after going back is another. Undefined without a token.
 */
export function submissionOf({ actor, body, url }: RouteRequest): string | undefined {
  const token = body[FIELD]
  if (typeof token !== 'string' || token === '') return undefined
  const content = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([url, actor.personId, content]))
    .digest('hex')
}
