import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { NO_SCOPE } from '../platform/actor.ts'
import { runInScope } from '../platform/scope.ts'
import {
  act,
  begin,
  CONSENT,
  openStudyDesk,
  type Person,
  readStudy,
  type StudyDesk,
  wordsOf,
  write,
} from './test-studies.ts'

let desk: StudyDesk
let people: Readonly<Record<'rg' | 'rdp' | 'head' | 'leader' | 'thames' | 'stranger', Person>>
before(async () => {
  desk = await openStudyDesk()
  people = {
    rg: await desk.as('rg-ne'),
    rdp: await desk.as('dp-ne'),
    head: await desk.as('head-900001'),
    leader: await desk.as('L-01'),
    thames: await desk.as('dp-lnse'),
    stranger: await desk.as('ceo-02'),
  }
})
after(() => desk.close())

const listed = async (by: Person, query = '') => {
  const { caseStudies } = (await by.get(`/api/v1/case-studies${query}`)).json<{
    caseStudies: { reference: string; title: string }[]
  }>()
  return caseStudies.map(({ title }) => title)
}

/** Complete, approved, agreed to and published. */
async function publish(reference: string): Promise<void> {
  const { rg, rdp } = people
  await write(rdp, reference, { context: 'Hard', support: 'Days', impact: 'Calm', next: 'More' })
  for (const urn of (await readStudy(rdp, reference)).about.map((one) => String(one.urn)))
    await act(rdp, reference, '/consents', { ...CONSENT, subject: urn })
  await act(rg, reference, '/approval')
  const published = await act(rg, reference, '/publish')
  assert.equal(published.status, 200, published.message)
}

describe('Who reads a case study', () => {
  it('a draft: whoever sees one of its cases; for all others it is not there', async () => {
    const { rg, head, leader, thames, stranger } = people
    const reference = await begin(rg, ['C-01'], 'A draft of the coast')
    for (const by of [rg, head, leader]) {
      assert.equal((await by.get(`/case-studies/${reference}`)).status, 200)
      assert.ok((await listed(by)).includes('A draft of the coast'))
    }
    for (const by of [thames, stranger]) {
      for (const path of ['', '/edit', '/publishing', '/history', '/about', '/entries']) {
        const answer = await by.get(`/case-studies/${reference}${path}`)
        assert.equal(answer.status, 404)
        assert.doesNotMatch(answer.text, /draft of the coast/)
      }
      assert.equal((await by.get(`/api/v1/case-studies/${reference}`)).status, 404)
      assert.equal((await act(by, reference, '/publish')).status, 404)
      assert.ok(!(await listed(by)).includes('A draft of the coast'))
      assert.doesNotMatch((await by.get('/case-studies')).text, /A draft of the coast/)
      assert.doesNotMatch((await by.get('/case-studies.csv')).body, /A draft of the coast/)
    }
  })

  it('a published one: everybody of the programme, without what was said before', async () => {
    const { rg, thames } = people
    const reference = await begin(rg, ['C-10'], 'Calm corridors')
    await publish(reference)
    const page = await thames.get(`/case-studies/${reference}`)
    assert.equal(page.status, 200)
    assert.match(page.text, /Calm corridors/)
    assert.doesNotMatch(page.text, /Approval and publishing/)
    assert.doesNotMatch(page.text, /C-10/, 'a case of another region is not named')
    const seen = (await thames.get(`/api/v1/case-studies/${reference}`)).json<object>()
    for (const inside of ['consents', 'missing', 'startedBy', 'approval']) assert.ok(!(inside in seen), inside)
    assert.ok((await listed(thames)).includes('Calm corridors'))
    assert.equal((await thames.get(`/case-studies/${reference}/history`)).status, 404)
  })

  it('nobody of another programme, and no visitor', async () => {
    const reference = await begin(people.rg, ['C-10'], 'For the programme alone')
    await publish(reference)
    const adviser = await desk.as('so-1')
    assert.deepEqual(await listed(adviser), [])
    assert.equal((await adviser.get(`/case-studies/${reference}`)).status, 404)
    assert.notEqual((await desk.service.get('/case-studies')).status, 200)
  })

  it('the database itself shows drafts to whoever sees a case of them, and published ones to those who are signed in', async () => {
    const { rg } = people
    const draft = await begin(rg, ['C-01'], 'Kept by the database')
    const live = await begin(rg, ['C-10'], 'Shown by the database')
    await publish(live)
    const { db } = desk.service.cases.database
    const seenIn = (regions: readonly string[]) => {
      const actor = {
        personId: 1,
        capabilities: new Set(['see-cases'] as const),
        scope: { ...NO_SCOPE, regions },
        hats: [],
      }
      return runInScope(actor, async () => {
        const { rows } = await sql<{ reference: string; texts: number; subjects: number }>`
          select s.reference, (select count(*)::int from case_study_section t where t.study_id = s.id) as texts,
            (select count(*)::int from case_study_subject t where t.study_id = s.id) as subjects
          from case_study s where s.reference in (${draft}, ${live}) order by s.id`.execute(db)
        return rows.map(({ reference, texts, subjects }) => `${reference} ${texts} ${subjects}`)
      })
    }
    assert.deepEqual(await seenIn(['North East']), [`${draft} 4 1`, `${live} 4 1`])
    assert.deepEqual(await seenIn(['London']), [`${live} 4 1`])
    const { rows } = await sql`select from case_study`.execute(db)
    assert.deepEqual(rows, [], 'nothing without a scope')
  })

  it('the list is searched by words, school and URN, filtered, sorted and empty in words', async () => {
    const { rg } = people
    const reference = await begin(rg, ['C-11'], 'Phonics for all')
    await write(rg, reference, { context: 'A quarter of pupils left at Christmas' })
    for (const query of ['?q=phonics', '?q=Christmas', '?q=900011', `?q=${reference}`, '?q=phonics&state=draft'])
      assert.deepEqual(await listed(rg, query), ['Phonics for all'], query)
    assert.deepEqual(await listed(rg, '?q=phonics&state=published'), [])
    assert.deepEqual(await listed(rg, '?q=phonics&region=London'), [])
    assert.deepEqual(await listed(rg, '?q=phonics&region=North+East&programme=tsi'), ['Phonics for all'])
    const titles = await listed(rg, '?sort=title')
    assert.deepEqual(
      titles,
      titles.toSorted((a, b) => a.localeCompare(b, 'en')),
    )
    assert.match((await rg.get('/case-studies?q=zzzzzz')).text, /No case study fits these filters/)
    const file = await rg.get('/case-studies.csv?q=phonics')
    assert.match(file.body, new RegExp(`${reference},Phonics for all,.*,North East,Draft`))
  })
})

