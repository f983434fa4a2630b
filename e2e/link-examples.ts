import { randomBytes } from 'node:crypto'
import type { TestAnswer, TestService } from '../world/test-service.ts'
import type { Things } from './full-service.ts'

type Drive = (service: TestService, things: Things) => Promise<TestAnswer>

const STEP = 'agree-option'

/**
 * Sends a link for the step of a case that waits for its head, with a token of ours beside those that its letter takes as it leaves:
 * so it opens however the mail of the demonstration behaves.
 */
export async function newLink(
  service: TestService,
  { work }: Things,
): Promise<{ id: number; link: string; email: string }> {
  const { id } = (await service.postJson(`/api/v1/cases/${work}/steps/${STEP}/links`, {})).json<{ id: number }>()
  const token = randomBytes(32).toString('base64url')
  const { rows } = await service.database.pool.query<{ email: string }>(
    `with known as (insert into one_time_link_token (token_hash, link_id) values (sha256(convert_to($1, 'UTF8')), $2))
      select email from one_time_link where id = $2`,
    [token, id],
  )
  return { id, link: `/link/${token}`, email: rows[0]?.email ?? '' }
}

/** Each change of a link, as it succeeds. */
export const LINK_CHANGES: Readonly<Record<string, Drive>> = {
  '/cases/:reference/steps/:step/link': (service, { work }) =>
    service.post(`/cases/${work}/steps/${STEP}/link`, { key: '' }),
  '/api/v1/cases/:reference/steps/:step/links': (service, { work }) =>
    service.postJson(`/api/v1/cases/${work}/steps/${STEP}/links`, {}),
  '/cases/:reference/links/:id/revoke': async (service, things) =>
    service.post(`/cases/${things['work']}/links/${(await newLink(service, things)).id}/revoke`, {}),
  '/api/v1/cases/:reference/links/:id/revoke': async (service, things) =>
    service.postJson(`/api/v1/cases/${things['work']}/links/${(await newLink(service, things)).id}/revoke`, {}),
  '/link/:token': async (service, things) => {
    const { link, email } = await newLink(service, things)
    return service.post(link, { email })
  },
}
