import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openScenes, type Person, type SceneDesk } from '../../world/case-desk.ts'

type Row = Readonly<Record<string, string | number | null>>
type Table = { id: string; total: number; rows: Row[] }
type Report = { sentence: string; tables: Table[]; rests: string[] }

let desk: SceneDesk
before(async () => {
  desk = await openScenes()
})
after(() => desk.close())

const reportOf = async (person: Person, path: string): Promise<Report> => {
  const answer = await person.get(`/api/v1/reports/${path}`)
  assert.equal(answer.status, 200, answer.body)
  return answer.json<Report>()
}
const tableOf = async (person: Person, path: string, id: string): Promise<Row[]> =>
  (await reportOf(person, path)).tables.find((one) => one.id === id)?.rows ?? []
/** Some columns of a table, line by line. */
const columnsOf = (rows: readonly Row[], ...keys: string[]) => rows.map((row) => keys.map((key) => row[key]))
const linesOf = (csv: string) => csv.replace('\u{feff}', '').trim().split(/\r?\n/)
/** One line of a CSV by the names of its columns; no cell of these holds a comma. */
const cellsOf = (csv: string, line: number): Record<string, string> => {
  const [head = '', ...rest] = linesOf(csv)
  const cells = rest[line]?.split(',') ?? []
  return Object.fromEntries(head.split(',').map((name, at) => [name, cells[at] ?? '']))
}

/** What is in the database, asked without any scope and without the code under test. */
const ask = async <R extends object>(text: string, values: unknown[] = []): Promise<R[]> =>
  (await desk.service.database.pool.query<R>(text, values)).rows

