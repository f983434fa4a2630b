import { z } from 'zod'
import { rolesOf } from '../../src/app.ts'
import { beginStudy, saveText } from '../../src/case-studies/index.ts'
import type { SceneWork } from '../scene-parts.ts'
import { actorsOf, doerOf, subjectOf } from './people-of-case.ts'

/** A case study as a scene tells it: of which case, which sections are written, and that nobody agreed to it yet. */
const told = z.strictObject({
  id: z.string(),
  case: z.string(),
  sections: z.record(z.string(), z.enum(['filled', 'empty'])),
  consent: z.literal('none'),
})
const stories = z.array(z.looseObject({ id: z.string(), subject: z.coerce.string() }))

/** Case studies of a scene, begun on its day by the delivery partner; a section told as filled holds what its case says. */
export async function loadStudies(work: SceneWork): Promise<void> {
  const { db, england, packs, scene, window, part } = work
  const on = scene.told
  if (on > window.to || (window.after !== null && on <= window.after)) return
  const { cases }: { cases?: unknown } = Object(scene.exists)
  const actor = actorsOf(db, rolesOf(packs))
  for (const one of z.array(told).parse(part)) {
    const story = stories.parse(cases).find(({ id }) => id === one.case)
    const subject = subjectOf(england, story?.subject ?? '')
    const by = await actor(doerOf(england, { doer: 'rdp', subject, leader: undefined }), on)
    const parts = work.casesOn(on)
    const begun = await beginStudy(parts, { cases: [one.case], title: '', by, reference: one.id })
    if (!begun.ok) throw new Error(`${one.id}: ${JSON.stringify(begun.refusals)}`)
    const empty = Object.entries(one.sections).filter(([, how]) => how === 'empty')
    const texts = Object.fromEntries(empty.map(([section]) => [section, '']))
    const saved = await saveText(parts, { reference: one.id, by, title: subject.name, texts, version: 1 })
    if (!saved.ok) throw new Error(`${one.id}: ${JSON.stringify(saved.refusals)}`)
  }
}
