import { type Grant, grantInWords, isInForce } from './grant.ts'
import type { Role } from './roles.ts'

export type Choosable = { readonly key: string; readonly name: string; readonly grants: readonly Grant[] }
export type Choice = { readonly value: string; readonly name: string; readonly does: string }
export type ChoiceGroup = {
  readonly title: string
  /** The first person of each role, in the order in which the programme names its roles. */
  readonly first: readonly Choice[]
  readonly more: readonly Choice[]
}

/**
 * Invented people by what they do on a day (ISO): a group for each loaded programme, then the service's own roles, then who has
 * no role that is loaded. Everybody once, where the first of the roles stands.
 */
export function groupChoices(people: readonly Choosable[], roles: readonly Role[], on: string): ChoiceGroup[] {
  const left = new Set(people)
  const ofProgrammes = [...roles.filter(({ programme }) => programme), ...roles.filter(({ programme }) => !programme)]
  const groups = [...Map.groupBy(ofProgrammes, ({ programmeTitle }) => programmeTitle)].map(([title, own]) => {
    const byRole = own.map((role) => {
      const holders = [...left].filter(({ grants }) => grants.some((grant) => isOf(grant, role, on)))
      for (const one of holders) left.delete(one)
      return holders
    })
    const words = (one: Choosable) => choiceOf(one, roles, on)
    return {
      title,
      first: byRole.flatMap(([first]) => (first ? [words(first)] : [])),
      more: byRole.flatMap(([, ...more]) => more.map(words)),
    }
  })
  const rest = { title: 'Others', first: [], more: [...left].map((one) => choiceOf(one, roles, on)) }
  return [...groups, rest].filter(({ first, more }) => first.length + more.length > 0)
}

function isOf(grant: Grant, role: Role, on: string): boolean {
  return grant.programme === role.programme && grant.role === role.id && isInForce(grant, on)
}

function choiceOf({ key, name, grants }: Choosable, roles: readonly Role[], on: string): Choice {
  const does = grants.filter((grant) => isInForce(grant, on)).map((grant) => grantInWords(grant, roles))
  return { value: key, name, does: does.join('; ') || 'No role' }
}