describe('Five cases of the North East', () => {
  before(() => desk.begin('tsi-reporting'))

  it('are drawn, sorted, explained and lead to what is behind each number', async () => {
    const rg = await desk.as('rg-ne')
    const page = await rg.get('/reports')
    assert.match(page.body, /<rect class="app-report-part-1" x="0"/)
    for (const href of [
      '/reports/cases?region=North+East&amp;late=yes',
      '/reports/cases?region=North+East&amp;stage=S09',
      '/reports/days?region=North+East',
      '/programmes/tsi@2023-24',
      '/reports/pack.pdf',
    ])
      assert.ok(page.body.includes(`href="${href}"`), href)
    assert.match(page.text, /Days used Days of the log that were done, validated or not/)
    assert.match(page.text, /as they stand in Alongside on 25 March 2024; only those that you may see/)
    const order = async (path: string) => columnsOf(await sortedBy(rg, path), 'reference').flat()
    assert.deepEqual(await order('/reports/cases.csv?sort=-used'), ['C-01', 'C-02', 'C-12', 'C-16', 'C-09'])
    assert.deepEqual(await order('/reports/cases.csv?sort=name'), ['C-16', 'C-02', 'C-01', 'C-09', 'C-12'])
    assert.match((await rg.get('/reports/cases?sort=-used')).body, /aria-sort="descending"/)
  })

  it('are read by a head and a leader as far as their own cases go', async () => {
    const own = async (name: string) =>
      columnsOf(await tableOf(await desk.as(name), 'cases', 'cases'), 'reference')
        .flat()
        .toSorted()
    assert.deepEqual(await own('head-900001'), ['C-01'])
    assert.deepEqual(await own('L-01'), ['C-01', 'C-02'])
    assert.equal((await (await desk.as('L-01')).get('/reports/leaders')).status, 403)
    assert.equal((await (await desk.as('nobody')).get('/reports')).status, 403)
  })

  it('come as ODS, and all together as a PDF for a meeting', async () => {
    const rg = await desk.as('rg-ne')
    for (const path of ['/reports.ods', '/reports/late.ods?table=parties', '/reports/points.ods'])
      assert.match((await rg.get(path)).body, /^PK/, path)
    const pdf = await rg.get('/reports/pack.pdf')
    assert.equal(pdf.status, 200)
    assert.match(pdf.body, /^%PDF-/)
    assert.equal((await (await desk.as('dp-lnse')).get('/reports/pack.pdf')).status, 200)
  })

  it('tell of each leader the cases and the days of the term, as the ledger has them', async () => {
    const rows = columnsOf(
      await tableOf(await desk.as('dp-ne'), 'leaders', 'leaders'),
      'reference',
      'cases',
      'used',
      'promised',
    )
    const truth = await ask<{ reference: string; cases: number; used: number; promised: number }>(`
      select l.reference, (select count(*) from support_case c where c.leader_id = l.id and c.status = 'open' and c.parent_id is null)::int as cases,
        coalesce((select sum(i.half_days) from case_log_item i join support_case c on c.id = i.case_id
          where c.leader_id = l.id and i.withdrawn_on is null), 0)::int / 2.0 as used,
        coalesce((select promised_half_days from leader_term t where t.leader_id = l.id and t.term = '2023-24-spring'), 0) / 2.0 as promised
      from leader l where l.region = 'North East' and l.state = 'active' and not l.exercise order by 2 desc, 1`)
    assert.ok(truth.some(({ cases }) => cases > 1))
    assert.deepEqual(
      rows,
      truth.map(({ reference, cases, used, promised }) => [reference, cases, Number(used), Number(promised)]),
    )
  })

  it('TSI-200 screen and CSV show 5 cases, 1 overdue in S03, 20 days used and £6,000 paid; another region gets none', async () => {
    const [truth] = await ask<{ cases: number; used: string; paid: string; late: number; stage: string; due: string }>(`
      select (select count(*) from support_case where region = 'North East' and parent_id is null)::int as cases,
        (select sum(i.half_days) / 2.0 from case_log_item i join support_case c on c.id = i.case_id
          where c.region = 'North East' and i.withdrawn_on is null and i.state <> 'planned') as used,
        (select sum(e.pence) / 100 from money_entry e where e.to_account = 'paid') as paid,
        (select count(*) from case_step s where s.state = 'open' and s.due_on < '2024-03-25')::int as late,
        (select c.stage from case_step s join support_case c on c.id = s.case_id where s.state = 'open'
          and s.due_on < '2024-03-25') as stage,
        (select s.due_on::text from case_step s where s.state = 'open' and s.due_on < '2024-03-25') as due`)
    assert.deepEqual([truth?.cases, Number(truth?.used), Number(truth?.paid), truth?.late], [5, 20, 6000, 1])
    assert.deepEqual([truth?.stage, truth?.due], ['S03', '2024-03-20'])

    // Both the region's own delivery partner and the Regions Group of the region.
    for (const person of [await desk.as('dp-ne'), await desk.as('rg-ne')]) {
      const page = await person.get('/reports')
      assert.match(
        page.text,
        /North East: 4 of 5 open cases are on time, 1 has something late\. 20 of 50 agreed days are used; £6,000 is paid and £0 is due\./,
      )
      assert.match(page.text, /S03 Engage school or trust 1 late/)
      assert.deepEqual(columnsOf(await tableOf(person, 'standing', 'stages'), 'stage', 'cases', 'lateCases'), [
        ['S03 Engage school or trust', 1, 1],
        ['S09 Activities commence', 3, 0],
        ['S13 Report and claim', 1, 0],
      ])
      const csv = cellsOf((await person.get('/reports.csv')).body, 0)
      assert.deepEqual(
        [
          csv['Cases'],
          csv['Overdue items'],
          csv['Days agreed'],
          csv['Days used'],
          csv['Days claimed'],
          csv['Due (£)'],
          csv['Paid (£)'],
        ],
        ['5', '1', '50', '20', '10', '0', '6000'],
      )
      const list = await person.get('/reports/cases')
      for (const reference of ['C-01', 'C-02', 'C-09', 'C-12', 'C-16']) assert.match(list.text, new RegExp(reference))
      const late = await tableOf(person, 'late', 'items')
      assert.deepEqual(columnsOf(late, 'reference', 'stage', 'dueOn', 'daysLate'), [
        ['C-09', 'S03 Engage school or trust', '2024-03-20', 3],
      ])
      assert.match((await person.get('/reports/late.csv')).body, /C-09,.*S03 Engage school or trust,.*,2024-03-20,3,/)
      // Filterable: what is late, a stage, and both by their file.
      assert.deepEqual(columnsOf(await tableOf(person, 'cases?late=yes', 'cases'), 'reference'), [['C-09']])
      assert.deepEqual(columnsOf(await tableOf(person, 'cases?stage=S13', 'cases'), 'reference', 'paid'), [
        ['C-01', 6000],
      ])
      assert.equal(linesOf((await person.get('/reports/cases.csv?stage=S09')).body).length, 1 + 3)
      assert.deepEqual(await tableOf(person, 'cases?region=London', 'cases'), [])
    }

    const ofRegion = async (name: string) =>
      columnsOf(await tableOf(await desk.as(name), 'standing', 'regions'), 'region', 'cases')
    assert.deepEqual(await ofRegion('rg-all'), [['North East', 5]])
    assert.deepEqual(await ofRegion('rg-ln'), [])
    const elsewhere = await desk.as('dp-lnse')
    assert.match((await elsewhere.get('/reports')).text, /There is no case that you may see yet/)
    for (const id of ['standing', 'cases', 'late', 'days', 'outcomes', 'points'])
      assert.deepEqual(
        (await reportOf(elsewhere, id)).tables.flatMap(({ rows }) => rows.map((row) => row['reference'])),
        [],
        id,
      )
    assert.equal(linesOf((await elsewhere.get('/reports/cases.csv?region=North+East')).body).length, 1)

    // Requests by outcome, in a scene that has some: what is decided in which region.
    await desk.begin('tsi-extension')
    const requests = await ask<{ region: string; open: number; approved: number; declined: number; due: number }>(`
      select region, count(*) filter (where flags ->> 'decision' is null)::int as open,
        count(*) filter (where flags ->> 'decision' = 'approved')::int as approved,
        count(*) filter (where flags ->> 'decision' = 'declined')::int as declined
      from support_case where parent_id is not null group by 1 order by 1`)
    const all = await desk.as('rg-all')
    const keys = ['region', 'request-open', 'request-approved', 'request-declined']
    const told = columnsOf(await tableOf(all, 'standing', 'regions'), ...keys)
    for (const { region, open, approved, declined } of requests)
      assert.deepEqual(
        told.find(([one]) => one === region),
        [region, open, approved, declined],
      )
    const sum = (at: number) => told.reduce((total, row) => total + Number(row[at]), 0)
    assert.deepEqual([sum(1), sum(2), sum(3)], [3, 1, 1])
    const file = (await all.get('/reports.csv?region=London')).body
    assert.equal(linesOf(file).length, 2)
    assert.equal(cellsOf(file, 0)['Requests: approved'], '1')
  })
})

