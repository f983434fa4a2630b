import assert from 'node:assert/strict'
import { BANK, type CaseTeam, completed, formOfCase } from '../../world/deployment-form.ts'
import type { CaseDesk } from '../cases/test-cases.ts'

/** A deployment with ten validated days whose form was completed on one day and signed by both and handed in on the next. */
export async function handedIn(
  desk: CaseDesk,
  team: CaseTeam,
  reference: string,
  days: { completed: string; handedIn: string },
): Promise<void> {
  await completed(desk, reference, 900016, days.completed)
  desk.setToday(days.handedIn)
  const leader = formOfCase(team.leader, reference)
  assert.equal((await leader.save('bank', BANK)).status, 200)
  assert.equal((await leader.sign('leader')).status, 200)
  assert.equal((await team.leader.step(reference, 'send-to-school')).status, 200)
  assert.equal((await formOfCase(team.head, reference).sign('school', { outcome: 'confirm' })).status, 200)
  const submitted = await leader.submit()
  assert.equal(submitted.status, 200, submitted.message)
}
