import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isWithin, withoutOtherLinks } from './confinement.ts'

const CASE = { href: '/cases/C-0901' }

describe('A session that is confined to one record', () => {
  it('reaches the addresses of its record at page and API, help and the way out, and no other', () => {
    const reaches = (path: string, reference = 'C-0901') => isWithin(CASE, path, { reference, step: 'engage', id: '1' })
    const within = ['', '/steps/:step', '/visit-notes/:id/answer', '/file.pdf']
    for (const path of within) {
      assert.ok(reaches(`/cases/:reference${path}`) && reaches(`/api/v1/cases/:reference${path}`), path)
      for (const other of ['C-0902', 'C-09011', 'C-0901-1', '', '..', 'C-0901x/../C-0901'])
        assert.ok(!reaches(`/cases/:reference${path}`, other), `${path} of ${other}`)
    }
    const without = ['/', '/cases', '/cases.csv', '/cases/new', '/my-work', '/people', '/account', '/api/v1/cases']
    for (const path of [...without, '/api/v1/work', '/api/openapi.json', '/schools/:urn', '/api/v2/cases/:reference'])
      assert.ok(!reaches(path), path)
    for (const path of ['/help', '/privacy', '/sign-out', '/link/:token']) assert.ok(reaches(path), path)
  })

  it('sees links to anything else as words', () => {
    const page =
      '<a class="x" href="/schools/1">School <b>one</b></a> <a href="/cases/C-0901/form?a=1">Form</a> <a href="#main">Skip</a>' +
      ' <a href="/cases/C-09011">Other</a> <a href="https://www.gov.uk/">Out</a> <a href="/help">Help</a>'
    const shown =
      '<span>School <b>one</b></span> <a href="/cases/C-0901/form?a=1">Form</a> <a href="#main">Skip</a>' +
      ' <span>Other</span> <a href="https://www.gov.uk/">Out</a> <a href="/help">Help</a>'
    assert.equal(withoutOtherLinks(page, CASE), shown)
  })
})
