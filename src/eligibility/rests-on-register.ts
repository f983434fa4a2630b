import { longDate } from '../platform/words.ts'
import { packRef } from '../programmes/index.ts'
import type { RestingThing, RestsOnRegister } from '../register/index.ts'
import { getJudged, type JudgedSchool, judgeSchools, readRegisterOn } from './judge-register.ts'
import { type EligibilityParts, usualDay } from './pages.ts'
import { outcomeInWords, reasonOf } from './present-answer.ts'

const MOST_LISTED = 20

/** What a correction of the register would change in who qualifies, by each programme, on its usual day. */
export function eligibilityRests({ packs, clock }: Omit<EligibilityParts, 'database'>): RestsOnRegister {
  return {
    title: 'Who qualifies',
    async list({ before, after }) {
      const things: RestingThing[] = []
      for (const pack of packs) {
        const on = usualDay(pack, clock)
        const { schools: was, recorded } = await getJudged(before, pack, on)
        // A correction changes nothing of what persons judged.
        const will = judgeSchools(pack, { ...(await readRegisterOn(after, on)), recorded }).schools
        const href = `/eligibility/${packRef(pack)}`
        for (const words of differences(was, will))
          things.push({ words: `${pack.title}, on ${longDate(on)}: ${words}`, href })
      }
      if (things.length <= MOST_LISTED) return things
      return [...things.slice(0, MOST_LISTED), { words: `and ${things.length - MOST_LISTED} more answers` }]
    },
  }
}

function differences(was: readonly JudgedSchool[], will: readonly JudgedSchool[]): string[] {
  const before = new Map(was.map((one) => [one.school.id, one]))
  const after = new Map(will.map((one) => [one.school.id, one]))
  const gone = was.filter(({ school }) => !after.has(school.id))
  return [
    ...will.flatMap((one) => sayChange(before.get(one.school.id), one)),
    ...gone.map((one) => `${nameOf(one)} would no longer be considered (now: ${outcomeInWords(one).toLowerCase()})`),
  ]
}

function sayChange(was: JudgedSchool | undefined, will: JudgedSchool): string[] {
  if (was?.evaluation.outcome === will.evaluation.outcome && will.evaluation.outcome !== 'eligible') return []
  const now = outcomeInWords(will).toLowerCase()
  if (!was) return [`${nameOf(will)} would be considered, and ${now}`]
  const before = outcomeInWords(was).toLowerCase()
  if (was.evaluation.outcome !== will.evaluation.outcome) return [`${nameOf(will)} ${before} now, and then ${now}`]
  if (reasonOf(was) === reasonOf(will)) return []
  return [`${nameOf(will)} still ${now}, on other evidence: ${reasonOf(will)}`]
}

function nameOf({ school }: JudgedSchool): string {
  return `${school.name} (URN ${school.urn})`
}
