import type { Refusal } from '../platform/decision.ts'
import { asTheMachine } from '../platform/web/as-machine.ts'
import { dateFieldItems } from '../platform/web/date-field.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import { judgementKey, judgementWords, offeredJudgements } from './change-study.ts'
import { presentPublishing, type StudyTab, studyFrame, studyHref } from './present-study.ts'
import { ENTRY_LENGTH } from './study.ts'
import { STUDY_ACTIONS, type StudyAction, studyStatus } from './study-actions.ts'
import type { StudyDesk, StudyParts } from './study-desk.ts'
import { onInside, shownRefusals } from './study-pages.ts'

type Model = Readonly<Record<string, unknown>>
/** A page with forms for several actions: what was typed into the one that was refused stays in it. */
type FormPage = {
  readonly tab: StudyTab
  readonly template: string
  model(desk: StudyDesk, request: RouteRequest): Model | Promise<Model>
}

const FORM_PAGES: readonly FormPage[] = [
  { tab: '/about', template: 'case-studies/about.njk', model: aboutModel },
  { tab: '/entries', template: 'case-studies/entries.njk', model: entriesModel },
  { tab: '/publishing', template: 'case-studies/publishing.njk', model: publishingModel },
]

/** The pages on which a study is linked, dated, approved, agreed to and published. */
export function actionPages(parts: StudyParts): Route[] {
  const study = '/case-studies/:reference'
  const shown = FORM_PAGES.map(
    (one): Route => ({
      method: 'GET',
      path: `${study}${one.tab}`,
      allow: 'see-cases',
      audit: null,
      handle: (request) => onInside(parts, request, (desk) => showPage(one, desk, request)),
    }),
  )
  const sent = STUDY_ACTIONS.map(
    (action): Route => ({
      method: 'POST',
      path: `${study}${action.path}`,
      allow: 'see-cases',
      audit: action.audit,
      handle: (request) => act(parts, action, request),
    }),
  )
  return [...shown, ...sent].map(asTheMachine)
}

async function act(parts: StudyParts, action: StudyAction, request: RouteRequest): Promise<Answer> {
  const decision = await action.run(parts, request)
  if (decision.ok) return redirect(studyHref(decision.value.reference, `${action.tab}?done=${action.done}`))
  const shown = FORM_PAGES.find(({ tab }) => tab === action.tab)
  if (!shown) return notFound('There is no such page.')
  return onInside(parts, request, (desk) => showPage(shown, desk, request, decision.refusals))
}

async function showPage(
  { tab, template, model }: FormPage,
  desk: StudyDesk,
  request: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  return page(
    template,
    {
      ...studyFrame(desk, tab, request.query.get('done')),
      ...shownRefusals(refusals),
      ...(await model(desk, request)),
    },
    refusals.length > 0 ? studyStatus(refusals) : 200,
  )
}

function aboutModel({ study, pack, rules, seen }: StudyDesk, { body }: RouteRequest): Model {
  const stages = pack.process?.flows?.[rules.flow]?.stages ?? []
  return {
    subjects: study.subjects.map(({ id, name, region, caseReference, caseStage }) => ({
      id,
      name,
      region,
      case: caseReference,
      href: seen.some(({ record }) => record.reference === caseReference)
        ? `/cases/${encodeURIComponent(caseReference ?? '')}`
        : null,
      stage: caseStage && `${caseStage} ${stages.find((one) => one.id === caseStage)?.title ?? ''}`,
    })),
    supporters: study.supporters,
    typed: {
      subject: textOf(body, 'subject'),
      leader: textOf(body, 'leader'),
      name: textOf(body, 'name'),
      organisation: textOf(body, 'organisation'),
    },
  }
}

async function entriesModel(desk: StudyDesk, { body }: RouteRequest): Promise<Model> {
  const { study, rules } = desk
  const sections = rules.sections.filter(({ entries }) => entries)
  const titleOf = (id: string) => rules.sections.find((one) => one.id === id)?.title ?? id
  return {
    entries: study.entries.map((one) => ({ ...one, on: longDate(one.on), section: titleOf(one.section) })),
    sections: sections.map(({ id, title }) => ({ value: id, text: title })),
    offered: (await offeredJudgements(desk)).map((one) => ({
      value: judgementKey(one),
      text: `${judgementWords(one)}, ${longDate(one.on)}`,
      hint: { text: one.source },
      checked: textOf(body, 'judgement') === judgementKey(one),
    })),
    day: dateFieldItems(body, 'on'),
    typed: { words: textOf(body, 'words') },
    most: ENTRY_LENGTH,
  }
}

/** Whoever speaks for the school finds the own name and the day filled in. */
function publishingModel(desk: StudyDesk, { body, actor }: RouteRequest): Model {
  const shown = presentPublishing(desk)
  const isOwn = desk.study.subjects.some((one) => desk.speaksFor(one))
  const givenBy = body['givenBy'] === undefined && isOwn ? actor.name : textOf(body, 'givenBy')
  const chosen = (items: readonly { value: string; text: string }[], name: string) =>
    items.map((one) => ({ ...one, checked: textOf(body, name) === one.value }))
  const answers = [
    { value: 'yes', text: 'They agree' },
    { value: 'no', text: 'They do not agree' },
  ]
  return {
    ...shown,
    version: desk.study.version,
    recordable: chosen(shown.recordable, 'subject'),
    ways: chosen(shown.ways, 'way'),
    answers: chosen(answers, 'answer'),
    day: dateFieldItems(body, 'givenOn', isOwn ? desk.today : ''),
    typed: { givenBy, reason: textOf(body, 'reason') },
  }
}
