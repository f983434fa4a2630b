import type { CatalogueContext } from './context.ts'
import { type EntryFilters, findEntries } from './find-entries.ts'
import { type PresentedEntry, presentEntry, presentRules, sourceOf } from './present-entry.ts'
import { type Suggestions, suggest } from './suggest.ts'

/** Entries under their headings: the groups with their numbers, then the kinds beside them. Empty ones are left out. */
export function presentList(context: CatalogueContext, filters: EntryFilters) {
  const { groups, kinds } = context.catalogue
  const entries = findEntries(context.catalogue, filters)
  const under = (fits: (entry: (typeof entries)[number]) => boolean) =>
    entries.filter(fits).map((entry) => presentEntry(context, entry))
  const headings = [
    ...groups.map(({ id, name }, index) => ({ number: index + 1, name, entries: under(({ group }) => group === id) })),
    ...kinds.map(({ id, name }) => ({ number: null, name, entries: under(({ kind }) => kind === id) })),
  ]
  return {
    on: context.on,
    source: sourceOf(context),
    total: entries.length,
    groups: headings.filter((one) => one.entries.length > 0),
  }
}

/** Suggestions for a school or trust, each with its reason, and all others with theirs. */
export function presentSuggestions(context: CatalogueContext) {
  const { circumstances, on, areas, subjects, terms } = context
  if (!circumstances) throw new Error('Suggestions are for a school or trust')
  const found = suggest(context.catalogue, circumstances, { areas, subjects, on, terms })
  const suggested = found.suggested.map(({ entry, reasons, check, extras }) => ({
    ...summaryOf(presentEntry(context, entry)),
    reasons,
    check,
    extras,
  }))
  return {
    on,
    source: sourceOf(context),
    subject: {
      kind: circumstances.beneficiary,
      key: circumstances.key,
      name: circumstances.name,
      exercise: !circumstances.invented,
      facts: circumstances.source,
    },
    areas: areas.map(({ id, name }) => ({ id, name })),
    subjects,
    suggested: suggested.filter(({ group }) => group !== null),
    additional: suggested.filter(({ group }) => group === null),
    notSuggested: presentOthers(context, found),
    rules: presentRules(context),
  }
}

function presentOthers(context: CatalogueContext, { notSuggested }: Suggestions) {
  return notSuggested.map(({ entry, because }) => {
    const { id, title, href, group, kind } = presentEntry(context, entry)
    const outside = because.every(({ code }) => code === 'area' || code === 'subject')
    return { id, title, href, group, kind, because: because.map(({ code, text }) => ({ code, text })), outside }
  })
}

function summaryOf(entry: PresentedEntry) {
  const { id, title, href, group, kind, type, cost, access, availability, pathways, topics, figures, parts } = entry
  return { id, title, href, group, kind, type, cost, access, availability, pathways, topics, figures, parts }
}
