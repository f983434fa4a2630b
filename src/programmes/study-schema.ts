import { z } from 'zod'
import { cites, id, words } from './pack-words.ts'

/**
 * The shape of a case-studies.yaml: what a published case study of the programme consists of, and who writes, approves and agrees
 * to it. Parties, flow, stages and steps are those of process.yaml. Every object is closed.
 */
const parties = z.array(id).min(1)

/** A text as it stands: once it is changed, what was said of it before counts no longer. */
const voidOn = z.literal('change').optional()

/**
 * What a draft begins with, taken from the case: why it is entitled (`basis`), the areas of its form's plan (`areas`), the ways of
 * support planned for each (`activities`), fields and groups of a section of the form, or fields of a list of its work.
 */
const source = z.union([
  z.enum(['basis', 'areas', 'activities']),
  z.strictObject({ section: id, fields: z.array(id).min(1) }),
  z.strictObject({ list: id, fields: z.array(id).min(1) }),
])

const section = z.strictObject({
  id,
  title: words,
  help: words.optional(),
  // a study is not published while this is empty
  required: z.literal(true).optional(),
  prefill: z.array(source).min(1).optional(),
  // dated entries stand below the text; one of them may be a judgement of the school since the case ended
  entries: z.literal('dated').optional(),
  cites,
})

export const studySchema = z.strictObject({
  title: words,
  help: words.optional(),
  flow: id,
  // the stage from which a case is far enough to be written about, and what is said of one that is not
  'fine-from': z.strictObject({ stage: words, say: words, cites }),
  // the step whose day ends the support: judgements made after it may be told as its impact
  ended: z.strictObject({ step: id, cites }),
  write: z.strictObject({ by: parties, cites }),
  publish: z.strictObject({ by: parties, cites }),
  withdraw: z.strictObject({ by: parties, cites }),
  approval: z.strictObject({ by: parties, 'void-on': voidOn, cites }).optional(),
  // of each school or trust that the study is about
  consent: z
    .strictObject({ by: parties, ways: z.array(z.strictObject({ id, title: words })).min(1), 'void-on': voidOn, cites })
    .optional(),
  sections: z.array(section).min(1),
  cites,
})

export type StudyRules = z.infer<typeof studySchema>
export type StudySource = z.infer<typeof source>
