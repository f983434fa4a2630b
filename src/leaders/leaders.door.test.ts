import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readAudit } from '../platform/audit-history.ts'
import { findLeader } from './leader-store.ts'
import { holdDays, promiseDays } from './take-days.ts'
import { openTestRoster, TESTER, type TestRoster } from './test-roster.ts'

let roster: TestRoster
before(async () => {
  roster = await openTestRoster()
})
after(() => roster.close())

const AUTUMN = '2023-24-autumn'
const SPRING = '2023-24-spring'
const SUMMER = '2023-24-summer'

const L07 = {
  reference: 'L-07',
  name: 'Morwen Teague',
  type: 'mat-ceo',
  organisation: 'T-10',
  region: 'South West',
  worksOutOfRegion: 'yes',
  state: 'active',
  phases: ['secondary'],
  expertise: ['attendance'],
  [`days-${SPRING}`]: '15',
}

describe('Adding a leader', () => {
  it('TSI-070 a leader without organisation, region or type is refused by name; with them it is saved and found', async () => {
    for (const [field, words] of [
      ['organisation', 'Enter the organisation'],
      ['region', 'Choose a home region'],
      ['type', 'Choose a type'],
    ] as const) {
      const refused = await roster.post('/leaders/new', { ...L07, [field]: '' })
      assert.equal(refused.status, 422)
      assert.match(refused.text, new RegExp(`href="#${field}">${words}`))
      assert.match(refused.text, new RegExp(`id="${field}-error"`))
      assert.match(refused.text, /value="Morwen Teague"/, 'what was typed stays')
    }
    assert.equal(await findLeader(roster.database.db, 'L-07'), undefined)

    const saved = await roster.post('/leaders/new', L07)
    assert.equal(saved.location, '/leaders/L-07?done=added')
    const record = await roster.get('/leaders/L-07')
    assert.match(record.text, /Combe and Quay Trust/)
    assert.match(record.text, /Spring term 2024: no days promised, no days held, 15 days free/)

    for (const query of ['text=South+West+Attendance', 'region=South+West&expertise=attendance']) {
      const found = await roster.get(`/leaders?${query}`)
      assert.match(found.text, /<strong>1 leader<\/strong>/)
      assert.match(found.text, /href="\/leaders\/L-07"/)
    }
    assert.match((await roster.get('/leaders?text=South+East+Attendance')).text, /No leaders/)
  })

  it('takes spaces and invisible characters off what was pasted', async () => {
    await roster.post('/leaders/new', {
      ...L07,
      reference: ' L-08\u200b',
      name: '  Perran  Tull ',
      email: ' p.tull@example.org ',
    })
    const stored = await findLeader(roster.database.db, 'L-08')
    assert.equal(stored?.leader.name, 'Perran Tull')
    assert.equal(stored?.leader.email, 'p.tull@example.org')
  })

  it('refuses a reference that is taken, and organisations that the register does not hold', async () => {
    const taken = await roster.post('/leaders/new', { ...L07, reference: 'L-01' })
    assert.match(taken.text, /There is already a leader with the reference L-01/)
    const unknown = await roster.post('/leaders/new', { ...L07, reference: 'L-09', organisation: '999999' })
    assert.match(unknown.text, /There is no school or trust &quot;999999&quot;/)
  })

  it('page and API refuse with the same words', async () => {
    const wrong = { ...L07, reference: 'L-09', organisation: '', region: 'Atlantis', expertise: ['plumbing'] }
    const fromPage = await roster.post('/leaders/new', wrong)
    const fromApi = await roster.api('/api/v1/leaders', wrong)
    assert.equal(fromApi.status, 422)
    const { refusals } = fromApi.json
    assert.ok(Array.isArray(refusals) && refusals.length === 3)
    for (const { message } of refusals) assert.ok(fromPage.text.includes(message.replaceAll('"', '&quot;')), message)
  })
})

