import { type CaseParts, hatInCase } from '../cases/index.ts'
import type { Route } from '../platform/web/route.ts'
import { actionPages } from './action-pages.ts'
import { stateInWords, studyHref } from './present-study.ts'
import { isEarly } from './study.ts'
import { studyApi } from './study-api.ts'
import { rulesOf, type StudyParts } from './study-desk.ts'
import { listStudiesOfCase } from './study-list.ts'
import { studyPages } from './study-pages.ts'
import { waitingForApproval } from './waiting-approval.ts'

export { beginStudy } from './begin-study.ts'
export { saveText } from './change-study.ts'
export type { StudyParts } from './study-desk.ts'

/** Every way into case studies. Lists keep to the person's scope; one study asks by itself who may see it. */
export function studyRoutes(parts: StudyParts): Route[] {
  return [...studyPages(parts), ...actionPages(parts), ...studyApi(parts)]
}

/** Cases whose pages link to the case studies about them (TSI-147), and lead those who may to writing one. */
export function withStudies(parts: CaseParts): CaseParts {
  return {
    ...parts,
    async alsoWaiting(db, by) {
      const others = (await parts.alsoWaiting?.(db, by)) ?? []
      return [...others, ...(await waitingForApproval(parts, db, by))]
    },
    async besides(db, seen, by) {
      const others = (await parts.besides?.(db, seen, by)) ?? []
      const { record } = seen
      const found = rulesOf(parts.packs, record.programme, record.edition)
      if (!found || found.rules.flow !== record.flow) return others
      const { rules, pack } = found
      const studies = await listStudiesOfCase(db, record.id)
      const order = pack.process?.flows?.[record.flow]?.stages.map(({ id }) => id) ?? []
      const isFine = !isEarly(order, record.state.stage, rules['fine-from'].stage)
      const mayWrite = isFine && hatInCase(by, seen, rules.write.by) !== undefined
      if (studies.length === 0 && !mayWrite) return others
      return [
        ...others,
        {
          heading: rules.title,
          links: studies.map((one) => ({ text: one.title, href: studyHref(one.reference), note: stateInWords(one) })),
          more: mayWrite
            ? { text: 'Begin a case study', href: `/case-studies/new?case=${encodeURIComponent(record.reference)}` }
            : null,
        },
      ]
    },
  }
}
