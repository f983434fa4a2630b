import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestService } from '../../world/test-service.ts'
import { machineActor } from '../platform/actor.ts'
import {
  type Circumstances,
  countEarlierSignposts,
  decideSignpost,
  findSchoolCircumstances,
  findTrustCircumstances,
  listSignposts,
  listUndecided,
  type SignpostCommand,
  storeSignpost,
  suggest,
} from './index.ts'
import { loadShippedCatalogue } from './test-catalogue.ts'

const service = await startTestService({ world: true, today: '2024-01-15' })
after(() => service.close())
const pack = await loadShippedCatalogue()
const { db } = service.database
const BY = machineActor('Test leader', 'system')
const RECORD = { record: 'trial-case', recordKey: '1' }
const TERMS = pack.terms.default

async function school(urn: number): Promise<Circumstances> {
  const found = await findSchoolCircumstances(db, urn)
  assert.ok(found)
  return found
}

async function trust(uid: string): Promise<Circumstances> {
  const found = await findTrustCircumstances(db, uid)
  assert.ok(found)
  return found
}

type Try = Partial<SignpostCommand> & { entry: string }

/** Decides and, where it is allowed, stores it with the record. */
async function signpost(subject: Circumstances, command: Try) {
  const earlier = await countEarlierSignposts(db, pack, command.entry, subject)
  const decided = decideSignpost(
    pack.catalogue,
    { kind: 'signposted', on: '2024-01-15', ...command },
    { circumstances: subject, terms: TERMS, earlier },
  )
  if (!decided.ok) return { saved: false, refusals: decided.refusals, warnings: [] }
  await db
    .transaction()
    .execute((transaction) => storeSignpost(transaction, pack, RECORD, { signpost: decided.value, subject, by: BY }))
  return { saved: true, refusals: [], warnings: decided.value.warnings }
}

const codesOf = async (subject: Circumstances, command: Try) =>
  (await signpost(subject, command)).refusals.map(({ code }) => code)
const wordsOf = async (subject: Circumstances, command: Try) =>
  (await signpost(subject, command)).refusals.map(({ message }) => message).join(' | ')
const newest = async () => (await listSignposts(db, RECORD)).at(-1)

const API = '/api/v1/programmes/tsi@2023-24/catalogue'
const PAGE = '/programmes/tsi@2023-24/catalogue'

test('what is not in the catalogue, has ended, or is not for the school cannot be signposted, and nothing is saved', async () => {
  const primary = await school(900001)
  const before = (await listSignposts(db, RECORD)).length
  assert.deepEqual(await codesOf(primary, { entry: 'XYZ' }), ['entry.unknown'])
  assert.deepEqual(await codesOf(primary, { entry: 'tutoring', on: '2024-09-02' }), ['entry.ended'])
  assert.deepEqual(await codesOf(await school(900012), { entry: 'english-hubs' }), ['entry.not-for'])
  assert.equal((await listSignposts(db, RECORD)).length, before)
  assert.ok((await signpost(primary, { entry: 'english-hubs', area: 'curriculum-teachers', told: 'head' })).saved)
  const stored = await newest()
  assert.deepEqual(
    [stored?.entry, stored?.on, stored?.area, stored?.told, stored?.route],
    ['english-hubs', '2024-01-15', 'curriculum-teachers', 'head', ['Contact the local English Hub']],
  )
})