describe('Changing a leader', () => {
  const form = async (reference: string) => {
    const { text } = await roster.get(`/leaders/${reference}/edit`)
    return text.match(/name="version" value="(\d+)"/)?.[1] ?? ''
  }
  const L06 = {
    name: 'Rufus Dunmore-Hale',
    email: 'rufus.dunmorehale@example.org',
    type: 'mat-ceo',
    organisation: 'T-13',
    base: '900053',
    region: 'East Midlands',
    worksOutOfRegion: 'yes',
    state: 'active',
    phases: ['primary'],
    expertise: ['teaching-learning', 'behaviour', 'workload-staffing'],
    [`days-${AUTUMN}`]: '12',
    [`days-${SPRING}`]: '20',
    [`days-${SUMMER}`]: '8',
  }

  it('keeps who changed what, through which door, and says when nothing differs', async () => {
    const same = await roster.post('/leaders/L-06/edit', { ...L06, version: await form('L-06') })
    assert.equal(same.location, '/leaders/L-06?done=unchanged')
    const changed = await roster.post('/leaders/L-06/edit', {
      ...L06,
      version: await form('L-06'),
      travelLimitMiles: '45',
    })
    assert.equal(changed.location, '/leaders/L-06?done=changed')
    const stored = await findLeader(roster.database.db, 'L-06')
    const [last, first] = await readAudit(roster.database.db, [{ record: 'leader', keys: [stored?.id ?? 0] }])
    assert.deepEqual(
      [last?.action, last?.door, last?.old, last?.new],
      ['Changed', 'page', { travelLimitMiles: '' }, { travelLimitMiles: '45' }],
    )
    assert.equal(first?.action, 'Interest declared')
    assert.match((await roster.get('/leaders/L-06/history')).text, /Travel limit in miles: 45/)
  })

  it('a save over a newer version shows both and keeps what was typed, and a second save wins', async () => {
    const version = await form('L-06')
    await roster.post('/leaders/L-06/edit', { ...L06, version, travelLimitMiles: '50' })
    const late = await roster.post('/leaders/L-06/edit', { ...L06, version, travelLimitMiles: '60' })
    assert.equal(late.status, 409)
    assert.match(late.text, /Travel limit in miles<\/th><td data-label="Saved now">50<\/td><td data-label="Yours">60/)
    assert.match(late.text, /name="travelLimitMiles"[^>]*value="60"/)
    assert.equal((await findLeader(roster.database.db, 'L-06'))?.leader.travelLimitMiles, 50)

    const newest = late.text.match(/name="version" value="(\d+)"/)?.[1] ?? ''
    await roster.post('/leaders/L-06/edit', { ...L06, version: newest, travelLimitMiles: '60' })
    assert.equal((await findLeader(roster.database.db, 'L-06'))?.leader.travelLimitMiles, 60)
  })

  it('days promised meanwhile do not stand in the way of a save', async () => {
    const version = await form('L-06')
    const { database, vocabulary } = roster
    const asked = { leader: 'L-06', term: AUTUMN, halfDays: 2, takenFor: 'C-20', vocabulary, by: TESTER }
    assert.ok((await holdDays(database, asked)).ok)
    const saved = await roster.post('/leaders/L-06/edit', { ...L06, version, travelLimitMiles: '60' })
    assert.equal(saved.location, '/leaders/L-06?done=unchanged')
  })

  it('the API answers 409 for a version that moved on', async () => {
    const answer = await roster.api('/api/v1/leaders/L-06', { version: 1, name: 'Another Name' })
    assert.equal(answer.status, 409)
  })

  it('days below what is promised need a reason, and what was promised stays', async () => {
    const { database, vocabulary } = roster
    const asked = { leader: 'L-06', term: SUMMER, halfDays: 12, takenFor: 'C-24', vocabulary, by: TESTER }
    assert.ok((await promiseDays(database, asked)).ok)
    const fields = { ...L06, travelLimitMiles: '60', [`days-${SUMMER}`]: '4' }
    const refused = await roster.post('/leaders/L-06/edit', { ...fields, version: await form('L-06') })
    assert.equal(refused.status, 422)
    assert.match(refused.text, /6 days of Summer term 2024 are already held or promised/)
    const saved = await roster.post('/leaders/L-06/edit', {
      ...fields,
      version: await form('L-06'),
      reason: 'New school to lead',
    })
    assert.equal(saved.location, '/leaders/L-06?done=changed')
    const page = await roster.get('/leaders/L-06')
    assert.match(page.text, /2 days more than available/)
    const more = await holdDays(database, { ...asked, halfDays: 1, takenFor: 'C-25' })
    assert.ok(!more.ok && more.refusals[0]?.code === 'leader.no-capacity')
  })
})

describe('The list', () => {
  it('filters, sorts and pages, and its file holds the same leaders', async () => {
    const page = await roster.get(`/leaders?region=North+East&term=${SPRING}&free=yes&sort=-free`)
    const order = [...page.text.matchAll(/href="\/leaders\/(L-\d+)"/g)].map((match) => match[1])
    assert.deepEqual(order, ['L-03', 'L-02', 'L-04', 'L-22', 'L-01'], 'L-21 has no days in spring')
    const csv = await roster.get(`/leaders.csv?region=North+East&term=${SPRING}&free=yes&sort=-free`)
    assert.equal(csv.text.trim().split('\n').length, 6)
    const api = await roster.server.inject(`/api/v1/leaders?region=North+East&term=${SPRING}&free=yes`)
    assert.equal(api.json().total, 5)
  })

  it('shows a declaration that was not made as not made', async () => {
    const { text } = await roster.get('/leaders?text=L-07')
    assert.match(text, /Interests not declared yet/)
    assert.doesNotMatch((await roster.get('/leaders?text=L-01')).text, /Interests not declared yet/)
  })

  it('a page beyond the end says so without a fault', async () => {
    assert.equal((await roster.get('/leaders?page=99')).status, 200)
    assert.equal((await roster.get('/leaders/L-404')).status, 404)
  })
})

