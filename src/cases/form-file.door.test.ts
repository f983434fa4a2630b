import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import {
  BANK,
  type CaseTeam,
  CHOSEN,
  completed,
  deployed,
  formOfCase,
  headOf,
  scopeOf,
  teamOf,
} from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'
import { fill, formFileOf, readKeys } from './test-form-file.ts'

let desk: CaseDesk
let team: CaseTeam
let school: string
let other: string
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  team = await teamOf(desk)
  school = await deployed(desk, 'C-0951', 900005)
  other = await deployed(desk, 'C-0952', 900016)
})
after(() => desk.close())

const fileOf = (person: string, reference = school) => formFileOf(desk.service, person, reference)
const scopeNow = async (reference = school) => (await formOfCase(team.leader, reference).section('scope')).json

describe('The form as a workbook', () => {
  it('Is downloaded, filled off line, compared and taken as the person, with the file in the audit', async () => {
    const file = fileOf('L-01')
    const bytes = await file.download()
    const keys = await readKeys(bytes)
    assert.equal(keys['scope/why'], 'Two or more judgements of Requires improvement in a row')
    assert.equal(keys['details/copied.1'] !== undefined, true)
    assert.equal(
      Object.keys(keys).some((key) => key.startsWith('bank/')),
      false,
    )
    const filled = await fill(bytes, {
      'scope/approach': 'weak',
      'scope/decision': 'Develop new ones',
      'scope/why-note': '=1+1 in words',
      'scope/areas.behaviour.focus': true,
      'scope/areas.behaviour.mechanisms': 'shadowing; Signposted programme',
      'scope/areas.leadership.focus': 'N',
      'closure/early': 'y',
      'closure/early-reason': 'formula:1+1',
      'closure/conversation': 'Held',
      'closure/conversation-date': new Date('2023-11-15T00:00:00Z'),
      'closure/conversation-with': 'The head and the chair',
      'closure/next-steps.2.what': 'Keep the weekly review',
      'closure/next-steps.2.by': '19/7/2024',
    })
    const sent = await file.send(filled, 'from home.xlsx')
    assert.equal(sent.status, 201, sent.message)
    assert.deepEqual(sent.json.faults, [])
    assert.equal((await scopeNow()).version, 0)
    const byId = Object.fromEntries(sent.json.changes.map((one: { id: string }) => [one.id, one]))
    assert.deepEqual(
      [byId['scope/approach'].now, byId['scope/approach'].file, byId['scope/approach'].section],
      ['No answer', 'Weak', '2. Scope and diagnostics'],
    )
    assert.equal(byId['closure/conversation-date'].file, '15 November 2023')
    assert.ok(sent.json.unchanged > 50)

    const taken = await file.take({ upload: sent.json.upload, seen: sent.json.seen })
    assert.equal(taken.status, 200, taken.message)
    assert.equal(taken.json.taken, 13)
    const scope = (await scopeNow()).answers
    assert.equal(scope.fields.approach, 'weak')
    assert.equal(scope.fields['why-note'], '=1+1 in words')
    assert.deepEqual(scope.rows.areas.behaviour, { focus: 'yes', mechanisms: ['shadowing', 'programme'] })
    assert.deepEqual(scope.rows.areas.leadership, { focus: 'no' })
    const closure = (await formOfCase(team.leader, school).section('closure')).json.answers
    assert.equal(closure.fields['early-reason'], '=1+1')
    assert.deepEqual(closure.rows['next-steps'], { 1: { what: 'Keep the weekly review', by: '2024-07-19' } })
    const { rows } = await sql<{ name: string; reason: string }>`select e.name, v.value as reason from audit_entry e
      join audit_value v on v.entry_id = e.id and v.side = 'why' and v.field = 'reason'
      where e.record_key = ${school} and e.action = 'Section 2 saved'`.execute(desk.service.database.db)
    assert.deepEqual([rows.length, rows[0]?.name], [1, 'Maren Holloway'])
    assert.match(rows[0]?.reason ?? '', /From the file from home\.xlsx \(SHA-256 [0-9a-f]{12}\)/)
    assert.deepEqual((await file.take()).codes, ['file.none-waiting'])
    assert.deepEqual((await file.send(await file.download())).json.changes, [])
  })

  it('Bad answers are listed with sheet, row and reason, and the good ones can be taken all the same', async () => {
    const file = fileOf('L-01')
    const filled = await fill(await file.download(), {
      'scope/approach': 'Strong',
      'scope/decision': 'Something else',
      'scope/why': 'By exception: asked for by the school or trust',
      'scope/why-note': 'x'.repeat(501),
      'scope/areas.leadership.mechanisms': 'Coaching',
      'closure/conversation-date': '31 February 2024',
      'claim/days': '99',
    })
    const { json } = await file.send(filled)
    assert.deepEqual(
      json.changes.map((one: { id: string }) => one.id),
      ['scope/approach'],
    )
    const faults = Object.fromEntries(json.faults.map((one: { id: string }) => [one.id, one]))
    assert.match(faults['scope/decision'].reason, /“Something else” cannot be read: choose one of Develop new ones/)
    assert.deepEqual(
      [faults['scope/decision'].sheet, faults['scope/decision'].row > 5],
      ['2 Scope and diagnostics', true],
    )
    assert.match(faults['scope/why'].reason, /began for another reason/)
    assert.match(faults['scope/why-note'].reason, /at most 500/)
    assert.match(faults['closure/conversation-date'].reason, /real day/)
    assert.match(faults['scope/areas.leadership.mechanisms'].reason, /Not asked with the other answers/)
    assert.match(faults['claim/days'].reason, /More than can be claimed/)
    const page = await (await file.calls()).get(`/cases/${school}/form/file/differences`)
    assert.match(page.text, /1 difference can be taken/)
    assert.match(page.text, /2 Scope and diagnostics, row \d+/)
    assert.equal((await file.take()).json.taken, 1)
    assert.equal((await scopeNow()).answers.fields.approach, 'strong')
  })

  it('A stale file shows what changed meanwhile, and takes such a question only where it is named', async () => {
    const file = fileOf('L-01')
    const filled = await fill(await file.download(), {
      'scope/approach': 'Adequate',
      'scope/why-note': 'From the file',
      'scope/areas.other.focus': 'No',
    })
    const form = formOfCase(team.leader, school)
    const { fields, rows } = (await scopeNow()).answers
    const meanwhile = { fields: { ...fields, 'why-note': 'Typed meanwhile', decision: 'update' }, rows }
    assert.equal((await form.save('scope', meanwhile)).status, 200)
    const { json } = await file.send(filled)
    const notes = json.changes.find((one: { id: string }) => one.id === 'scope/why-note')
    assert.deepEqual([notes.now, notes.file, notes.meanwhile], ['Typed meanwhile', 'From the file', '=1+1 in words'])
    assert.deepEqual(
      json.moved.map((one: { id: string; was: string; now: string }) => [one.id, one.was, one.now]),
      [['scope/decision', 'Develop new ones', 'Reflect on and update existing ones']],
    )
    const page = await (await file.calls()).get(`/cases/${school}/form/file/differences`)
    assert.match(page.text, /Changed meanwhile; it was: =1\+1 in words/)
    await form.save('scope', { fields: { ...meanwhile.fields, 'why-note': 'Once more' }, rows })
    const late = await file.take({ upload: json.upload, seen: json.seen })
    assert.deepEqual([late.status, ...late.codes], [409, 'moved-on'])
    assert.equal((await file.take()).json.taken, 2)
    const after = (await scopeNow()).answers.fields
    assert.deepEqual([after.approach, after['why-note'], after.decision], ['adequate', 'Once more', 'update'])
  })

  it('A file of another case, of nothing here, or no workbook at all is refused', async () => {
    const file = fileOf('L-01')
    const foreign = await file.send(await fileOf('L-01', other).download())
    assert.deepEqual([foreign.status, ...foreign.codes], [422, 'file.foreign'])
    assert.match(foreign.message, /belongs to case C-0952; this is case C-0951/)
    assert.deepEqual((await file.send(Buffer.from('Question,Answer'))).codes, ['file.not-a-workbook'])
    assert.deepEqual((await file.send(Buffer.from('PK\u0003\u0004 torn'))).codes, ['file.not-a-workbook'])
    assert.deepEqual((await file.send(Buffer.alloc(2 * 1024 * 1024 + 1, 'PK'))).codes, ['file.too-large'])
    assert.deepEqual((await file.send(Buffer.from(''))).codes, ['file.missing'])
    const page = await file.sendAtPage(Buffer.from('no'), 'no.xlsx')
    assert.equal(page.status, 422)
    assert.match(page.text, /not a workbook of Excel/)
    assert.equal((await fileOf('L-02').send(await file.download())).status, 404)
  })

  it('The head reads the form off line, and what a file says for sections of the leader is refused by name', async () => {
    const file = fileOf('head-900016', other)
    const bytes = await file.download()
    const filled = await fill(bytes, { 'scope/approach': 'Strong', 'details/copied.1': 'Another name' })
    const { status, json } = await file.send(filled)
    assert.deepEqual([status, json.changes], [201, []])
    const [name, approach] = json.faults
    assert.deepEqual([name.code, approach.code], ['not-responsible', 'not-responsible'])
    assert.match(approach.reason, /Section 2, Scope and diagnostics is not yours to do/)
    assert.match(name.reason, /made by the service/)
    assert.deepEqual((await file.take({ take: ['scope/approach'] })).codes, ['change.unknown'])
    assert.equal((await scopeNow(other)).version, 0)
    const { rows } = await sql`select 1 from audit_entry where record_key = ${other} and action = 'Attempt refused'
      `.execute(desk.service.database.db)
    assert.equal(rows.length, 2)
  })

  it('At the page the differences are ticked and taken without a script', async () => {
    const file = fileOf('L-01', other)
    const form = formOfCase(team.leader, other)
    assert.equal((await form.complete('scope', scopeOf(CHOSEN))).status, 200)
    const filled = await fill(await file.download(), {
      'scope/areas.behaviour.focus': 'No',
      'scope/areas.finance.focus': 'Yes',
      'scope/areas.finance.mechanisms': 'Training',
      'scope/areas.behaviour.mechanisms': null,
      'scope/areas.behaviour.sources': null,
    })
    const calls = await file.calls()
    const at = `/cases/${other}/form/file`
    const sent = await calls.upload(at, {}, 'filled.xlsx', filled)
    assert.deepEqual([sent.status, sent.location], [303, `${at}/differences`])
    const page = await calls.get(`${at}/differences`)
    assert.match(page.text, /5 differences can be taken/)
    const [, upload = ''] = /name="upload" value="(\d+)"/.exec(page.body) ?? []
    const [, seen = ''] = /name="seen" value="([^"]*)"/.exec(page.body) ?? []
    const none = await calls.post(`${at}/differences`, { upload, seen })
    assert.match(none.text, /Choose at least one difference/)
    const only = await calls.post(`${at}/differences`, { upload, seen, take: 'scope/areas.finance.focus' })
    assert.equal(only.location, `${at}?taken=1&left=4`)
    const rows = (await scopeNow(other)).answers.rows.areas
    assert.deepEqual([rows.finance.focus, rows.behaviour.focus], ['yes', 'yes'])
    assert.match((await calls.get(`${at}?taken=1&left=4`)).text, /1 answer taken into the form\. 4 others left out/)
  })

  it('What was typed here comes back without a difference, whatever it is', async () => {
    const form = formOfCase(team.leader, school)
    const file = fileOf('L-01')
    const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((one) => one.replaceAll('\0', ''))
    await fc.assert(
      fc.asyncProperty(text, text, async (note, step) => {
        const body = { fields: { 'early-reason': note, early: 'yes' }, rows: { 'next-steps': { 1: { what: step } } } }
        const saved = await form.save('closure', body)
        assert.equal(saved.status, 200, saved.message)
        const { json } = await file.send(await file.download())
        assert.deepEqual([json.changes, json.faults, json.moved], [[], [], []])
      }),
      {
        numRuns: 12,
        examples: [
          ['=1+1', '_x0041_'],
          ['a\r\nb', '+44'],
          ['31/12/2023', ' TRUE '],
          ['007', '1e5'],
        ],
      },
    )
  })

  it('What is signed loses its signature when a file changes it, and a form that is handed in takes nothing', async () => {
    const signed = await headOf(desk, 900011).then(() => completed(desk, 'C-0953', 900011, '2024-03-08'))
    const file = fileOf('L-01', signed)
    const form = formOfCase(team.leader, signed)
    await form.save('bank', BANK)
    const first = await form.sign('leader')
    assert.equal(first.status, 200, first.message)
    const bytes = await file.download()
    const sent = await file.send(await fill(bytes, { 'scope/why-note': 'One more word' }))
    assert.equal(sent.json.changes.length, 1, JSON.stringify(sent.json.faults))
    const taken = await file.take()
    assert.deepEqual(taken.json.sections[0].voided, ['Signature of the leader'])
    assert.equal(taken.json.sections[0].state, 'complete')
    await sql`update case_form set status = 'submitted' where id = (select f.id from case_form f
      join support_case c on c.id = f.case_id where c.reference = ${signed})`.execute(desk.service.database.db)
    const late = await file.send(await fill(bytes, { 'scope/why-note': 'Too late' }))
    assert.deepEqual(
      late.json.faults.map(({ code }: { code: string }) => code),
      ['form.handed-in'],
    )
  })
})
