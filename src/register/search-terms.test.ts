import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readLikeness, readSearch } from './search-terms.ts'

test('an identifier is known by its shape, with or without slash and spaces', () => {
  assert.deepEqual(readSearch(' 900001 '), { kind: 'urn', urn: 900001 })
  assert.deepEqual(readSearch('999/2001'), { kind: 'laestab', laestab: '9992001' })
  assert.deepEqual(readSearch('999 / 2001'), { kind: 'laestab', laestab: '9992001' })
  assert.deepEqual(readSearch('9992001'), { kind: 'laestab', laestab: '9992001' })
  assert.deepEqual(readSearch('10090001'), { kind: 'ukprn', ukprn: '10090001' })
  assert.deepEqual(readSearch('tr00123'), { kind: 'code', code: 'TR00123' })
  assert.deepEqual(readSearch('999'), { kind: 'code', code: '999' })
})

test('a postcode is known with its space, without it, by its outward part and cut short', () => {
  const pattern = (typed: string) => {
    const terms = readSearch(typed)
    return terms.kind === 'postcode' ? terms.pattern : terms.kind
  }
  assert.equal(pattern('zz1 1aa'), 'ZZ11AA')
  assert.equal(pattern('ZZ11AA'), 'ZZ11AA')
  assert.equal(pattern('zz1'), 'ZZ1___')
  assert.equal(pattern('zz11'), 'ZZ11___')
  assert.equal(pattern('zz1 1'), 'ZZ11__')
  assert.equal(pattern('ec3a 5de'), 'EC3A5DE')
})

test('words drop what tells nothing and know other spellings of the same', () => {
  const terms = readSearch('The St Mary’s Church of England & Oakes')
  assert.equal(terms.kind, 'words')
  assert.deepEqual(terms.kind === 'words' && terms.words.map((word) => word.text), ['st', "mary's", 'cofe', 'oakes'])
  assert.deepEqual(terms.kind === 'words' && terms.words[1], {
    text: "mary's",
    common: false,
    pattern: "\\mmary('?s)?\\M",
  })
  assert.deepEqual(readSearch('  '), { kind: 'nothing' })
})

test('likeness is sought for the rare words only; common ones are set right', () => {
  const terms = readSearch('Larkbek Primry')
  assert.ok(terms.kind === 'words')
  assert.deepEqual(readLikeness(terms.words), {
    common: [{ text: 'primary', common: true, like: ['%primary%'] }],
    rare: ['larkbek'],
  })
})

test('any text at all reads without failing, and its patterns are regular expressions', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (typed) => {
      const terms = readSearch(typed)
      if (terms.kind !== 'words') return
      for (const word of terms.words)
        if (!word.common) assert.doesNotThrow(() => new RegExp(word.pattern.replaceAll(/\\[mM]/g, '')))
    }),
  )
})
