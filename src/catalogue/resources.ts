import { catalogueJudge, packRef, type Resource } from '../programmes/index.ts'
import type { CatalogueContext } from './context.ts'

/** Guidance and material beside the catalogue, for focus areas and for steps of the programme's model. */
export function presentResources(context: CatalogueContext) {
  const { catalogue, areas, circumstances, typed, pack } = context
  const wanted = new Set(areas.map(({ id }) => id))
  const facts = circumstances?.facts ?? answersOf(context)
  const judge = catalogueJudge(catalogue)
  const shown = catalogue.resources.filter(
    (one) =>
      (wanted.size === 0 || one.areas?.some((area) => wanted.has(area))) &&
      (!typed.step || String(one.step) === typed.step),
  )
  const withheld = shown.filter(({ when }) => when !== undefined && judge(when, facts) !== 'met')
  const asked = catalogue.asks.filter(({ id }) => shown.some(({ when }) => when?.includes(id)))
  return {
    resources: shown.map((one) => ({
      id: one.id,
      title: one.title,
      kind: one.kind,
      audience: one.audience,
      // A link that its condition keeps back, or that the pack lacks, is null.
      link: withheld.includes(one) ? null : linkOf(one, packRef(pack)),
      withheld: withheld.includes(one),
      status: one.status ?? null,
      areas: (one.areas ?? []).map((area) => pack['focus-areas']?.areas.find(({ id }) => id === area)?.name ?? area),
      step: one.step ?? null,
      cites: one.cites,
    })),
    asks: asked.map(({ id, text }) => ({ id, text })),
  }
}

function answersOf({ catalogue, typed }: CatalogueContext) {
  const answered = catalogue.asks.filter(({ id, type }) => type === 'bool' && typed[id])
  return { beneficiary: 'school', ...Object.fromEntries(answered.map(({ id }) => [id, typed[id] === 'yes'])) }
}

function linkOf({ link, inside }: Resource, ref: string): string | null {
  if (inside) return `/programmes/${ref}/${inside}`
  return link && /^https:\/\//.test(link) && URL.canParse(link) ? link : null
}
