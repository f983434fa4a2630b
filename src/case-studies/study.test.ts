import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Decision } from '../platform/decision.ts'
import type { StudyRules } from '../programmes/index.ts'
import {
  approvalOf,
  consentOf,
  decideApprove,
  decideConsent,
  decideEntry,
  decideLink,
  decidePublish,
  decideSupporter,
  decideText,
  decideUnlink,
  decideWithdraw,
  isEarly,
  type Study,
  type StudySubject,
} from './study.ts'

const cites = ['setting: a test']
const RULES: StudyRules = {
  title: 'Case studies',
  flow: 'help',
  'fine-from': { stage: 'B', say: 'Not completed', cites },
  ended: { step: 'end', cites },
  write: { by: ['team'], cites },
  publish: { by: ['team'], cites },
  withdraw: { by: ['team'], cites },
  approval: { by: ['team'], 'void-on': 'change', cites },
  consent: { by: ['school'], 'void-on': 'change', ways: [{ id: 'letter', title: 'Letter' }], cites },
  sections: [
    { id: 'before', title: 'Before', required: true, cites },
    { id: 'after', title: 'After', required: true, entries: 'dated', cites },
    { id: 'thanks', title: 'Thanks', cites },
  ],
  cites,
}

const subject = (id: number, urn: number, more: Partial<StudySubject> = {}): StudySubject => ({
  id,
  key: `urn:${urn}`,
  name: `School ${urn}`,
  urn,
  trust: null,
  region: 'North East',
  caseId: id,
  caseReference: `C-0${id}`,
  caseStage: 'B',
  ...more,
})

const approval = { textVersion: 3, on: '2024-04-01', by: 'Wenna', as: null }
const consent = (key: string, answer: 'yes' | 'no' = 'yes', textVersion = 3) => ({
  textVersion,
  key,
  answer,
  givenBy: 'Head',
  givenOn: '2024-04-02',
  way: 'letter',
  recordedOn: '2024-04-02',
  recordedBy: 'Wenna',
})

const STUDY: Study = {
  id: 1,
  reference: 'CS-1',
  programme: 'help',
  edition: '2024',
  title: 'Two schools',
  state: 'draft',
  version: 7,
  textVersion: 3,
  startedOn: '2024-03-20',
  startedBy: 'Wenna',
  publishedOn: null,
  publishedBy: null,
  withdrawnOn: null,
  withdrawnBy: null,
  withdrawnReason: null,
  texts: { before: 'It was hard', after: 'It is better' },
  subjects: [subject(1, 900001), subject(2, 900010)],
  supporters: [],
  entries: [],
  approvals: [approval],
  consents: [consent('urn:900001'), consent('urn:900010')],
}
const LIVE: Study = { ...STUDY, state: 'published', publishedOn: '2024-04-03' }

const codes = (decision: Decision<unknown>) => (decision.ok ? [] : decision.refusals.map(({ code }) => code))
const messages = (decision: Decision<unknown>) => (decision.ok ? [] : decision.refusals.map(({ message }) => message))

