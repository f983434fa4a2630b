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

async function paperOf(person: Person, path: string): Promise<PdfDocument> {
  const answer = await person.get(`/api/v1/cases/C-01/${path}`)
  assert.equal(answer.status, 200, answer.body)
  return answer.json()
}
const wordsOf = (paper: PdfDocument) => JSON.stringify(paper)
const headings = ({ blocks }: PdfDocument) => blocks.flatMap((one) => (one.kind === 'heading' ? [one.text] : []))

/** A note of visit that the school has answered: written, sent, called accurate. */
async function answeredNote(): Promise<number> {
  const leader = await scenes.as('L-01')
  const written = await leader.postJson('/api/v1/cases/C-01/visit-notes', {
    date: '2024-03-11',
    seen: 'Lessons of year 9',
    agreed: 'A rota until Easter',
    judgements: ['Behaviour is calm'],
  })
  const { id } = written.json<{ id: number }>()
  assert.equal(written.status, 201, written.body)
  const draft = await (await scenes.as('rg-ne')).get(`/cases/C-01/visit-notes/${id}.pdf`)
  assert.equal(draft.status, 404, "a draft is its writer's alone")
  assert.equal((await leader.postJson(`/api/v1/cases/C-01/visit-notes/${id}/send`, {})).status, 200)
  const head = await scenes.as('head-900001')
  assert.ok(
    (await head.get('/my-work')).body.includes(`href="/cases/C-01/visit-notes/${id}"`),
    'the notice opens the note',
  )
  const answer = await head.postJson(`/api/v1/cases/C-01/visit-notes/${id}/answer`, { accurate: 'yes' })
  assert.equal(answer.status, 200, answer.body)
  return id
}

describe('A note of visit as a paper', () => {
  it('says what was seen, judged and answered, for whoever may read it on its page', async () => {
    const id = await answeredNote()
    const officer = await scenes.as('rg-ne')
    const paper = await paperOf(officer, `visit-notes/${id}/paper`)
    assert.match(paper.title, /^Visit of 11 March 2024: /)
    assert.match(wordsOf(paper), /As at 18 March 2024, as far as [A-Z].* may read it/)
    for (const words of [
      'Lessons of year 9',
      'Agreed: A rota until Easter',
      'Behaviour is calm',
      'The school: Accurate.',
    ])
      assert.ok(wordsOf(paper).includes(words), words)
    assert.match(wordsOf(paper), /Answered by the school/)
    const path = `/cases/C-01/visit-notes/${id}.pdf`
    const pdf = await officer.get(path)
    assert.deepEqual([pdf.status, pdf.body.slice(0, 5)], [200, '%PDF-'])
    assert.ok((await officer.get(`/cases/C-01/visit-notes/${id}`)).body.includes(`href="${path}"`))
    const elsewhere = await scenes.as('dp-lnse')
    for (const refused of [path, `/api/v1/cases/C-01/visit-notes/${id}/paper`, '/cases/C-01/visit-notes/9999.pdf'])
      assert.equal((await elsewhere.get(refused)).status, 404, refused)
    assert.equal((await officer.get('/cases/C-01/visit-notes/9999.pdf')).status, 404)
  })
})

describe('The form as a paper', () => {
  it('says versions and signatures, and every section that the reader may open', async () => {
    const officer = await scenes.as('rg-ne')
    const paper = await paperOf(officer, 'form/paper')
    assert.deepEqual(headings(paper).slice(0, 2), ['Versions', 'Signatures'])
    const at = paper.blocks.findIndex((one) => one.kind === 'heading' && one.text === 'Versions')
    const versions = paper.blocks[at + 1]
    assert.ok(versions?.kind === 'table')
    assert.deepEqual(versions.head, ['Section', 'Version', 'Saved', 'State'])
    assert.ok(
      versions.rows.some(
        ([title = '', version = '', , state]) => /^2\. /.test(title) && Number(version) >= 1 && state === 'Complete',
      ),
    )
    assert.match(wordsOf(paper), /Given by [A-Z][a-z]+ .*, \d+ \w+ 2024\./)
    const print = (await officer.get('/cases/C-01/form/print')).text
    for (const title of headings(paper).filter((one) => one.startsWith('Form, section ')))
      assert.ok(print.includes(title.replace(/^Form, section (\d+): /, '$1. ')), title)
  })

  it('leaves out what the reader may not open, and never holds what is sealed', async () => {
    const officer = await paperOf(await scenes.as('rg-ne'), 'form/paper')
    const leader = await paperOf(await scenes.as('L-01'), 'form/paper')
    assert.ok(headings(leader).includes('Form, section 5: Bank details'))
    assert.ok(!headings(officer).some((title) => title.startsWith('Form, section 5')))
    assert.doesNotMatch(wordsOf(officer), /Bank details/)
    assert.match(wordsOf(officer), /Sections that this reader may not open are left out/)
    assert.doesNotMatch(wordsOf(leader), /left out/)
    for (const read of [officer, leader, await paperOf(await scenes.as('rg-pay'), 'form/paper')])
      assert.doesNotMatch(wordsOf(read), /\b\d{8}\b|\d\d-\d\d-\d\d"/)
  })

  it('is an accessible PDF, linked from the form, and no file for whoever may not see the case', async () => {
    const officer = await scenes.as('rg-ne')
    const pdf = await officer.get('/cases/C-01/form.pdf')
    assert.deepEqual([pdf.status, pdf.body.slice(0, 5)], [200, '%PDF-'])
    assert.ok((await officer.get('/cases/C-01/form')).body.includes('href="/cases/C-01/form.pdf"'))
    const elsewhere = await scenes.as('dp-lnse')
    for (const path of ['/cases/C-01/form.pdf', '/api/v1/cases/C-01/form/paper', '/cases/C-99/form.pdf'])
      assert.equal((await elsewhere.get(path)).status, 404, path)
  })
})