describe('Who writes a case study', () => {
  it('saves what was typed on the version that was opened; else 409 with both and the typed words kept', async () => {
    const { rg, leader } = people
    const reference = await begin(rg, ['C-01'])
    const { version, title } = await readStudy(rg, reference)
    const typed = { title, version: String(version), 'text-context': 'The words of the leader', 'text-next': 'More' }
    await write(rg, reference, { context: 'The words of the officer' })
    const moved = await leader.post(`/case-studies/${reference}/edit`, typed)
    assert.equal(moved.status, 409)
    assert.match(moved.text, /Somebody else changed this case study/)
    assert.match(moved.text, /The words of the officer/)
    assert.match(moved.body, /<textarea[^>]*id="text-context"[^>]*>The words of the leader<\/textarea>/)
    assert.equal(wordsOf(await readStudy(rg, reference), 'context'), 'The words of the officer')
    const now = /name="version" value="(\d+)"/.exec(moved.body)?.[1] ?? ''
    const saved = await leader.post(`/case-studies/${reference}/edit`, { ...typed, version: now })
    assert.equal(saved.location, `/case-studies/${reference}/edit?done=saved`)
    const after = await readStudy(rg, reference)
    assert.equal(wordsOf(after, 'context'), 'The words of the leader')
    assert.match(wordsOf(after, 'support'), /Behaviour/, 'what was not typed stays')
    const again = await act(leader, reference, '', { version, sections: { context: 'Old' } })
    assert.deepEqual([again.status, again.codes], [409, ['moved-on']])
    const auto = await leader.post(`/case-studies/${reference}/edit`, {
      ...typed,
      version: String(after.version),
      go: 'auto',
    })
    assert.deepEqual([auto.status, auto.json<{ version: number }>().version], [200, after.version])
  })

  it('begins one only about cases that they see and write about', async () => {
    const { thames, stranger, rg } = people
    const tried = async (by: Person, cases: string[]) => {
      const answer = await by.postJson('/api/v1/case-studies', { cases })
      return (answer.json<{ refusals?: { code: string }[] }>().refusals ?? []).map(({ code }) => code)
    }
    assert.deepEqual(await tried(thames, ['C-01']), ['case.unknown'])
    assert.deepEqual(await tried(stranger, ['900001']), ['case.unknown'])
    assert.deepEqual(await tried(rg, []), ['case.missing'])
    assert.deepEqual(await tried(rg, ['C-01', 'C-99']), ['case.unknown'])
    const page = await rg.post('/case-studies/new', { cases: 'C-99', title: 'Kept' })
    assert.equal(page.status, 422)
    assert.match(page.body, /value="C-99"[\s\S]*value="Kept"/)
  })

  it('a change of the text ends approval and consents, which are asked for again', async () => {
    const { rg, head, rdp } = people
    const reference = await begin(rg, ['C-01'])
    await act(head, reference, '/consents', { ...CONSENT, subject: '900001' })
    await act(rg, reference, '/approval')
    assert.deepEqual((await act(rdp, reference, '/publish')).codes, [])
    assert.equal((await act(rdp, reference, '/withdraw', { reason: 'x' })).status, 403)
    assert.deepEqual((await act(head, reference, '/withdraw')).codes, ['reason.missing'])
    assert.equal((await act(head, reference, '/withdraw', { reason: 'We think again' })).status, 200)
    assert.deepEqual((await act(rdp, reference, '/publish')).codes, ['approval.void', 'consent.void'])
    const page = await rg.get(`/case-studies/${reference}`)
    assert.match(page.text, /Withdrawn Since 15 April 2024, by Elspeth Larkin-Roe\. Reason: We think again/)
  })

  it('approves and agrees to the text that was read, and to no later one', async () => {
    const { rg, head } = people
    const reference = await begin(rg, ['C-01'])
    const { version } = await readStudy(rg, reference)
    await write(rg, reference, { context: 'Written since' })
    assert.deepEqual((await act(rg, reference, '/approval', { version })).codes, ['moved-on'])
    const consent = { ...CONSENT, subject: '900001', version }
    const moved = await act(head, reference, '/consents', consent)
    assert.deepEqual([moved.status, moved.codes], [409, ['moved-on']])
    const now = { version: version + 1 }
    assert.equal((await act(rg, reference, '/approval', now)).status, 200)
    assert.equal((await act(head, reference, '/consents', { ...consent, ...now })).status, 200)
  })

  it('a school says nothing for another school', async () => {
    const { rg, head } = people
    const reference = await begin(rg, ['C-01', 'C-10'])
    const other = await act(head, reference, '/consents', { ...CONSENT, subject: '900010' })
    assert.deepEqual([other.status, other.codes], [403, ['not-responsible']])
    assert.equal((await act(head, reference, '/consents', { ...CONSENT, subject: '900001' })).status, 200)
    assert.equal((await act(rg, reference, '/consents', { ...CONSENT, subject: '900010' })).status, 200)
  })

  it('names no leader of another region by number', async () => {
    const { rg, head } = people
    const reference = await begin(rg, ['C-01'])
    assert.deepEqual((await act(rg, reference, '/supporters', { leader: 'L-05' })).codes, ['leader.unknown'])
    assert.deepEqual((await act(head, reference, '/supporters', { leader: 'L-02' })).codes, ['leader.unknown'])
    assert.equal((await act(rg, reference, '/supporters', { leader: 'L-02' })).status, 200)
    assert.deepEqual((await act(rg, reference, '/supporters', { leader: 'L-02' })).codes, ['supporter.twice'])
  })

  it('what is published does not change, neither here nor in the database', async () => {
    const { rg } = people
    const reference = await begin(rg, ['C-01'])
    await publish(reference)
    assert.deepEqual((await write(rg, reference, { impact: 'Else' })).codes, ['study.published'])
    assert.deepEqual((await act(rg, reference, '/subjects', { urn: '900012' })).codes, ['study.published'])
    assert.match((await rg.get(`/case-studies/${reference}/edit`)).text, /withdraw it first/)
    const { pool } = desk.service.database
    const of = `(select id from case_study where reference = '${reference}')`
    for (const table of ['case_study_section', 'case_study_subject', 'case_study_supporter'])
      await assert.rejects(pool.query(`delete from ${table} where study_id = ${of}`), /withdraw it first/)
    for (const table of ['case_study_approval', 'case_study_consent'])
      await assert.rejects(pool.query(`delete from ${table} where study_id = ${of}`), /never deleted/)
  })

  it('everything stands in its history with who did it in which role', async () => {
    const { rg } = people
    const reference = await begin(rg, ['C-10'], 'With a history')
    await publish(reference)
    await act(rg, reference, '/withdraw', { reason: 'A name is wrong' })
    const page = await rg.get(`/case-studies/${reference}/history`)
    assert.match(page.text, /Withdrawn .*Reason: A name is wrong .*Cordelia Ashgrove, Regions Group officer/)
    for (const words of [
      /Published/,
      /Approved/,
      /Consent recorded .*Said by: Head teacher/,
      /Text changed .*Impact: .*Calm/,
      /Begun/,
    ])
      assert.match(page.text, words)
    const { changes } = (await rg.get(`/api/v1/case-studies/${reference}/history`)).json<{
      changes: { action: string }[]
    }>()
    assert.deepEqual(
      changes.map(({ action }) => action),
      ['Withdrawn', 'Published', 'Approved', 'Consent recorded', 'Text changed', 'Begun'],
    )
  })

  it('what the leader noted as a success stands under impact in a new draft', async () => {
    const { rg } = people
    const leader = await desk.as('L-02')
    const noted = { successes: 'attendance up 1.2 points' }
    assert.equal((await leader.postJson('/api/v1/cases/C-10/lists/sustained-notes', noted)).status, 200)
    const draft = await readStudy(rg, await begin(rg, ['C-10']))
    assert.match(wordsOf(draft, 'impact'), /^Successes: attendance up 1\.2 points/)
  })
})
