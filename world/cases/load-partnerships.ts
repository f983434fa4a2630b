import { z } from 'zod'
import type { SceneWork } from '../scene-parts.ts'
import type { Deed } from './deed.ts'
import { doCases, tellCase } from './load-cases.ts'
import { addDays, type CaseStory } from './story.ts'

const day = z.iso.date()
const told = z.looseObject({
  id: z.string(),
  case: z.string(),
  subject: z.coerce.string(),
  partner: z.string(),
  kind: z.literal('funded'),
  approved: day,
  tasks: z.object({ offer_letter: day, terms: day, funding: day }).optional(),
})
type Partnership = z.infer<typeof told>

/** What a scene says of a partnership and no use case of the service keeps yet. */
const NOT_HELD = ['signed_offer', 'sla', 'instalments', 'report', 'school_confirmation']

export function lacksOfPartnerships(part: unknown): string[] {
  const words = new Set(
    z
      .array(told)
      .parse(part)
      .flatMap((one) => Object.keys(one)),
  )
  const lacking = NOT_HELD.filter((word) => words.has(word))
  return lacking.length > 0 ? [`partnerships: ${lacking.join(', ')}`] : []
}

/** Partnerships that were approved and told of, each beside the case that it came from. */
export async function loadPartnerships(work: SceneWork): Promise<void> {
  const cases = z
    .array(told)
    .parse(work.part)
    .map((one) => tellCase(work, storyOf(one, work), partnershipDeeds(one)))
  await doCases(work, cases)
}

/** The case behind a partnership: its days are over, its form waits for signatures, the application came to the Regions Group. */
function storyOf({ case: id, subject, partner, approved }: Partnership, { england }: SceneWork): CaseStory {
  const leader = england.leaders.find(({ org }) => org === partner)?.id
  const forwarded = addDays(approved, -12)
  return {
    id,
    subject,
    stage: 'S13',
    ...(leader && { leader }),
    agreed: 10,
    used: 10,
    completed: addDays(approved, -9),
    application: { state: 'with RG', forwarded, partner },
  }
}

function partnershipDeeds({ partner, approved, tasks }: Partnership): Deed[] {
  const usual = addDays(approved, 5)
  const { offer_letter: offer = usual, terms = usual, funding = usual } = tasks ?? {}
  const task = (step: string, on: string): Deed => ({ do: 'step', step, by: 'rg', on, fields: { date: on }, of: 1 })
  const last = [offer, terms, funding].toSorted().at(-1) ?? usual
  const decided = { outcome: 'approved', partner }
  return [
    { do: 'step', step: 'decide-application', by: 'rg', on: approved, fields: decided, of: 1 },
    task('offer-letter', offer),
    task('send-terms', terms),
    task('start-funding', funding),
    { do: 'step', step: 'communicated', by: 'rg', on: last, of: 1 },
  ]
}
