import type { TestAnswer, TestService } from '../world/test-service.ts'
import type { Things } from './full-service.ts'

type Drive = (service: TestService, things: Things) => Promise<TestAnswer>

const STEP = 'confirm-meeting'

/** Sends a link for the step of a case that waits for its head; its address stands in the reader's mailbox alone. */
export async function newLink(
  service: TestService,
  { work }: Things,
): Promise<{ id: number; link: string; email: string }> {
  await service.put('/demo/mail', { mail: 'works' })
  const { id } = (await service.postJson(`/api/v1/cases/${work}/steps/${STEP}/links`, {})).json<{ id: number }>()
  const letters = (await service.get('/demo/outbox')).json<{ body: string; to: string[] }[]>()
  const letter = letters.findLast(({ body }) => /\/link\/[\w-]{43}/.test(body))
  return { id, link: /\/link\/[\w-]+/.exec(letter?.body ?? '')?.[0] ?? '', email: letter?.to[0] ?? '' }
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
