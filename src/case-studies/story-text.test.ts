import assert from 'node:assert/strict'
import { it } from 'node:test'
import { storyText, textParts } from './story-text.ts'

it('One case tells its lines; several stand under their names, and one that says nothing is left out', () => {
  const areas = { title: 'Areas', words: ['Behaviour', 'Attendance'] }
  const why = { title: 'Why', words: ['Two judgements'] }
  assert.equal(
    storyText([{ name: 'Ash School', lines: [why, areas] }]),
    'Why: Two judgements\n\nAreas:\n- Behaviour\n- Attendance',
  )
  assert.equal(
    storyText([
      { name: 'Ash School', lines: [why] },
      { name: 'Elm School', lines: [] },
      { name: 'Oak School', lines: [why] },
    ]),
    'Ash School\n\nWhy: Two judgements\n\nOak School\n\nWhy: Two judgements',
  )
  assert.equal(storyText([{ name: 'Ash School', lines: [] }]), '')
})

it('A text is paragraphs and lists', () => {
  assert.deepEqual(textParts('First line\nsecond line\n\nThen:\n- one\n- two\n\n\nEnd'), [
    { kind: 'paragraph', lines: ['First line', 'second line'] },
    { kind: 'paragraph', lines: ['Then:'] },
    { kind: 'list', lines: ['one', 'two'] },
    { kind: 'paragraph', lines: ['End'] },
  ])
  assert.deepEqual(textParts('  \n\n '), [])
})