describe('Interests', () => {
  it('nothing to declare is an answer; an interest ends it; withdrawn stays visible', async () => {
    const nothing = { year: '2023', nothing: 'yes', target: '', nature: '' }
    assert.match((await roster.get('/leaders/L-07/interests')).text, /Not declared yet/)
    await roster.post('/leaders/L-07/interests/declare', nothing)
    assert.match((await roster.get('/leaders/L-07/interests')).text, /Nothing to declare, as confirmed/)

    const wrong = await roster.post('/leaders/L-07/interests/declare', {
      year: '2023',
      nothing: 'no',
      target: '900001',
      nature: '',
    })
    assert.equal(wrong.status, 422)
    assert.match(wrong.text, /Say what the interest is/)
    await roster.post('/leaders/L-07/interests/declare', {
      year: '2023',
      nothing: 'no',
      target: '900001',
      nature: 'Governor',
    })
    const { text } = await roster.get('/leaders/L-07/interests')
    assert.match(text, /Larkbeck Primary School \(900001\)/)
    assert.match(text, /Withdrawn .*An interest was declared/)

    const href = text.match(/href="(\/leaders\/L-07\/interests\/\d+\/withdraw)"/)?.[1] ?? ''
    assert.equal((await roster.post(href, { reason: '' })).status, 422)
    await roster.post(href, { reason: 'Term of office ended' })
    const after = (await roster.get('/leaders/L-07/interests')).text
    assert.match(after, /Withdrawn .*Term of office ended/)
    assert.match(after, /Not declared yet/, 'all withdrawn is no answer')
  })
})

describe('Leave', () => {
  it('blocks a term that it covers wholly, and no other', async () => {
    const whole = {
      'from-day': '8',
      'from-month': 'January',
      'from-year': '2024',
      'to-day': '28',
      'to-month': '3',
      'to-year': '2024',
    }
    assert.equal(
      (await roster.post('/leaders/L-05/leave', { ...whole, 'from-day': '30', 'from-month': '2' })).status,
      422,
    )
    await roster.post('/leaders/L-05/leave', { ...whole, 'from-day': '9' })
    assert.match((await roster.get(`/leaders?text=L-05&term=${SPRING}`)).text, /20 of 20/)
    await roster.post('/leaders/L-05/leave', whole)
    assert.match((await roster.get(`/leaders?text=L-05&term=${SPRING}`)).text, /on leave/)
    const { database, vocabulary } = roster
    const hold = await holdDays(database, {
      leader: 'L-05',
      term: SPRING,
      halfDays: 2,
      takenFor: 'C-1',
      vocabulary,
      by: TESTER,
    })
    assert.ok(!hold.ok && hold.refusals[0]?.code === 'leader.no-capacity')
  })
})

describe('Several leaders at once', () => {
  const fields = {
    leader: ['L-03', 'L-04'],
    state: '',
    term: SUMMER,
    days: '6.5',
    addExpertise: ['finance'],
    reason: '',
  }

  it('shows first, then saves all or none', async () => {
    const preview = await roster.post('/leaders/bulk', fields)
    assert.match(preview.text, /Days in Summer term 2024: 10 days<\/td><td data-label="Then">6.5 days/)
    assert.equal((await findLeader(roster.database.db, 'L-03'))?.leader.days[SUMMER], 20, 'nothing is saved')
    const versions = Object.fromEntries(
      [...preview.text.matchAll(/name="(version-L-\d+)" value="(\d+)"/g)].map((match) => [match[1], match[2] ?? '']),
    )
    const stale = await roster.post('/leaders/bulk', { ...fields, ...versions, 'version-L-04': '0', step: 'save' })
    assert.equal(stale.status, 409)
    assert.equal((await findLeader(roster.database.db, 'L-03'))?.leader.days[SUMMER], 20, 'not half saved')
    const saved = await roster.post('/leaders/bulk', { ...fields, ...versions, step: 'save' })
    assert.equal(saved.location, '/leaders?done=bulk&count=2')
    const { leader } = (await findLeader(roster.database.db, 'L-04')) ?? assert.fail()
    assert.deepEqual([leader.days[SUMMER], leader.expertise.includes('finance')], [13, true])
  })
})
