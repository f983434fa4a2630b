import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { PdfDocument } from '../platform/pdf.ts'
import type { Person } from './test-cases.ts'
import { openScenes, type SceneDesk } from './test-scene.ts'

let scenes: SceneDesk
before(async () => {
  scenes = await openScenes()
  await scenes.begin('tsi-submitted')
})
after(() => scenes?.close())

async function fileOf(person: Person, reference: string): Promise<PdfDocument> {
  const answer = await person.get(`/api/v1/cases/${reference}/file`)
  assert.equal(answer.status, 200, answer.body)
  return answer.json()
}

/** The words of the part under a heading, up to the next. */
function partOf({ blocks }: PdfDocument, heading: string): string {
  const at = blocks.findIndex((one) => one.kind === 'heading' && one.level === 2 && one.text === heading)
  assert.ok(at >= 0, `No part ${heading}`)
  const end = blocks.findIndex((one, place) => place > at && one.kind === 'heading' && one.level === 2)
  return JSON.stringify(blocks.slice(at + 1, end < 0 ? undefined : end))
}

describe('Everything about a case as one file', () => {
  it('holds what its pages show, from the basis to the last change, and says when and for whom it was read', async () => {
    const officer = await scenes.as('rg-ne')
    const read = await fileOf(officer, 'C-01')
    assert.match(read.title, /^Case C-01: /)
    assert.match(
      JSON.stringify(read.blocks[0]),
      /As at 18 March 2024, as far as [A-Z][a-z]+ .* may read it\. Rules: .*, version /,
    )
    assert.match(partOf(read, 'Why there is a case'), /As held on \d+ \w+ 20\d\d/)
    const view = await officer.read('C-01')
    const happened = read.blocks.filter((one) => one.kind === 'heading' && one.level === 3).length
    assert.ok(happened >= view.done.length)
    assert.match(partOf(read, 'Every change'), /Case begun/i)
    assert.match(partOf(read, 'What is open'), /Waiting for/)
    assert.ok(read.blocks.some((one) => one.kind === 'heading' && /^Form, section 6: /.test(one.text)))
    assert.match(JSON.stringify(read.blocks), /Visit of|No day is logged|validated/i)
  })

  it('is an accessible PDF, and no file for whoever may not see the case', async () => {
    const officer = await scenes.as('rg-ne')
    const pdf = await officer.get('/cases/C-01/file.pdf')
    assert.deepEqual([pdf.status, pdf.body.slice(0, 5)], [200, '%PDF-'])
    assert.match((await officer.get('/cases/C-01')).body, /href="\/cases\/C-01\/file\.pdf"/)
    const elsewhere = await scenes.as('dp-lnse')
    for (const path of ['/cases/C-01/file.pdf', '/api/v1/cases/C-01/file', '/cases/C-99/file.pdf'])
      assert.equal((await elsewhere.get(path)).status, 404, path)
  })

  it('never holds a secret, and of the form only the sections that the reader may open', async () => {
    const titles = ({ blocks }: PdfDocument) => blocks.flatMap((one) => (one.kind === 'heading' ? [one.text] : []))
    const officer = await fileOf(await scenes.as('rg-ne'), 'C-01')
    const leader = await fileOf(await scenes.as('L-01'), 'C-01')
    assert.ok(titles(leader).includes('Form, section 5: Bank details'))
    assert.ok(!titles(officer).some((title) => title.startsWith('Form, section 5')))
    for (const read of [officer, leader]) assert.doesNotMatch(JSON.stringify(read), /\b\d{8}\b|\d\d-\d\d-\d\d"/)
  })
})