test('TSI-160 recovery premium never pays for tutoring; the rule is told by setting', async () => {
  const primary = await school(900001)
  assert.match(
    await wordsOf(primary, { entry: 'tutoring', funding: 'recovery-premium' }),
    /^Recovery premium: The conditions of the recovery premium rule out/,
  )
  for (const funding of ['pupil-premium', 'core-budget']) {
    assert.ok((await signpost(primary, { entry: 'tutoring', funding })).saved, funding)
    assert.equal((await newest())?.details['funding'], funding)
  }
  assert.deepEqual(await codesOf(primary, { entry: 'tutoring', funding: 'lottery' }), ['funding.unknown'])
  const api = await service.get(`${API}/tutoring/signposting-check?urn=900001&funding=recovery-premium`)
  assert.equal(api.json<{ refusals: { code: string }[] }>().refusals[0]?.code, 'funding.refused')
  const refused = await service.get(`${PAGE}/tutoring?school=900001&check=yes&funding=recovery-premium`)
  assert.equal(refused.status, 422)
  const special = await service.get(`${PAGE}?school=900041`)
  assert.match(special.text, /based on total pupil numbers/)
  assert.doesNotMatch(special.text, /based on pupil premium eligibility/)
  const mainstream = await service.get(`${PAGE}?school=900001`)
  assert.match(
    mainstream.text,
    /Recovery premium \(2022\/23 and 2023\/24\).*same menu of approaches.*accounted for in the same yearly statement.*never pays for the National Tutoring Programme.*based on pupil premium eligibility/,
  )
  assert.doesNotMatch(mainstream.text, /total pupil numbers/)
})

test('TSI-178 days outside a pathway are refused with its range, and pathways are for schools or for trusts', async () => {
  const [primary, group] = [await school(900001), await trust('T-01')]
  const hubs = (pathway: string, days?: number) => ({ entry: 'behaviour-hubs', pathway, days })
  assert.match(await wordsOf(primary, hubs('core', 25)), /12-20/)
  assert.ok((await signpost(primary, hubs('extended', 35))).saved)
  assert.deepEqual((await newest())?.details['days'], 35)
  assert.ok((await codesOf(primary, hubs('trust-support'))).includes('pathway.not-for'))
  assert.deepEqual(await codesOf(group, hubs('core', 15)), ['pathway.not-for'])
  for (const [pathway, least, most] of [
    ['core', 12, 20],
    ['extended', 30, 40],
  ] as const) {
    for (const days of [least, most])
      assert.deepEqual(await codesOf(primary, hubs(pathway, days)), [], `${pathway} ${days}`)
    for (const days of [least - 0.5, most + 0.5])
      assert.deepEqual(await codesOf(primary, hubs(pathway, days)), ['days.out-of-range'], `${pathway} ${days}`)
  }
  assert.match(await wordsOf(group, hubs('trust-support', 31)), /22-30/)
  assert.deepEqual(await codesOf(primary, { entry: 'behaviour-hubs', days: 15 }), ['pathway.missing'])
  const page = await service.get(`${PAGE}/behaviour-hubs`)
  assert.match(
    page.text,
    /£0: fully funded.*12-20 days, typically 1 year.*30-40 days, typically 1 year.*22-30 days, typically 2 years/,
  )
})

test('TSI-179 a school joins with the next term; trusts see their pathway and cannot apply', async () => {
  const path = `${API}/behaviour-hubs/signposting-check?urn=900001&pathway=core`
  const start = async (on: string) =>
    (await service.get(`${path}&on=${on}`)).json<{ details: { nextStart: string } }>().details.nextStart
  assert.equal(await start('2023-11-20'), 'spring term 2024 (8 January 2024)')
  assert.equal(await start('2024-01-08'), 'summer term 2024 (15 April 2024)', 'the term has begun')
  assert.equal(await start('2024-04-15'), 'autumn term 2024, first day not held')
  const refused = await service.get(
    `${API}/behaviour-hubs/signposting-check?trust=T-01&pathway=trust-support&on=2023-11-20`,
  )
  assert.equal(refused.status, 422)
  const { refusals } = refused.json<{ refusals: { code: string; message: string }[] }>()
  assert.deepEqual(
    refusals.map(({ code }) => code),
    ['pathway.closed'],
  )
  assert.match(refusals[0]?.message ?? '', /no new MAT cohorts/)
  const page = await service.get(`${PAGE}/behaviour-hubs?trust=T-01`)
  assert.match(page.text, /Multi-academy trust support.*closed: no new MAT cohorts/)
  // Availability is data: the same catalogue without the word takes the application.
  const reopened = {
    ...pack.catalogue,
    entries: pack.catalogue.entries.map((entry) => ({
      ...entry,
      pathways: entry.pathways.map((one) => ({ ...one, closed: undefined })),
    })),
  }
  const facts = { circumstances: await trust('T-01'), terms: TERMS, earlier: 0 }
  const command = { kind: 'signposted', entry: 'behaviour-hubs', pathway: 'trust-support', on: '2023-11-20' } as const
  assert.ok(decideSignpost(reopened, command, facts).ok)
})