async function sortedBy(person: Person, path: string): Promise<Row[]> {
  const { body } = await person.get(path)
  return linesOf(body)
    .slice(1)
    .map((line) => ({ reference: line.split(',')[0] ?? '' }))
}

describe('Reports of the form', () => {
  it('TSI-198 over 4 cases: before 4, midway 3, after 1, each with state and date; 1 payment task, of the forwarded one', async () => {
    const form = Object.values(desk.service.packs.find(({ programme }) => programme === 'tsi')?.forms ?? {})[0]
    const numbers = (covers: readonly string[]) =>
      covers.map((id) => form?.sections.find((one) => one.id === id)?.number)
    assert.deepEqual(
      form?.points?.map(({ covers }) => numbers(covers)),
      [[1, 2], [3], [4, 5, 6, 7]],
    )
    // Sections 4 to 7 are filled and signed, and the form is not handed in: no report, and nothing to pay.
    await desk.begin('tsi-reporting', '2024-03-11')
    const filled = await tableOf(await desk.as('rg-ne'), 'points', 'points')
    assert.deepEqual(columnsOf(filled, 'reference', 'before', 'after'), [
      ['C-01', 'Complete', 'Begun'],
      ['C-02', 'Complete', 'Missing'],
      ['C-12', 'Complete', 'Missing'],
      ['C-16', 'Missing', 'Missing'],
    ])
    const counted = await tableOf(await desk.as('rg-ne'), 'points', 'counts')
    assert.deepEqual(columnsOf(counted, 'there', 'missing'), [
      [3, 1],
      [1, 3],
      [0, 4],
    ])
    // A day later it is handed in and not forwarded: a report without a payment task.
    await desk.moveTo('2024-03-12')
    const tasks = async (person: Person) =>
      columnsOf(await tableOf(person, 'points', 'tasks'), 'reference', 'openedOn', 'doneOn')
    const handedIn = await tableOf(await desk.as('dp-ne'), 'points', 'points')
    assert.deepEqual(columnsOf(handedIn.slice(0, 1), 'reference', 'after', 'after-on'), [
      ['C-01', 'Handed in', '2024-03-12'],
    ])
    assert.deepEqual(await tasks(await desk.as('rg-ne')), [])

    await desk.begin('tsi-reporting', '2024-03-22')
    for (const person of [await desk.as('rg-ne'), await desk.as('dp-ne')]) {
      assert.deepEqual(columnsOf(await tableOf(person, 'points', 'counts'), 'point', 'there', 'missing'), [
        ['Before the support', 4, 0],
        ['Midway', 3, 1],
        ['After the support', 1, 3],
      ])
      assert.deepEqual(await tasks(person), [['C-01', '2024-03-14', null]])
      const missing = await tableOf(person, 'points?missing=midway', 'points')
      assert.deepEqual(columnsOf(missing, 'reference', 'before', 'midway', 'midway-on'), [
        ['C-16', 'Complete', 'Missing', null],
      ])
      const page = await person.get('/reports/points')
      assert.match(page.text, /before the support, 4; midway, 3; after the support, 1\./)
      assert.match(page.text, /1 there, 3 missing/)
    }
    const points = await tableOf(await desk.as('rg-ne'), 'points', 'points')
    const truth = await ask<{ reference: string; scope: string | null; mid: string | null; forwarded: string | null }>(`
      select c.reference,
        (select max(saved_on)::text from case_form_section s where s.form_id = f.id and section = 'scope' and state = 'complete') as scope,
        (select max(saved_on)::text from case_form_section s where s.form_id = f.id and section = 'mid' and state = 'complete') as mid,
        (select max(forwarded_on)::text from case_form_submission s where s.form_id = f.id) as forwarded
      from case_form f join support_case c on c.id = f.case_id order by c.id`)
    assert.equal(truth.length, 4)
    assert.deepEqual(
      columnsOf(points, 'reference', 'before-on', 'midway-on', 'after-on'),
      truth.map(({ reference, scope, mid, forwarded }) => [reference, scope, mid, forwarded]),
    )
    const [open] = await ask<{ open: number }>(
      `select count(*)::int as open from case_step where step = 'process-claim' and state <> 'withdrawn'`,
    )
    assert.equal(open?.open, 1)
  })

  it('take a report back that was returned to the leader', async () => {
    await desk.begin('tsi-reporting', '2024-03-13')
    const rdp = await desk.as('dp-ne')
    const returned = await rdp.step('C-01', 'review-form', { outcome: 'return', reason: 'The claim is not complete' })
    assert.equal(returned.status, 200, returned.message)
    const rows = await tableOf(rdp, 'points', 'points')
    assert.deepEqual(columnsOf(rows.slice(0, 1), 'reference', 'after', 'after-on'), [
      ['C-01', 'Returned', '2024-03-13'],
    ])
    assert.deepEqual(columnsOf(await tableOf(rdp, 'points', 'counts'), 'there').at(-1), [0])
    assert.deepEqual(await tableOf(rdp, 'points', 'tasks'), [])
  })
})

