import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judgeResponse, readResponse } from './response.ts'
import type { PaymentItem } from './run-store.ts'

const HEAD = 'Reference,Result,Date,Payment reference,Reason,Amount'
const DAYS = { today: '2024-04-10', releasedOn: '2024-04-01' }

function item(number: number, state: PaymentItem['state'] = 'open'): PaymentItem {
  return {
    id: number,
    number,
    reference: `R-1-${number}`,
    lineId: number,
    pence: 330_050,
    state,
    paidOn: null,
    paidReference: null,
    reason: null,
    caseReference: 'C-1',
    title: 'Days of support',
    payee: 'Test Trust',
    leaderId: null,
    leaderReference: null,
  }
}

function judged(...lines: string[]) {
  const rows = readResponse([HEAD, ...lines].join('\n'))
  assert.ok(rows.ok)
  const { answers, faults } = judgeResponse(rows.value, [item(1), item(2), item(3, 'paid')], DAYS)
  return {
    answers: answers.map(({ item: { id }, answer }) => ({ id, ...answer })),
    faults: faults.map(({ line, field, message }) => `${line} ${field}: ${message}`),
  }
}

describe('The file of the payer', () => {
  it('needs three columns, in any order and writing', () => {
    assert.deepEqual(readResponse('reference,RESULT\nx,y'), {
      ok: false,
      refusals: [{ code: 'file.columns', field: 'file', message: 'The file has no column date' }],
    })
    assert.deepEqual(readResponse('').ok ? [] : 'refused', 'refused')
    const read = readResponse('\uFEFFDate, Result ,Reference\n\n2024-04-08,paid\n')
    assert.deepEqual(read, {
      ok: true,
      value: [{ line: 2, cells: { date: '2024-04-08', result: 'paid', reference: '' } }],
    })
  })

  it('that is no CSV is told so', () => {
    const read = readResponse('reference,result,date\n"open')
    assert.ok(!read.ok)
    assert.equal(read.refusals[0]?.code, 'file.not-csv')
    assert.equal(read.refusals[0]?.field, 'file')
    assert.match(read.refusals[0]?.message ?? '', /^The file is not a CSV: ./)
  })
})

describe('What the payer answers', () => {
  it('a payment that was made, and one that failed', () => {
    const { answers, faults } = judged(
      'R-1-1,paid,2024-04-10,BACS-1,,3300.50',
      'R-1-2,failed,2024-04-01,,account closed,',
    )
    assert.deepEqual(faults, [])
    assert.deepEqual(answers, [
      { id: 1, state: 'paid', on: '2024-04-10', paidOn: '2024-04-10', paidReference: 'BACS-1', reason: null },
      { id: 2, state: 'failed', on: '2024-04-10', paidOn: null, paidReference: null, reason: 'account closed' },
    ])
  })

  it('good rows are taken beside bad ones, which say line, column and reason', () => {
    const { answers, faults } = judged(
      'R-9,paid,2024-04-08,B,,',
      ',paid,2024-04-08,B,,',
      'R-1-1,paid,2024-04-08,B,,',
      'R-1-1,paid,2024-04-08,B,,',
      'R-1-3,paid,2024-04-08,B,,',
    )
    assert.deepEqual(
      answers.map(({ id }) => id),
      [1],
    )
    assert.deepEqual(faults, [
      '2 Reference: R-9: there is no such payment in this run',
      '3 Reference: No reference: there is no such payment in this run',
      '5 Reference: R-1-1 stands in the file twice',
      '6 Reference: R-1-3 was answered before: paid',
    ])
  })

  it('every cell is judged', () => {
    const fault = (line: string) => judged(line).faults[0]
    assert.equal(fault('R-1-1,sent,2024-04-08,B,,'), '2 Result: The result must be paid or failed, not "sent"')
    for (const day of ['8 April', '2024-02-30', '2024-4-08', '2024-04-08T', 'x2024-04-08', ''])
      assert.equal(fault(`R-1-1,paid,${day},B,,`), `2 Date: The date must be like 2024-04-08, not "${day}"`)
    for (const day of ['2024-04-11', '2024-03-31'])
      assert.equal(
        fault(`R-1-1,paid,${day},B,,`),
        `2 Date: ${day} must lie between the release of the run on 2024-04-01 and today`,
      )
    for (const amount of ['3300.51', '3300', 'all'])
      assert.equal(fault(`R-1-1,paid,2024-04-08,B,,${amount}`), `2 Amount: R-1-1 is £3300.50, the file says ${amount}`)
    assert.equal(fault('R-1-1,paid,2024-04-08,,,'), '2 Payment reference: A payment that was made needs its reference')
    assert.equal(fault('R-1-1,failed,2024-04-08,B,,'), '2 Reason: A payment that failed needs the reason')
  })
})