test('TSI-180 phonics programmes are paid by the school, validated and never mandatory; one in use may be evaluated anew', async () => {
  const primary = await school(900001)
  const page = await service.get(`${PAGE}/phonics-programmes?school=900001`)
  assert.match(page.text, /School pays; prices vary/)
  assert.match(page.text, /45 validated programmes/)
  assert.match(page.text, /Not statutory/)
  assert.doesNotMatch(page.text, /mandatory|must use/i)
  const suggestedTo = async (urn: number, subjects: string[]) => {
    const areas = [{ id: 'curriculum-teachers', name: 'Curriculum and teacher development' }]
    const { suggested } = suggest(pack.catalogue, await school(urn), {
      areas,
      subjects,
      on: '2024-01-15',
      terms: TERMS,
    })
    return suggested.some(({ entry }) => entry.id === 'phonics-programmes')
  }
  assert.ok(await suggestedTo(900001, ['early-reading']))
  assert.ok(!(await suggestedTo(900001, [])), 'early reading is not named')
  assert.ok(!(await suggestedTo(900012, ['early-reading'])))
  assert.deepEqual(await codesOf(primary, { entry: 'phonics-programmes' }), ['answer.missing'])
  for (const answer of ['yes', 'no']) {
    assert.ok((await signpost(primary, { entry: 'phonics-programmes', answers: { 'already-using': answer } })).saved)
    assert.equal((await newest())?.details['already-using'], answer)
  }
  assert.match(page.text, /Is the school already using a programme/)
})

test('TSI-181 English Hubs give three levels; an intensive place is asked for, and confirmed only with the name of the hub', async () => {
  const primary = await school(900001)
  const page = await service.get(`${PAGE}/english-hubs?school=900001&on=2024-02-10`)
  assert.match(page.text, /34 hubs/)
  assert.match(
    page.text,
    /Intensive support.*phonics check.*audit by the hub.*subject to places - ask hub.*Medium level support.*open.*Showcase events.*open/,
  )
  const intensive = { entry: 'english-hubs', pathway: 'intensive', on: '2024-02-10' }
  assert.deepEqual(await codesOf(primary, { ...intensive, confirmed: true }), ['hub.missing'])
  assert.ok((await signpost(primary, { ...intensive, confirmed: true, hub: 'Wearstead English Hub' })).saved)
  assert.equal((await newest())?.details['hub'], 'Wearstead English Hub')
  assert.ok((await signpost(primary, intensive)).saved, 'not confirmed yet')
  for (const pathway of ['medium', 'showcase']) {
    assert.deepEqual(await codesOf(primary, { ...intensive, pathway, on: '2023-09-01' }), [], pathway)
    assert.deepEqual(await codesOf(primary, { ...intensive, pathway, on: '2023-08-31' }), ['entry.not-yet'], pathway)
  }
  assert.match(await wordsOf(await school(900012), intensive), /primary only/)
  const place = {
    kind: 'english-hub',
    areaKind: 'authority',
    area: 'LA-NE',
    name: 'Wearstead English Hub',
    link: '',
    from: '2023-09-01',
  }
  assert.equal((await service.postJson('/api/v1/programmes/tsi@2023-24/local-places', place)).status, 201)
  assert.match(
    (await service.get(`${PAGE}/english-hubs?school=900001`)).text,
    /Contact the local English Hub Wearstead English Hub/,
  )
})

