import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { accept, type Decision, refuse } from '../src/platform/decision.ts'

const id = z.coerce.string().min(1)
const date = z.iso.date()
const urn = z.number().int()
const grade = z.union([z.number().int().min(1).max(4), z.enum(['SW', 'SM', 'none'])])
const days = z.record(z.string(), z.number().nonnegative())
const school = z.object({
  urn: urn.min(900_000).max(999_999),
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
  low_social_mobility_area: z.boolean().optional(),
  opened: date.optional(),
  closed: date.optional(),
  predecessor: urn.optional(),
  successor: urn.optional(),
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
  /** Of the roster, or a standing of the programme. */
  state: z.string().optional(),
  /** The day of a designation: the leader is one of the programme that designates. */
  designated: date.optional(),
})

const person = z.object({
  id,
  name: z.string(),
  email: z.string(),
  org: id.optional(),
  approver: z.boolean().optional(),
  /** Another id, of a person or leader, for the same account. */
  same_person_as: id.optional(),
  grants: z.array(z.tuple([z.string(), z.string(), z.union([z.array(id), id])])),
})
/** In a fixture somebody without a name stands for nobody signed in. */
const people = z.preprocess(
  (all) => (Array.isArray(all) ? all.filter((one) => Object(one).name !== null) : all),
  z.array(person).optional(),
)

const body = z.object({ id, name: z.string() })
const trust = body.extend({ schools: z.array(urn) })

const scene = z.object({
  id,
  title: z.string().optional(),
  today: date,
  programme: id.optional(),
  exists: z.unknown(),
  /** How long it takes to begin, in words, where that is more than a moment. */
  long: z.string().optional(),
  /** What only this scene has beside the England of all scenes. */
  adds: z.object({ trusts: z.array(trust), schools: z.array(school), leaders: z.array(leader) }).optional(),
})

const englandSchema = z.object({
  regions: z.array(body),
  /** With its Teaching School Hub, and the Research School of its region. */
  authorities: z.array(
    body.extend({ region: id, hub: z.string().nullable().optional(), research_school: z.string().optional() }),
  ),
  dioceses: z.array(body),
  trusts: z.array(trust),
  schools: z.array(school),
  leaders: z.array(leader),
  /** By the kind of leader: the programme and the role that one of them holds for the own record. */
  leader_roles: z.record(z.string(), z.tuple([z.string(), z.string()])).optional(),
  delivery_partners: z.array(body.extend({ regions: z.array(id) })).optional(),
  divisions: z.array(body.extend({ authority: id })).optional(),
  networks: z.array(z.object({ id })).optional(),
  firms: z.array(body).optional(),
  alliances: z.array(body).optional(),
  organisations: z
    .array(body.extend({ kind: z.enum(['alliance', 'partner', 'diocese', 'government', 'trust', 'authority']) }))
    .optional(),
  people,
  scenes: z.array(scene).optional(),
})

export type England = z.infer<typeof englandSchema>
export type EnglandSchool = England['schools'][number]
export type EnglandLeader = England['leaders'][number]
export type EnglandPerson = NonNullable<England['people']>[number]
export type EnglandScene = NonNullable<England['scenes']>[number]

/** The parts of the file that are read; everything else is named in the report and left. */
const READ_PARTS: readonly string[] = ['version', 'email_domain', 'parts', ...Object.keys(englandSchema.shape)]

export type EnglandFile = { readonly england: England; readonly notRead: readonly string[] }

/**
 * Reads an invented England: one file, or one that names others in `parts`, relative to itself; lists of the same name are put
 * together. Refuses what is missing, no YAML, or lacks what a school or leader needs, with its place.
 */
export function readEngland(path: string): Decision<EnglandFile> {
  let written: Readonly<Record<string, unknown>>
  try {
    written = readParts(path)
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
  const notRead = Object.entries(written)
    .filter(([part]) => !READ_PARTS.includes(part))
    .map(([part, value]) => partInWords(part, value))
  return accept({ england: read.data, notRead })
}

/** The England that a scene plays in. */
export function englandOf(england: England, { adds }: EnglandScene): England {
  if (!adds) return england
  return {
    ...england,
    trusts: [...england.trusts, ...adds.trusts],
    schools: [...england.schools, ...adds.schools],
    leaders: [...england.leaders, ...adds.leaders],
  }
}

/** A part by its name, with how many things are in it. */
export function partInWords(part: string, value: unknown): string {
  if (Array.isArray(value)) return `${part} (${value.length})`
  return value !== null && typeof value === 'object' ? `${part} (${Object.keys(value).length})` : part
}

function readParts(path: string): Record<string, unknown> {
  const whole: Record<string, unknown> = { ...Object(parse(readFileSync(path, 'utf8'))) }
  for (const part of Array.isArray(whole['parts']) ? whole['parts'] : [])
    for (const [name, value] of Object.entries(readParts(resolve(dirname(path), String(part))))) {
      const held = whole[name]
      whole[name] = Array.isArray(held) && Array.isArray(value) ? [...held, ...value] : value
    }
  return whole
}
