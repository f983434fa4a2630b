// A process of its own that changes things over HTTP without rest and notes each acknowledgement, on the disk, when it has it.
// Words: address, file of acknowledgements, number of the first leader, scenario, cookie of a session. Runs until it is killed.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Acknowledged } from './acknowledged.ts'

const [address = '', file = '', first = '1', scenario = '', cookie = ''] = process.argv.slice(2)

/** What the service said yes to is noted; a refusal or a broken line is not, and the next change is tried. */
async function send(path: string, body: object, acknowledged: Acknowledged): Promise<boolean> {
  try {
    const answer = await fetch(`${address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
    if (answer.status === 422) throw new Refused(await answer.text())
    if (!answer.ok) return false
    appendFileSync(file, `${JSON.stringify(acknowledged)}\n`, { flush: true })
    return true
  } catch (error) {
    if (error instanceof Refused) throw error
    await sleep(100)
    return false
  }
}

class Refused extends Error {}

for (let number = Number(first); ; number += 1) {
  const leader = `K-${String(number).padStart(6, '0')}`
  const fields = {
    reference: leader,
    name: 'Trial Person',
    type: 'nle',
    organisation: '900012',
    region: 'North East',
    phases: ['primary'],
    expertise: ['attendance'],
    worksOutOfRegion: 'yes',
    state: 'active',
    travelLimitMiles: '1',
  }
  if (!(await send('/api/v1/leaders', fields, { kind: 'leader', leader, miles: 1 }))) continue
  for (let version = 1; version < 4; version += 1) {
    const miles = version * 10
    const change = { version: String(version), travelLimitMiles: String(miles) }
    if (!(await send(`/api/v1/leaders/${leader}`, change, { kind: 'leader', leader, miles }))) break
  }
  const distance = 1 + (number % 900)
  const decision = { kind: 'weights', distance: String(distance) }
  await send(`/api/v1/matching/${scenario}/decisions`, decision, { kind: 'decision', distance })
}
