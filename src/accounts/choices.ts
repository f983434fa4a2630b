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
 * none of these. Everybody once, where the first of the roles stands.
 */
export function groupChoices(people: readonly Choosable[], roles: readonly Role[], on: string): ChoiceGroup[] {
  const left = new Set(people)
  const ofProgrammes = [...roles.filter(({ programme }) => programme), ...roles.filter(({ programme }) => !programme)]
  const groups = [...Map.groupBy(ofProgrammes, ({ programmeTitle }) => programmeTitle)].map(([title, own]) => {
    const byRole = own.map((role) => {
      // Whoever does little else shows the role best.
      const holders = [...left]
        .filter(({ grants }) => grants.some((grant) => isOf(grant, role, on)))
        .toSorted((one, other) => one.grants.length - other.grants.length)
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
  const rest = [...Map.groupBy(left, (one) => restTitle(one, on))].map(([title, list]) => ({
    title,
    first: [],
    more: list.map((one) => choiceOf(one, roles, on)),
  }))
  return [...groups, ...rest].filter(({ first, more }) => first.length + more.length > 0)
}

/** Whose roles all belong to a programme that is not loaded stands under its code. */
function restTitle({ grants }: Choosable, on: string): string {
  const held = grants.find((grant) => isInForce(grant, on))
  return held ? `${held.programme ?? 'The service'}, which is not loaded` : 'No role'
}

function isOf(grant: Grant, role: Role, on: string): boolean {
  return grant.programme === role.programme && grant.role === role.id && isInForce(grant, on)
}

function choiceOf({ key, name, grants }: Choosable, roles: readonly Role[], on: string): Choice {
  const does = grants.filter((grant) => isInForce(grant, on)).map((grant) => grantInWords(grant, roles))
  return { value: key, name, does: does.join('; ') || 'No role' }
}
