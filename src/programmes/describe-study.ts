import type { Cited } from './describe-pack.ts'
import type { Pack } from './pack-schema.ts'

const list = (items: readonly string[], type: 'conjunction' | 'disjunction' = 'conjunction') =>
  new Intl.ListFormat('en-GB', { type }).format(items)

/** What a case study of the programme has, and who writes, approves and agrees to it; empty where the programme has none. */
export function describeStudies({ studies, process }: Pack): Cited[] {
  if (!studies) return []
  const { approval, consent, sections } = studies
  const parties = (ids: readonly string[]) =>
    list(
      ids.map((party) => process?.parties[party]?.title ?? party),
      'disjunction',
    )
  const fine = studies['fine-from']
  const again = ' again when the text changes'
  const required = sections.filter((one) => one.required).map(({ title }) => title)
  return [
    {
      id: 'sections',
      text: `Sections, in this order: ${sections.map(({ title }) => title).join('; ')}.`,
      cites: studies.cites,
    },
    ...(required.length > 0
      ? [
          {
            id: 'required',
            text: `Not published while one of these is empty: ${required.join('; ')}.`,
            cites: studies.cites,
          },
        ]
      : []),
    { id: 'write', text: `Written by: ${parties(studies.write.by)}.`, cites: studies.write.cites },
    { id: 'fine-from', text: `A case before stage ${fine.stage} is marked: ${fine.say}.`, cites: fine.cites },
    ...(approval
      ? [
          {
            id: 'approval',
            text: `Approved by: ${parties(approval.by)}${approval['void-on'] ? `,${again}` : ''}.`,
            cites: approval.cites,
          },
        ]
      : []),
    ...(consent
      ? [
          {
            id: 'consent',
            text: `Each school or trust agrees (${parties(consent.by)})${consent['void-on'] ? `,${again}` : ''}.`,
            cites: consent.cites,
          },
        ]
      : []),
    { id: 'publish', text: `Published by: ${parties(studies.publish.by)}.`, cites: studies.publish.cites },
    {
      id: 'withdraw',
      text: `Withdrawn, with a reason, by: ${parties(studies.withdraw.by)}.`,
      cites: studies.withdraw.cites,
    },
  ]
}
