import { rolesOf } from '../../src/app.ts'
import type { SceneWork } from '../scene-parts.ts'
import { daysOf } from './case-days.ts'
import { showChangedSchools } from './changed-schools.ts'
import { closingDeeds, optionDeeds } from './closing-deeds.ts'
import type { Deed } from './deed.ts'
import { doDeed } from './do-deed.ts'
import { openingDeeds } from './opening-deeds.ts'
import { actorsOf, type CaseSubject, doerOf, emailOf, placeOffices, subjectOf } from './people-of-case.ts'
import { type CaseStory, readStories } from './story.ts'
import { noteDeeds, workDeeds } from './work-deeds.ts'

/** A case with everything that is done in it, in the order of days. */
export type ToldCase = {
  readonly reference: string
  readonly leader: string | undefined
  readonly subject: CaseSubject
  readonly deeds: readonly Deed[]
}

/** The cases of a scene, each brought about by the deeds of its people. */
export async function loadCases(work: SceneWork): Promise<void> {
  const stories = readStories(work.part)
  await doCases(
    work,
    stories.map((story) => tellCase(work, story)),
  )
  await showChangedSchools(work)
}

/** What is done in a case, and `more` after it. */
export function tellCase({ england, scene }: SceneWork, story: CaseStory, more: readonly Deed[] = []): ToldCase {
  const subject = subjectOf(england, story.subject)
  const of = { inTrust: subject.trust !== null, inDiocese: subject.diocese !== null }
  const days = daysOf(story, scene.told)
  const deeds = [
    ...openingDeeds(story, days, of),
    ...noteDeeds(story, days),
    ...workDeeds(story, days, of),
    ...optionDeeds(story, days),
    ...closingDeeds(story, days, of),
    ...(story.further ?? []).map(({ fields = {}, ...one }): Deed => ({ do: 'step', fields, ...one })),
    ...more,
  ]
  const inOrder = deeds.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
  return { reference: story.id, leader: story.leader, subject, deeds: inOrder }
}

/**
 * Does what lies in the window of days, in their order over all cases. At the beginning of a scene a refusal is an error of
 * the scene. On a later day it is not: people may have done something else meanwhile, and the case then goes their way.
 */
export async function doCases(work: SceneWork, cases: readonly ToldCase[]): Promise<void> {
  const { db, england, window, packs, programme } = work
  const inWindow = ({ on }: Deed) => on <= window.to && (window.after === null || on > window.after)
  const due = cases.flatMap((one) => one.deeds.filter(inWindow).map((deed) => ({ one, deed })))
  if (due.length === 0) return
  const actor = actorsOf(db, rolesOf(packs))
  const subjects = [...new Set(due.map(({ one }) => one))].map(({ subject }) => subject)
  await placeOffices(db, england, subjects, programme.split('@')[0] ?? '')
  const left = new Set<string>()
  for (const { one, deed } of due.toSorted((a, b) => (a.deed.on < b.deed.on ? -1 : a.deed.on > b.deed.on ? 1 : 0))) {
    if (left.has(one.reference)) continue
    const doer = doerOf(england, { doer: deed.by, subject: one.subject, leader: one.leader })
    const done = await doDeed(work.casesOn(deed.on), deed, {
      reference: one.reference,
      programme,
      subject: one.subject.key,
      by: await actor(doer, deed.on),
      emailOf: (person) => emailOf(england, person),
    })
    if (done.ok) continue
    if (window.after === null) throw new Error(`${one.reference}, ${wordsOf(deed)}: ${JSON.stringify(done.refusals)}`)
    left.add(one.reference)
  }
}

function wordsOf(deed: Deed): string {
  const what = 'step' in deed ? deed.step : 'section' in deed ? deed.section : ''
  return `${deed.do} ${what} on ${deed.on}`
}
