import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { groupChoices } from './choices.ts'
import { ADMINISTRATOR, type Role } from './roles.ts'

const role = (id: string): Role => ({
  programme: 'p',
  programmeTitle: 'Programme P',
  id,
  title: id,
  may: [],
  single: false,
})
const ROLES = [ADMINISTRATOR, role('officer'), role('head')]
const holds = (key: string, ...roles: [programme: string | null, role: string, to?: string][]) => ({
  key,
  name: key.toUpperCase(),
  grants: roles.map(([programme, id, to = null]) => ({
    programme,
    role: id,
    scopeKind: 'national' as const,
    scopeValues: [],
    from: '2020-01-01',
    to,
  })),
})
const keys = (list: readonly { value: string }[]) => list.map(({ value }) => value)

describe('people to choose from', () => {
  test('stand by programme and role, the first of each role in front, everybody once', () => {
    const people = [
      holds('a', [null, 'administrator'], ['p', 'head']),
      holds('h', ['p', 'head']),
      holds('o', ['p', 'officer']),
      holds('o2', ['p', 'officer'], ['p', 'head']),
      holds('z', [null, 'administrator']),
      holds('gone', ['p', 'officer', '2023-01-01']),
      holds('other', ['q', 'coach']),
    ]
    const groups = groupChoices(people, ROLES, '2024-01-15')
    assert.deepEqual(
      groups.map(({ title, first, more }) => [title, keys(first), keys(more)]),
      [
        ['Programme P', ['o', 'h'], ['o2', 'a']],
        ['The service', ['z'], []],
        ['No role', [], ['gone']],
        ['q, which is not loaded', [], ['other']],
      ],
    )
    assert.equal(groups[2]?.more[0]?.does, 'No role')
    assert.match(groups[3]?.more[0]?.does ?? '', /coach \(q, which is not loaded\)/)
  })

  test('are no group when there is nobody', () => {
    assert.deepEqual(groupChoices([], ROLES, '2024-01-15'), [])
  })
})
