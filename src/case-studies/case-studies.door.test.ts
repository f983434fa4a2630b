import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { act, begin, CONSENT, openStudyDesk, readStudy, type StudyDesk, wordsOf, write } from './test-studies.ts'

let desk: StudyDesk
before(async () => {
  desk = await openStudyDesk()
})
after(() => desk.close())

const HEADINGS = [
  'Context, and why the system leader was matched',
  'Support carried out',
  'Impact',
  'Next steps because of the support',
]

describe('A case study of the school improvement offer', () => {
  it('TSI-146 names each empty section when it is published, and has its four headings in their order', async () => {
    const [rg, head] = [await desk.as('rg-ne'), await desk.as('head-900001')]
    const draft = await readStudy(rg, 'CS-1')
    assert.deepEqual(
      draft.sections.map(({ words }) => words !== ''),
      [true, true, true, false],
    )
    assert.equal(draft.title, 'Larkbeck Primary School')
    assert.deepEqual(draft.regions, ['North East'])
    assert.deepEqual(
      draft.supportedBy.map(({ name, organisation }) => [name, organisation]),
      [['Maren Holloway', 'Harbour Lamp Learning Trust']],
    )
    await act(head, 'CS-1', '/consents', { ...CONSENT, subject: '900001' })
    await act(rg, 'CS-1', '/approval')
    const refused = await act(rg, 'CS-1', '/publish')
    assert.deepEqual([refused.status, refused.codes], [422, ['section.empty']])
    assert.match(refused.message, /“Next steps because of the support” is empty/)
    const atPage = await rg.post('/case-studies/CS-1/publish', {})
    assert.equal(atPage.status, 422)
    assert.match(atPage.text, /There is a problem “Next steps because of the support” is empty/)
    assert.equal((await readStudy(rg, 'CS-1')).state, 'draft')

    // A draft may be incomplete: less is saved than was there.
    assert.equal((await write(rg, 'CS-1', { impact: '' })).status, 200)
    const two = await act(rg, 'CS-1', '/publish')
    assert.deepEqual(two.codes.slice(0, 2), ['section.empty', 'section.empty'])
    assert.match(two.message, /“Impact” is empty \| “Next steps because of the support” is empty/)

    await write(rg, 'CS-1', { impact: 'Calm corridors', next: 'The weekly review goes on' })
    await act(head, 'CS-1', '/consents', { ...CONSENT, subject: '900001' })
    await act(rg, 'CS-1', '/approval')
    const published = await act(rg, 'CS-1', '/publish')
    assert.equal(published.status, 200, published.message)
    const page = await rg.get('/case-studies/CS-1')
    const headings = [...page.body.matchAll(/<h2 class="govuk-heading-m"[^>]*>([^<]*)</g)].map(([, words]) => words)
    assert.deepEqual(headings, HEADINGS)
    assert.match(page.text, /Supported by Maren Holloway, Harbour Lamp Learning Trust/)
    assert.match(page.text, /Region North East/)
  })

  it('TSI-147 is about several cases, schools and a trust with several supporters; each case links to it; an early case warns', async () => {
    const rg = await desk.as('rg-ne')
    const reference = await begin(rg, ['900001', '900010', '900011'], 'Three schools of the coast')
    const study = await readStudy(rg, reference)
    assert.deepEqual(
      study.about.map((one) => one.case),
      ['C-01', 'C-10', 'C-11'],
    )
    assert.deepEqual(study.warnings, [], 'a case in S12 is far enough')
    const supporters = study.supportedBy.map(({ organisation }) => organisation)
    assert.equal(new Set(supporters).size, 3, supporters.join(', '))
    for (const one of ['C-01', 'C-10', 'C-11']) {
      const page = await rg.get(`/cases/${one}`)
      assert.match(
        page.body,
        new RegExp(`<a class="govuk-link" href="/case-studies/${reference}">Three schools of the coast</a>`),
      )
      const { besides } = (await rg.get(`/api/v1/cases/${one}`)).json<{ besides: { links: { href: string }[] }[] }>()
      assert.ok(
        besides.some(({ links }) => links.some(({ href }) => href === `/case-studies/${reference}`)),
        one,
      )
    }

    const started = await rg.postJson('/api/v1/cases', { programme: 'tsi@2023-24', urn: 900016 })
    const { reference: early } = started.json<{ reference: string }>()
    const linked = await rg.postJson(`/api/v1/case-studies/${reference}/subjects`, { case: early })
    assert.equal(linked.status, 200, linked.body)
    const { warnings } = linked.json<{ warnings: string[] }>()
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /The support is not completed yet\. Its case is in stage S01/)
    assert.match(
      (await rg.get(`/case-studies/${reference}/about`)).text,
      /not completed yet\. Its case is in stage S01/,
    )
    assert.match((await rg.get(`/cases/${early}`)).text, /Three schools of the coast/)

    assert.equal((await act(rg, reference, '/subjects', { trust: 'T-01' })).status, 200)
    assert.equal((await act(rg, reference, '/subjects', { urn: '900012' })).status, 200)
    const more = { name: 'Wenna Pascoe, director of education', organisation: 'Ashen Trust' }
    assert.equal((await act(rg, reference, '/supporters', more)).status, 200)
    const whole = await readStudy(rg, reference)
    assert.deepEqual(
      whole.about.map(({ urn, trust }) => urn ?? trust),
      [900001, 900010, 900011, 900016, 'T-01', 900012],
    )
    assert.match((await rg.get(`/case-studies/${reference}`)).text, /Wenna Pascoe, director of education, Ashen Trust/)
  })

  it('TSI-149 begins with what the case says, takes later judgements, and needs approval and consent', async () => {
    const [rg, rdp, head] = [await desk.as('rg-ne'), await desk.as('dp-ne'), await desk.as('head-900001')]
    const judge = (on: string, grade: number) =>
      desk.service.database.pool.query(
        `insert into inspection (establishment_id, inspected_on, kind, overall, data_file_id)
          select id, $1, 'graded', $2, (select min(id) from data_file) from establishment where urn = 900001`,
        [on, grade],
      )
    await judge('2024-02-20', 3)
    await judge('2024-04-09', 2)
    await judge('2024-05-20', 1)
    const reference = await begin(rdp, ['C-01'])
    const draft = await readStudy(rdp, reference)
    assert.match(wordsOf(draft, 'context'), /At least two Requires improvement judgements in a row/)
    assert.match(wordsOf(draft, 'support'), /Areas:\n- Behaviour\n- Leadership & Management/)
    assert.match(
      wordsOf(draft, 'support'),
      /- Behaviour: Coaching\n- Behaviour: Training\n- Leadership & Management: Coaching/,
    )
    assert.match(wordsOf(draft, 'impact'), /Aims of the support:\n.*Achieved/)
    assert.match(wordsOf(draft, 'impact'), /Behaviour: Coaching: Completed/)
    assert.notEqual(wordsOf(draft, 'next'), '')

    const offered = draft.judgements.map(({ judgement, grade }) => [judgement, grade])
    assert.deepEqual(offered, [['900001:2024-04-09', 2]], 'those since the deployment ended, up to today')
    const chosen = { section: 'impact', judgement: '900001:2024-04-09' }
    assert.equal((await act(rdp, reference, '/entries', chosen)).status, 200)
    assert.deepEqual((await act(rdp, reference, '/entries', chosen)).codes, ['judgement.unknown'], 'once')
    assert.deepEqual((await act(rdp, reference, '/entries', { ...chosen, judgement: '900001:2024-02-20' })).codes, [
      'judgement.unknown',
    ])
    const page = await rdp.get(`/case-studies/${reference}`)
    assert.match(page.text, /9 April 2024 Larkbeck Primary School was judged Good/)

    const nothing = await act(rdp, reference, '/publish')
    assert.deepEqual(nothing.codes, ['approval.missing', 'consent.missing'])
    assert.deepEqual((await act(rdp, reference, '/approval')).codes, ['not-responsible'])
    const lineOf = async (person: typeof rg) =>
      (await person.get('/my-work')).body.includes(`href="/case-studies/${reference}"`)
    assert.deepEqual([await lineOf(rg), await lineOf(rdp)], [true, false], 'it waits for whoever approves')
    assert.equal((await act(rg, reference, '/approval')).status, 200)
    assert.equal(await lineOf(rg), false)
    const unasked = await act(rdp, reference, '/publish')
    assert.deepEqual([unasked.status, unasked.codes], [422, ['consent.missing']])
    assert.match(unasked.message, /The consent of Larkbeck Primary School is not recorded/)
    await act(head, reference, '/consents', { ...CONSENT, subject: '900001', answer: 'no' })
    assert.deepEqual((await act(rdp, reference, '/publish')).codes, ['consent.refused'])
    await act(head, reference, '/consents', { ...CONSENT, subject: '900001' })
    const published = await act(rdp, reference, '/publish')
    assert.equal(published.status, 200, published.message)
    const rests = await rdp.get(`/case-studies/${reference}`)
    assert.match(rests.text, /Larkbeck Primary School agreed on 15 April 2024 Approved on 15 April 2024/)
  })
})
