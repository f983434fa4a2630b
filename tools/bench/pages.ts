import autocannon from 'autocannon'
import { signInToDemonstration } from '../demo-session.ts'
import { startService } from './service.ts'

/** Pages by what they cost: `empty` is the layout with a few words, the measure of all others. */
const PAGES = {
  empty: '/programmes',
  search: '/search?q=larkbek%20primry',
  searchWord: '/search?q=st%20mary',
  list: '/schools?region=North%20East&sort=name',
  listWord: '/schools?q=school',
  listTrust: '/schools?sort=trust',
  school: '/schools/100000',
  eligibility: '/eligibility/tsi@2023-24?on=2024-08-31',
}
const SECONDS = 4

type Figures = { p50: number; p97_5: number; perSecond: number }

/** p50 and p97.5 in ms and requests a second at 1 and 16 clients, and each page's ratio to the empty one. */
export async function benchPages(dataFolder: string) {
  const service = await startService(dataFolder)
  try {
    const figures: Record<string, Record<string, Figures & { perSecondToEmpty: number; p50ToEmpty: number }>> = {}
    for (const clients of [1, 16]) {
      let empty: Figures | undefined
      for (const [name, path] of Object.entries(PAGES)) {
        const own = await measure(service.address + path, clients)
        empty ??= own
        const ratios = {
          perSecondToEmpty: round(own.perSecond / empty.perSecond),
          p50ToEmpty: round(own.p50 / Math.max(1, empty.p50)),
        }
        figures[name] = { ...figures[name], [`${clients} clients`]: { ...own, ...ratios } }
      }
    }
    return { ...figures, secondStartSeconds: round(service.readySeconds), memoryMiB: service.memoryMiB() }
  } finally {
    await service.stop()
  }
}

async function measure(url: string, connections: number): Promise<Figures> {
  const headers = await signInToDemonstration(new URL(url).origin)
  await (await fetch(url, { headers })).text()
  const { latency, requests, non2xx } = await autocannon({ url, headers, connections, duration: SECONDS })
  if (non2xx > 0) throw new Error(`${url} answered ${non2xx} times with an error`)
  return { p50: latency.p50, p97_5: latency.p97_5, perSecond: round(requests.average) }
}

export function round(value: number): number {
  return Math.round(value * 100) / 100
}