describe('A case study is published', () => {
  const publish = (more: Partial<Study>) => decidePublish({ ...STUDY, ...more }, RULES, 'the team')

  it('when nothing is missing; what is optional may be empty', () => assert.deepEqual(codes(publish({})), []))

  it('never with an empty section: each is named, in their order', () => {
    assert.deepEqual(messages(publish({ texts: { before: ' \n ', thanks: 'Many' } })), [
      '“Before” is empty',
      '“After” is empty',
    ])
  })

  it('with dated entries in place of a text', () => {
    const entry = { id: 1, section: 'after', on: '2024-04-01', words: 'Up', judged: null, source: null }
    assert.deepEqual(codes(publish({ texts: { before: 'x' }, entries: [entry] })), [])
    assert.deepEqual(codes(publish({ texts: { after: 'x' }, entries: [entry] })), ['section.empty'])
  })

  it('never without an approval of the text as it is', () => {
    assert.deepEqual(codes(publish({ approvals: [] })), ['approval.missing'])
    assert.deepEqual(codes(publish({ approvals: [{ ...approval, textVersion: 2 }] })), ['approval.void'])
  })

  it('never without the consent of each school to the text as it is; the last word of each counts', () => {
    const [first, second] = STUDY.consents
    assert.ok(first && second)
    assert.deepEqual(messages(publish({ consents: [first] })), ['The consent of School 900010 is not recorded'])
    assert.deepEqual(codes(publish({ consents: [first, consent('urn:900010', 'yes', 2)] })), ['consent.void'])
    assert.deepEqual(codes(publish({ consents: [first, consent('urn:900010', 'no'), second] })), ['consent.refused'])
    assert.deepEqual(codes(publish({ consents: [first, second, consent('urn:900010', 'no')] })), [])
  })

  it('and tells everything at once', () => {
    const found = codes(publish({ texts: {}, approvals: [], consents: [] }))
    assert.deepEqual(found, [
      'section.empty',
      'section.empty',
      'approval.missing',
      'consent.missing',
      'consent.missing',
    ])
  })

  it('with approvals that outlast a change where the pack does not end them', () => {
    const { 'void-on': _, ...kept } = { by: ['team'], cites, 'void-on': 'change' as const }
    assert.equal(approvalOf({ ...STUDY, textVersion: 9 }, { ...RULES, approval: kept }).state, 'valid')
    assert.equal(consentOf({ ...STUDY, textVersion: 9 }, RULES, 'urn:900001').state, 'void')
  })

  it('once', () => assert.deepEqual(codes(publish(LIVE)), ['study.published']))
})

describe('What is published does not change', () => {
  const typed = { title: 'Other', texts: {}, version: 7 }
  const entry = { section: 'after', on: '2024-04-01', words: 'Up' }
  const said = { subject: 'urn:900001', answer: 'yes', givenBy: 'Head', givenOn: '2024-04-01', way: 'letter' }
  const changes: Record<string, Decision<unknown>> = {
    text: decideText(LIVE, RULES, typed),
    entry: decideEntry(LIVE, RULES, entry, '2024-04-15'),
    link: decideLink(LIVE, { key: 'urn:900011', caseId: 9, name: 'Third' }),
    unlink: decideUnlink(LIVE, 2),
    supporter: decideSupporter(LIVE, { leader: '', name: 'Wenna', organisation: 'Ash Trust' }, undefined),
    approval: decideApprove({ ...LIVE, approvals: [] }, RULES),
    consent: decideConsent(LIVE, RULES, said, '2024-04-15'),
  }
  for (const [name, decision] of Object.entries(changes))
    it(name, () => assert.deepEqual(codes(decision), ['study.published']))

  it('until it is withdrawn, with a reason', () => {
    assert.deepEqual(codes(decideWithdraw(LIVE, '')), ['reason.missing'])
    assert.deepEqual(decideWithdraw(LIVE, 'The school asked'), { ok: true, value: 'The school asked' })
    assert.deepEqual(codes(decideWithdraw(STUDY, 'x')), ['study.not-published'])
  })
})

