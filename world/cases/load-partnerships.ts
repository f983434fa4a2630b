import { z } from 'zod'
import type { SceneWork } from '../scene-parts.ts'
import type { Deed } from './deed.ts'
import { doCases, tellCase } from './load-cases.ts'
import { addDays, type CaseStory, dayIn } from './story.ts'

const day = z.iso.date()
const told = z.looseObject({
  id: z.string(),
  case: z.string(),
  subject: z.coerce.string(),
  partner: z.string(),
  kind: z.literal('funded'),
  approved: day,
  start: day.optional(),
  tasks: z.object({ offer_letter: day, terms: day, funding: day }).optional(),
  // days with words around them, or "none"
  signed_offer: z.coerce.string().optional(),
  sla: z.coerce.string().optional(),
  instalments: z.array(z.string()).optional(),
  report: z.coerce.string().optional(),
})
type Partnership = z.infer<typeof told>

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

function partnershipDeeds(story: Partnership): Deed[] {
  const { partner, approved, tasks, start } = story
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
    { do: 'step', step: 'communicated', by: 'rg', on: last, of: 1, ...(start && { fields: { start } }) },
    ...agreedDeeds(story),
  ]
}

/** What comes after the decision: the signed offer, the agreement of both, what was paid, the report of the trust. */
function agreedDeeds({
  signed_offer,
  sla,
  instalments = [],
  report,
}: Pick<Partnership, 'signed_offer' | 'sla' | 'instalments' | 'report'>): Deed[] {
  const [signed, agreed, reported] = [dayIn(signed_offer), dayIn(sla), dayIn(report)]
  const record = (step: string, on: string, fields: object): Deed => ({
    ...{ do: 'step', step, by: 'rg', on, of: 1 },
    fields: { ...fields },
  })
  const agreement = { school: 'yes', trust: 'yes', model: 'yes' }
  return [
    ...(signed ? [record('signed-offer', signed, { date: signed, signatory: 'Chief executive' })] : []),
    ...(signed && agreed
      ? [record('service-agreement', agreed < signed ? signed : agreed, { date: agreed, ...agreement })]
      : []),
    ...instalments.flatMap((words): Deed[] => {
      const on = dayIn(words)
      if (!on || !words.startsWith('paid')) return []
      return [
        { do: 'pay', pay: 'prepare', by: 'rg', on, of: 1 },
        { do: 'pay', pay: 'release', by: 'payments', on, of: 1 },
        { do: 'pay', pay: 'answer', by: 'payments', on, of: 1 },
      ]
    }),
    ...(reported
      ? [record('activity-report', reported, { date: reported, report: 'Joint days on the curriculum, as agreed' })]
      : []),
  ]
}
