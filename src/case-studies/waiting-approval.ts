import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { WaitingLine } from '../platform/waiting-line.ts'
import { studyHref } from './present-study.ts'
import { approvalOf, emptySections } from './study.ts'
import { openStudy, type StudyParts } from './study-desk.ts'
import { listStudies } from './study-list.ts'

const MOST = 20

/** Drafts that are written whole and wait for this person's approval, the newest first. */
export async function waitingForApproval(parts: StudyParts, db: Db, by: Actor): Promise<WaitingLine[]> {
  if (!mayApproveAny(parts, by)) return []
  const asked = { sort: 'newest', direction: 'desc', page: 1, filters: { state: 'draft' } } as const
  const { rows } = await listStudies(db, asked, { by, size: MOST })
  const found: WaitingLine[] = []
  for (const { reference, title, about, startedOn } of rows) {
    const desk = await openStudy(parts, db, { reference, by })
    const approval = desk?.rules.approval
    if (!desk?.isInside || !approval || !desk.isOf(approval.by)) continue
    if (approvalOf(desk.study, desk.rules).state === 'valid' || emptySections(desk.study, desk.rules).length > 0)
      continue
    found.push({
      reference,
      name: about.join(', ') || title,
      title: `Approve the case study: ${title}`,
      href: studyHref(reference),
      button: 'Read it',
      since: startedOn,
    })
  }
  return found
}

/** For everybody else no study is looked at. */
function mayApproveAny({ packs }: StudyParts, { hats }: Actor): boolean {
  return packs.some(({ programme, process, studies }) => {
    const roles = (studies?.approval?.by ?? []).flatMap((party) => process?.parties[party]?.roles ?? [])
    return hats.some((hat) => hat.programme === programme && roles.includes(hat.role))
  })
}