test('TSI-187 Music Hubs set their subsidy themselves: no price can be fixed; a school without a plan is told of them', async () => {
  const primary = await school(900001)
  const page = await service.get(`${PAGE}/music-hubs?school=900001`)
  assert.match(page.text, /117 hubs/)
  assert.match(page.text, /Subsidy set locally, determined by hub/)
  assert.match(page.text, /Find the local Music Hub \(national finder\)/)
  assert.deepEqual(await codesOf(primary, { entry: 'music-hubs', fixedPrice: 500 }), ['price.fixed'])
  assert.ok((await signpost(primary, { entry: 'music-hubs' })).saved)
  assert.match(String((await newest())?.details['cost']), /determined by hub/)
  const ids = async (query: string) =>
    (await service.get(`${API}/suggestions?urn=900001&${query}`))
      .json<{ suggested: { id: string }[] }>()
      .suggested.map(({ id }) => id)
  assert.ok((await ids('areas=curriculum-teachers&subjects=music')).includes('music-hubs'))
  assert.ok((await ids('areas=behaviour&musicPlan=no')).includes('music-hubs'))
  for (const query of ['areas=curriculum-teachers', 'areas=curriculum-teachers&musicPlan=yes'])
    assert.ok(!(await ids(query)).includes('music-hubs'), query)
  const place = {
    kind: 'music-hub',
    areaKind: 'region',
    area: 'North East',
    name: 'North East Music Hub',
    link: '',
    from: '2023-09-01',
  }
  assert.equal((await service.postJson('/api/v1/programmes/tsi@2023-24/local-places', place)).status, 201)
  assert.match((await service.get(`${PAGE}/music-hubs?school=900001`)).text, /North East Music Hub/)
})

test('TSI-190 the workload toolkit comes first with workload in focus; that issues were ranked can be kept with its date', async () => {
  const ids = async (areas: string) =>
    (await service.get(`${API}/suggestions?urn=900001&areas=${areas}`))
      .json<{ suggested: { id: string }[] }>()
      .suggested.map(({ id }) => id)
  assert.equal((await ids('workload-staffing'))[0], 'workload-toolkit')
  assert.ok(!(await ids('behaviour')).includes('workload-toolkit'))
  assert.match(
    (await service.get(`${PAGE}?q=workload+toolkit`)).text,
    /School workload reduction toolkit All schools Free Use the toolkit online/,
  )
  const primary = await school(900001)
  assert.ok(
    (
      await signpost(primary, {
        kind: 'note',
        entry: 'workload-toolkit',
        on: '2024-02-01',
        note: { id: 'prioritised' },
      })
    ).saved,
  )
  const stored = await newest()
  assert.deepEqual(
    [stored?.on, stored?.details['note'], stored?.details['noteKind']],
    ['2024-02-01', 'prioritised', 'tick'],
  )
})

test('TSI-191 the grant for a mental health lead is voluntary, for state-funded settings, and a second one is warned of', async () => {
  const page = await service.get(`${PAGE}/mental-health-lead?school=900003`)
  assert.match(page.text, /£1,200, voluntary/)
  assert.match(page.text, /Not compulsory/)
  assert.match(page.text, /offered to all eligible by 2025/)
  assert.match(page.text, /Open, no closing date stated/)
  const primary = await school(900003)
  const first = await signpost(primary, { entry: 'mental-health-lead' })
  assert.deepEqual([first.saved, first.warnings], [true, []])
  const second = await signpost(primary, { entry: 'mental-health-lead', on: '2024-02-01' })
  assert.equal(second.saved, true, 'warned of, not barred')
  assert.deepEqual(
    second.warnings.map(({ code }) => code),
    ['grant.second'],
  )
  const other = await signpost(await school(900005), { entry: 'mental-health-lead' })
  assert.deepEqual(other.warnings, [], 'once for each school')
  const independent = await service.get(`${PAGE}/mental-health-lead?school=900038`)
  assert.match(independent.text, /not eligible, because state-funded schools and colleges only/)
  assert.deepEqual(await codesOf(await school(900038), { entry: 'mental-health-lead' }), ['entry.not-for'])
  const { suggested } = (await service.get(`${API}/suggestions?urn=900001&areas=wellbeing-safeguarding`)).json<{
    suggested: { id: string }[]
  }>()
  assert.ok(suggested.some(({ id }) => id === 'mental-health-lead'))
})

