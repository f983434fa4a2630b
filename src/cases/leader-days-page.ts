import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { countOf, longDate } from '../platform/words.ts'
import { caseHref } from './case-page.ts'
import type { CaseRecord } from './case-store.ts'
import { type LeaderDays, readClaimDays, readDaysByLeader } from './leader-days.ts'
import { seesCase } from './who-sees.ts'

/** Who did which days, for the page of a case; in the claim of a leader who left, the days that it counts. */
export async function presentDays(db: Db, record: CaseRecord, actor: Actor) {
  const [byLeader, claim] = [await readDaysByLeader(db, record), await readClaimDays(db, record)]
  // A claim is for its leader and for those of the place: the next leader of the case does not see into it.
  const maySeeClaims = seesCase(actor, record, null)
  // One leader who did all days is told on the page of the days already.
  const isTold = byLeader?.leaders.some(({ claim: reference }) => reference !== null)
  return {
    leaderDays: byLeader &&
      isTold && {
        rows: byLeader.leaders.map((one) => presentLeader(one, maySeeClaims)),
        left: `Days left: ${byLeader.daysLeft}.`,
      },
    claimDays: claim && {
      rows: [
        ...claim.days.map(({ on, days, what }) => ({
          title: longDate(on),
          value: `${countOf(days, 'day')}, validated: ${what}`,
        })),
        ...claim.notClaimable.map(({ on, days, because }) => ({
          title: longDate(on),
          value: `${countOf(days, 'day')}, not claimed: ${because}`,
        })),
      ],
      words: `${countOf(claim.claimableDays, 'day')} may be claimed. The case itself goes on without this leader:`,
      about: claim.about,
      href: maySeeClaims ? caseHref(claim.about) : null,
    },
  }
}

function presentLeader({ leader, used, validated, from, until, claim, leftOn }: LeaderDays, maySee: boolean) {
  return {
    leader,
    days: `${countOf(used, 'day')}, ${validated} validated`,
    when: `${from === until ? longDate(from) : `${longDate(from)} to ${longDate(until)}`}${leftOn ? `; left on ${longDate(leftOn)}` : ''}`,
    claim: claim ?? 'With the form of the case',
    href: claim && maySee ? caseHref(claim) : null,
  }
}
