import type { Refusal } from '../platform/decision.ts'
import {
  type Answer,
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { countOf, longDate } from '../platform/words.ts'
import type { FormSection } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { formStatusOf } from './form-api.ts'
import {
  type FormDesk,
  groupRowsOf,
  hatFor,
  mayRead,
  mayWrite,
  openFormDesk,
  placeOfSection,
  sectionOf,
} from './form-desk.ts'
import { formFrame, formHref, onForm, taskPage } from './form-pages.ts'
import { type SectionSaved, saveSection } from './form-save.ts'
import { showSecret } from './form-secret.ts'
import { typedSection } from './form-section.ts'
import { answersOf, findSection, NO_ANSWERS, type SectionAnswers, type StoredSection } from './form-state.ts'
import { findSectionVersion, listSectionVersions } from './form-store.ts'
import { presentFormFields, presentGroups, programmesBeside, sectionInWords } from './form-words.ts'
import { shownRefusals } from './pages-case.ts'
import { partyTitle } from './present-case.ts'
import { blankAnswers, claimContent, outcomesLacking, sectionContent } from './present-form.ts'

/** One section of a form a page: to fill it, or to read it as it is or once was. */
export function formSectionPages(parts: CaseParts): Route[] {
  const path = '/cases/:reference/form/sections/:section'
  const on = (work: (desk: FormDesk, section: FormSection, request: RouteRequest) => Promise<Answer>) => {
    return (request: RouteRequest) =>
      onForm(parts, request, (desk) => {
        const section = sectionOf(desk, request.params['section'] ?? '')
        const sees = section && mayRead(desk, request.actor, section)
        return sees ? work(desk, section, request) : notFound('There is no such section, or you may not see it.')
      })
  }
  return [
    {
      method: 'GET',
      path,
      allow: 'see-cases',
      audit: null,
      handle: on((desk, section, request) => readOrFill(parts, desk, section, request)),
    },
    {
      method: 'POST',
      path,
      allow: 'see-cases',
      audit: 'form-saved',
      handle: on((desk, section, request) => save(parts, desk, section, request)),
    },
  ]
}

async function readOrFill(
  parts: CaseParts,
  desk: FormDesk,
  section: FormSection,
  request: RouteRequest,
): Promise<Answer> {
  const { actor, query } = request
  const signature = desk.form.signatures?.find(({ step }) => section.kind === 'confirm' && step === section.step)
  if (signature && hatFor(desk, actor, [signature.by])) return redirect(`${formHref(desk)}/signatures/${signature.id}`)
  const version = wholeNumber(query.get('version'))
  const at = placeOfSection(desk, section)
  const old = version ? await findSectionVersion(parts.database.db, { ...at, version }) : undefined
  if (version && !old) return notFound('There is no such version of this section.')
  return showSection(parts, desk, section, { request, old })
}

type Typed = { answers: SectionAnswers; refusals: readonly Refusal[]; moved: string | undefined; current: number }
type Shown = { request: RouteRequest; old?: StoredSection | undefined; typed?: Typed }

async function showSection(
  parts: CaseParts,
  desk: FormDesk,
  section: FormSection,
  { request, old, typed }: Shown,
): Promise<Answer> {
  const { stored } = desk
  const saved = findSection(stored, section.id)
  const isOpen = stored.status === 'open' || stored.status === 'returned'
  const may = !old && isOpen && mayWrite(desk, request.actor, section)
  const refusals = typed?.refusals ?? []
  const content = sectionContent(desk, section, old)
  const writers = (section.writers ?? []).map((party) => partyTitle(desk.record, party)).join(', ')
  const model = {
    ...formFrame(desk, `${section.number}. ${section.title}`),
    errors: shownRefusals(refusals).errors,
    where: `Filled by: ${writers || 'the service'}.`,
    part: { id: section.id, help: section.help ?? null },
    may,
    carried: carriedWords(request.query.get('carried')),
    moved: typed?.moved,
    isSecret: section.kind === 'secret',
    current: typed?.current ?? saved?.version ?? 0,
    ...(await versionsModel(parts, desk, section, old)),
    savedLine: saved
      ? `Saved ${longDate(saved.savedOn)} by ${saved.savedBy}, ${stateInWords(saved.state)}`
      : 'Not saved yet',
    claim: section.kind === 'claim' ? claimContent(desk) : null,
    warnings: saved && 'warnings' in content ? content.warnings : outcomesLacking(desk, section),
    programmes: programmesBeside(desk, section),
    secret: section.kind === 'secret' ? await secretModel(parts, desk, section, request) : null,
    words: sectionInWords(desk, section, old),
    ...(may && fieldsModel(desk, section, typed)),
  }
  return page('cases/form-section.njk', model, refusals.length > 0 ? formStatusOf(refusals) : 200)
}

function carriedWords(carried: string | null): string | null {
  if (carried === null) return null
  const count = wholeNumber(carried)
  if (count === 0) return 'Nothing was carried over: all of the notes is here already, or they are empty.'
  return `Notes were carried over into ${countOf(count, 'answer')} of this section. What stood here before is kept above them.`
}

async function versionsModel(
  { database }: CaseParts,
  desk: FormDesk,
  section: FormSection,
  old: StoredSection | undefined,
) {
  if (section.kind !== 'answers') return { earlier: [] }
  const versions = await listSectionVersions(database.db, placeOfSection(desk, section))
  return {
    version: old?.version,
    versions: versions.length,
    savedOn: old?.savedOn,
    savedBy: old?.savedBy,
    earlier: versions.slice(0, -1).map((one) => ({ ...one, state: stateInWords(one.state) })),
  }
}

function stateInWords(state: 'draft' | 'complete'): string {
  return state === 'complete' ? 'complete' : 'a draft'
}

function fieldsModel(desk: FormDesk, section: FormSection, typed: Typed | undefined) {
  const held = findSection(desk.stored, section.id)
  const saved = held && !held.sealed ? answersOf(desk.stored, section.id) : undefined
  const answers = typed?.answers ?? saved ?? blankAnswers(desk, section)
  const refusals = typed?.refusals ?? []
  return {
    fields: presentFormFields(section.fields ?? {}, answers.fields, { prefix: '', refusals, facts: desk.facts }),
    groups: presentGroups(desk, section, { answers, refusals }),
  }
}

async function secretModel(parts: CaseParts, desk: FormDesk, section: FormSection, { actor }: RouteRequest) {
  const { masked, full } = await showSecret(parts, desk, section, actor)
  if (masked === null) return null
  const fields = Object.entries(section.fields ?? {})
  return { masked, full: full && fields.map(([name, { title }]) => ({ title, value: full[name] ?? '' })) }
}

/** Saves a section. `go` says where to go: `back` to the form, `again` for one more row, `complete`, or `auto` by the page itself. */
async function save(parts: CaseParts, desk: FormDesk, section: FormSection, request: RouteRequest): Promise<Answer> {
  const { body, actor } = request
  const go = textOf(body, 'go')
  const decision = await saveSection(parts, {
    reference: desk.record.reference,
    section: section.id,
    body,
    complete: go === 'complete',
    version: Number(textOf(body, 'version')),
    by: actor,
  })
  if (go === 'auto')
    return decision.ok ? json(decision.value) : problem(decision.refusals, formStatusOf(decision.refusals))
  if (decision.ok && decision.value.missing.length === 0) return redirect(afterSaving(desk, decision.value, go))
  const refusals = decision.ok ? decision.value.missing : decision.refusals
  if (refusals.some(({ code }) => code === 'not-responsible' || code === 'form.handed-in'))
    return taskPage(desk, request, refusals)
  const now = (decision.ok && (await openFormDesk(parts, parts.database.db, desk.record))) || desk
  const typed: Typed = {
    // Bank details are typed again: they never come back to a page.
    answers: section.kind === 'secret' ? NO_ANSWERS : typedSection(section, groupRowsOf(desk, section), body),
    refusals,
    moved: refusals.find(({ code }) => code === 'moved-on')?.message,
    current: findSection(now.stored, section.id)?.version ?? 0,
  }
  return showSection(parts, now, section, { request, typed })
}

function afterSaving(desk: FormDesk, { section, state }: SectionSaved, go: string): string {
  if (go === 'again') return `${formHref(desk)}/sections/${section}`
  return `${formHref(desk)}?done=${state === 'complete' ? 'complete' : 'saved'}`
}