test('a leader decides each suggestion: not relevant needs a reason, and what is undecided is counted', async () => {
  const primary = await school(900001)
  const areas = [{ id: 'behaviour', name: 'Behaviour' }]
  const suggestions = suggest(pack.catalogue, primary, { areas, subjects: [], on: '2024-01-15', terms: TERMS })
  const open = (decided: { entry: string }[]) => listUndecided(suggestions, decided).map(({ id }) => id)
  assert.deepEqual(open([]), ['npqlbc', 'behaviour-hubs'])
  assert.deepEqual(open([{ entry: 'npqlbc' }]), ['behaviour-hubs'])
  assert.deepEqual(open([{ entry: 'npqlbc' }, { entry: 'behaviour-hubs' }]), [])
  assert.deepEqual(await codesOf(primary, { kind: 'not-relevant', entry: 'behaviour-hubs' }), ['reason.missing'])
  assert.deepEqual(await codesOf(primary, { kind: 'not-relevant', entry: 'behaviour-hubs', reason: ' ' }), [
    'reason.missing',
  ])
  assert.ok(
    (await signpost(primary, { kind: 'not-relevant', entry: 'behaviour-hubs', reason: 'Behaviour is strong' })).saved,
  )
  assert.ok((await signpost(primary, { kind: 'in-use', entry: 'behaviour-hubs' })).saved)
})

test('notes beside an entry: support asked for with the mailbox, and the use of a grant, where "no" needs words', async () => {
  const primary = await school(900001)
  assert.ok((await signpost(primary, { kind: 'note', entry: 'tutoring', note: { id: 'personalised-support' } })).saved)
  const stored = await newest()
  assert.equal(stored?.details['noteKind'], 'request')
  assert.match(String(stored?.details['mailbox']), /^NTP\.\w+@/)
  const use = (answer: string, words = '') =>
    ({ kind: 'note', entry: 'pe-premium', note: { id: 'use-discussed', answer, words } }) as const
  assert.deepEqual(await codesOf(primary, use('no')), ['words.missing'])
  assert.ok((await signpost(primary, use('no', 'It pays for a running cost'))).saved)
  assert.ok((await signpost(primary, use('unknown'))).saved)
  assert.deepEqual(await codesOf(primary, use('perhaps')), ['answer.missing'])
  assert.deepEqual(await codesOf(await school(900012), use('yes')), ['entry.not-for'])
})

test('a signposting is never changed or removed, and its audit entry stands with its record', async () => {
  const stored = await newest()
  assert.ok(stored)
  const change = service.database.pool.query('update signposting set told = $1 where id = $2', ['somebody', stored.id])
  await assert.rejects(change, /never changed/)
  await assert.rejects(
    service.database.pool.query('delete from signposting where id = $1', [stored.id]),
    /never changed/,
  )
  const { rows } = await service.database.pool.query<{ entries: number; rows: number }>(
    `select (select count(*)::int from audit_entry where record = $1) as entries, (select count(*)::int from signposting) as rows`,
    [RECORD.record],
  )
  assert.equal(rows[0]?.entries, rows[0]?.rows)
})

test('trying a signposting saves nothing, and says which numbers are wrong', async () => {
  const before = (await listSignposts(db, RECORD)).length
  const answer = await service.get(`${API}/behaviour-hubs/signposting-check?urn=900001&pathway=core&days=many`)
  assert.deepEqual(
    answer.json<{ refusals: { field: string }[] }>().refusals.map(({ field }) => field),
    ['days'],
  )
  assert.equal(
    (await service.get(`${API}/behaviour-hubs/signposting-check?pathway=core`)).status,
    422,
    'no school named',
  )
  const page = await service.get(`${PAGE}/behaviour-hubs?school=900001&check=yes&pathway=core&days=15`)
  assert.match(page.text, /Nothing speaks against it/)
  assert.equal((await listSignposts(db, RECORD)).length, before)
})