describe('Requests beside cases', () => {
  before(() => desk.begin('tsi-extension'))

  it('are counted by outcome and region, and lead to their cases', async () => {
    const all = await desk.as('rg-all')
    const truth = await ask<{ region: string; standing: string; requests: number }>(`
      select region, coalesce(flags ->> 'decision', 'open') as standing, count(*)::int as requests from support_case
      where parent_id is not null group by 1, 2 order by 1, 2`)
    assert.ok(truth.length >= 3)
    const told: Readonly<Record<string, string>> = {
      open: 'Not decided yet',
      approved: 'Approved',
      declined: 'Declined',
    }
    const rows = columnsOf(await tableOf(all, 'outcomes', 'requests'), 'region', 'standing', 'requests')
    assert.deepEqual(
      rows.toSorted(),
      truth.map(({ region, standing, requests }) => [region, told[standing], requests]).toSorted(),
    )
    const declined = await tableOf(all, 'cases?request=extra-days/declined', 'cases')
    assert.deepEqual(columnsOf(declined, 'reference'), [['C-25']])
    const page = await all.get('/reports/cases?request=extra-days/declined')
    assert.match(page.text, /Remove filter Extra days of support: declined/)
    assert.match((await all.get('/reports')).text, /Requests: approved/)
    const late = await tableOf(all, 'late', 'items')
    const overdue = await ask<{ reference: string; due: string }>(`
      select c.reference, s.due_on::text as due from case_step s join support_case c on c.id = s.case_id
      where s.state = 'open' and c.status = 'open' and s.due_on < '2024-01-15' order by 1`)
    assert.deepEqual(
      columnsOf(late, 'reference', 'dueOn').toSorted(),
      overdue.map(({ reference, due }) => [reference, due]).toSorted(),
    )
    assert.ok(
      overdue.some(({ reference }) => reference.includes('-15-')),
      'a request that waits too long',
    )
  })

  it('and each ending of a step are what the cases hold', async () => {
    const rows = columnsOf(await tableOf(await desk.as('rg-all'), 'outcomes', 'decisions'), 'step', 'outcome', 'cases')
    const [truth] = await ask<{ cases: number }>(`select count(distinct case_id)::int as cases from case_step
      where step = 'approve' and outcome = 'approved' and state = 'done' and not superseded`)
    const found = rows.find(([step, outcome]) => step === 'Regional Director approval' && outcome === 'Approved')
    assert.equal(found?.[2], truth?.cases)
    const behind = await tableOf(await desk.as('rg-all'), 'cases?ended=approve/approved', 'cases')
    assert.equal(behind.length, truth?.cases)
  })
})
