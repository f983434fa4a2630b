import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { accept, type Decision, refuse } from '../src/platform/decision.ts'

const id = z.coerce.string().min(1)
const date = z.iso.date()
const grade = z.union([z.number().int().min(1).max(4), z.enum(['SW', 'SM', 'none'])])
const days = z.record(z.string(), z.number().nonnegative())

const school = z.object({
  urn: z.number().int().min(900_000).max(999_999),
  name: z.string(),
  phase: z.string(),
  type: z.string(),
  trust: id.optional(),
  diocese: id.optional(),
  la: id,
  E: z.number().int(),
  N: z.number().int(),
  pupils: z.number().int().nullable().optional(),
  fsm: z.number().optional(),
  sixth_form: z.boolean().optional(),
  opened: date.optional(),
  closed: date.optional(),
  predecessor: z.number().int().optional(),
  successor: z.number().int().optional(),
  insp: z.array(z.tuple([date, grade])),
})

const leader = z.object({
  id,
  name: z.string(),
  email: z.string().optional(),
  type: z.string(),
  also: z.string().optional(),
  org: id,
  base: id.optional(),
  region: id.optional(),
  phases: z.array(z.string()).optional(),
  expertise: z.array(z.string()).optional(),
  days: days.optional(),
  conflicts: z.array(id).optional(),
  state: z.string().optional(),
})

const person = z.object({
  id,
  name: z.string(),
  email: z.string(),
  org: id.optional(),
  approver: z.boolean().optional(),
  grants: z.array(z.tuple([z.string(), z.string(), z.union([id, z.array(id)])])),
})
/** In a fixture somebody without a name stands for nobody signed in. */
const people = z.preprocess(
  (all) => (Array.isArray(all) ? all.filter((one) => Object(one).name !== null) : all),
  z.array(person).optional(),
)

const englandSchema = z.object({
  regions: z.array(z.object({ id, name: z.string() })),
  authorities: z.array(z.object({ id, name: z.string(), region: id })),
  dioceses: z.array(z.object({ id, name: z.string() })),
  trusts: z.array(z.object({ id, name: z.string(), schools: z.array(z.number().int()) })),
  schools: z.array(school),
  leaders: z.array(leader),
  /** Programme and role that every leader of the file holds for the own record. */
  leaderRole: z.tuple([z.string(), z.string()]).optional(),
  organisations: z
    .array(
      z.object({
        id,
        name: z.string(),
        kind: z.enum(['alliance', 'partner', 'diocese', 'government', 'trust', 'authority']),
      }),
    )
    .optional(),
  people,
  scenes: z.array(z.object({ id, today: date, exists: z.unknown() })).optional(),
})

export type England = z.infer<typeof englandSchema>
export type EnglandSchool = England['schools'][number]
export type EnglandLeader = England['leaders'][number]
export type EnglandPerson = NonNullable<England['people']>[number]

/** The parts of the file that are read; everything else is named in the report and left. */
const READ_PARTS: readonly string[] = ['version', 'email_domain', ...Object.keys(englandSchema.shape)]

export type EnglandFile = { readonly england: England; readonly notRead: readonly string[] }

/** Reads an invented England. Refuses a file that is missing, no YAML, or lacks what a school or leader needs, with its place. */
export function readEngland(path: string): Decision<EnglandFile> {
  let written: unknown
  try {
    written = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return refuse({
      code: 'world.unreadable',
      message: `The file cannot be read: ${error instanceof Error ? error.message : error}`,
    })
  }
  const read = englandSchema.safeParse(written)
  if (!read.success)
    return refuse(
      ...read.error.issues.map((issue) => ({
        code: 'world.wrong',
        message: `${issue.path.join('.')}: ${issue.message}`,
      })),
    )
  const notRead = Object.entries(Object(written))
    .filter(([part]) => !READ_PARTS.includes(part))
    .map(([part, value]) => (Array.isArray(value) ? `${part} (${value.length})` : part))
  return accept({ england: read.data, notRead })
}