describe('A draft', () => {
  it('is saved as it is, also empty, on the version that was opened', () => {
    const typed = { title: 'Two schools', texts: { before: '' }, version: 7 }
    assert.deepEqual(decideText(STUDY, RULES, typed), {
      ok: true,
      value: { title: 'Two schools', texts: { before: '' } },
    })
    assert.deepEqual(codes(decideText(STUDY, RULES, { ...typed, version: 6 })), ['moved-on'])
    assert.deepEqual(codes(decideText(STUDY, RULES, { ...typed, version: null })), ['moved-on'])
  })

  it('has a title, known sections, and an end', () => {
    const wrong = { title: '', texts: { before: 'x'.repeat(10_001), elsewhere: 'x' }, version: 7 }
    assert.deepEqual(codes(decideText(STUDY, RULES, wrong)), ['title.missing', 'section.too-long', 'section.unknown'])
  })

  it('is approved once as it stands', () => {
    assert.deepEqual(codes(decideApprove(STUDY, RULES)), ['approval.there'])
    assert.deepEqual(codes(decideApprove({ ...STUDY, textVersion: 4 }, RULES)), [])
  })

  it('links a case once, and its school for another case of it', () => {
    const again = { key: 'urn:900001', caseId: 1, name: 'School' }
    assert.deepEqual(codes(decideLink(STUDY, again)), ['subject.twice'])
    assert.deepEqual(codes(decideLink(STUDY, { ...again, caseId: 5 })), [])
    assert.deepEqual(codes(decideLink(STUDY, { ...again, caseId: null })), ['subject.twice'])
  })

  it('keeps its last case', () => {
    const alone = subject(3, 900011, { caseId: null, caseReference: null, caseStage: null })
    const one: Study = { ...STUDY, subjects: [subject(1, 900001), alone] }
    assert.deepEqual(codes(decideUnlink(one, 1)), ['study.last-case'])
    assert.deepEqual(codes(decideUnlink(one, 3)), [])
    assert.deepEqual(codes(decideUnlink(STUDY, 2)), [])
    assert.deepEqual(codes(decideUnlink(STUDY, 77)), ['subject.unknown'])
  })

  it('takes a dated entry of the past into a section that has entries', () => {
    const entry = { section: 'after', on: '2024-04-15', words: 'Attendance is up' }
    assert.deepEqual(decideEntry(STUDY, RULES, entry, '2024-04-15'), { ok: true, value: entry })
    const wrong = { section: 'before', on: '2024-04-16', words: '' }
    assert.deepEqual(codes(decideEntry(STUDY, RULES, wrong, '2024-04-15')), [
      'section.no-entries',
      'date.future',
      'words.missing',
    ])
    assert.deepEqual(codes(decideEntry(STUDY, RULES, { ...entry, on: null }, '2024-04-15')), ['date.missing'])
    assert.deepEqual(codes(decideEntry(STUDY, RULES, { ...entry, on: undefined }, '2024-04-15')), ['date.wrong'])
  })

  it('says who agreed, when and how; everything that is missing is told', () => {
    const said = { subject: '900010', answer: 'no', givenBy: 'Head', givenOn: '2024-04-15', way: 'letter' }
    const { subject: _, ...kept } = said
    assert.deepEqual(decideConsent(STUDY, RULES, said, '2024-04-15'), {
      ok: true,
      value: { key: 'urn:900010', ...kept },
    })
    const nothing = { subject: '', answer: '', givenBy: '', givenOn: null, way: 'by owl' }
    assert.deepEqual(codes(decideConsent(STUDY, RULES, nothing, '2024-04-15')), [
      'subject.missing',
      'answer.missing',
      'given-by.missing',
      'way.missing',
      'date.missing',
    ])
  })

  it('names a leader, or somebody with an organisation', () => {
    const none = { leader: '', name: '', organisation: '' }
    assert.deepEqual(codes(decideSupporter(STUDY, none, undefined)), ['name.missing'])
    assert.deepEqual(codes(decideSupporter(STUDY, { ...none, name: 'Wenna' }, undefined)), ['organisation.missing'])
    assert.deepEqual(codes(decideSupporter(STUDY, { ...none, leader: 'L-99' }, undefined)), ['leader.unknown'])
    assert.ok(decideSupporter(STUDY, { ...none, leader: 'L-02' }, { id: 2, name: 'Wenna' }).ok)
  })
})

it('A case is early before the stage from which it is fine', () => {
  const stages = ['A', 'B', 'C']
  assert.deepEqual(
    ['A', 'B', 'C', null].map((stage) => isEarly(stages, stage, 'B')),
    [true, false, false, false],
  )
})
