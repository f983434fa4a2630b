import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { buildRegister } from '../../world/register-builder.ts'
import { startTestService } from '../../world/test-service.ts'
import { loadPack } from '../programmes/index.ts'

const service = await startTestService({ world: true, today: '2024-01-15' })
after(() => service.close())

const PAGE = '/programmes/tsi@2023-24/catalogue'
const API = `/api/v1${PAGE}`

type Listed = { id: string; title: string; cost: { text: string }; standing: { why: string[]; check: string[] } | null }
type Group = { number: number | null; name: string; entries: Listed[] }
type Suggestion = {
  id: string
  reasons: string[]
  check: string[]
  extras: string[]
  cost: { text: string }
  access: { route: string[]; mailbox: string | null; local: Contact; contact: Contact }
  pathways: { id: string }[]
  availability: { state: string; nextStart: string | null }
}
type Contact = { name: string; link: string; mapped: boolean } | null
type Answer = {
  suggested: Suggestion[]
  additional: Suggestion[]
  notSuggested: { id: string; because: { code: string; text: string }[] }[]
}
type Entry = Omit<Suggestion, 'pathways' | 'availability'> & {
  offer: string[]
  title: string
  figures: string[]
  conditions: string[]
  notes: { id: string; kind: string }[]
  guidance: string[]
  availability: { state: string; words: string; nextStart: string | null; cohorts: { name: string; state: string }[] }
  pathways: { id: string; name: string; availability: string | null; open: boolean }[]
  partsInWords: string | null
  sourceVersion: string
  phases: string[]
  rules: { text: string[] }[]
}

const groupsOf = async (query = '') => (await service.get(`${API}?${query}`)).json<{ groups: Group[] }>().groups
const listed = async (query: string) => (await groupsOf(query)).flatMap(({ entries }) => entries)
const idsOf = (entries: readonly { id: string }[]) => entries.map(({ id }) => id)
const suggestions = async (query: string) => {
  const answer = await service.get(`${API}/suggestions?${query}`)
  assert.equal(answer.status, 200, answer.body)
  return answer.json<Answer>()
}
const suggested = async (query: string) => idsOf((await suggestions(query)).suggested)
const whyNot = async (query: string, id: string) =>
  (await suggestions(query)).notSuggested.find((one) => one.id === id)?.because.map(({ text }) => text) ?? []
const entryOf = async (id: string, query = '') => (await service.get(`${API}/${id}?${query}`)).json<Entry>()

test('TSI-164 the catalogue has five groups in order with one entry for each programme, and the other kind under its own heading', async () => {
  const groups = await groupsOf()
  assert.deepEqual(
    groups.map(({ number, name }) => [number, name]),
    [
      [1, 'Financial support'],
      [2, 'Teacher development'],
      [3, 'Recovery, behaviour and curriculum hubs'],
      [4, 'Workload reduction'],
      [5, 'Mental health'],
      [null, 'Additional support elements'],
    ],
  )
  const entries = groups.flatMap((group) => group.entries)
  assert.ok(entries.length >= 20, `${entries.length} entries`)
  const titles = entries.map(({ title }) => title).join('; ')
  for (const name of ['(SRMA)', '(NTP)', 'Behaviour Hubs', '(SSP)', 'Language Hubs'])
    assert.ok(titles.includes(name), name)
  assert.deepEqual(idsOf(groups.at(-1)?.entries ?? []), ['pe-premium', 'research-schools', 'senco-npq'])
  const nine = [
    'eligibility',
    'phases',
    'areas',
    'cost',
    'offer',
    'pathways',
    'availability',
    'access',
    'sourceVersion',
  ]
  for (const entry of entries) for (const key of nine) assert.ok(key in entry, `${entry.id} ${key}`)
  assert.equal((await entryOf('tutoring')).sourceVersion, 'Guidance for system leaders, version 1.0, October 2023')
  const page = await service.get(PAGE)
  const places = groups.map(({ number, name }) => page.text.indexOf(number ? `${number}. ${name}` : name))
  assert.ok(
    places.every((place, index) => place > 0 && (index === 0 || place > (places[index - 1] ?? 0))),
    `${places}`,
  )
  await refusesWithout('access')
  await refusesWithout('eligibility')
  await refusesWithout('group')
})

/** A pack whose catalogue lacks the field in one entry is not loaded, and the refusal names both. */
async function refusesWithout(field: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'catalogue-without-'))
  try {
    await cp('packs/tsi/2023-24', folder, { recursive: true })
    const text = await readFile(`${folder}/catalogue.yaml`, 'utf8')
    const [before = '', entry = ''] = text.split(/(?= {2}- id: wellbeing-charter\n)/)
    const without = entry.replace(new RegExp(`^ {4}${field}: .*\\n`, 'm'), '')
    assert.notEqual(without, entry)
    await writeFile(`${folder}/catalogue.yaml`, before + without)
    const loaded = await loadPack(folder)
    assert.ok(!loaded.ok)
    assert.equal(loaded.refusals[0]?.field, `entries.wellbeing-charter.${field}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('TSI-166 suggestions come from areas, phase and circumstances, each with its reason; the others stay to be found with theirs', async () => {
  const areas = 'areas=curriculum-teachers,behaviour'
  const primary = await suggestions(`urn=900001&${areas}`)
  for (const id of ['english-hubs', 'maths-hubs', 'behaviour-hubs'])
    assert.ok(idsOf(primary.suggested).includes(id), id)
  assert.deepEqual(await whyNot(`urn=900001&${areas}`, 'advanced-maths'), ['secondary or college only'])
  const hub = primary.suggested.find(({ id }) => id === 'behaviour-hubs')
  assert.deepEqual(hub?.reasons, ['Behaviour is in focus', 'Schools and multi-academy trusts'])
  assert.ok(primary.suggested.every(({ reasons }) => reasons.length > 0))
  const secondary = await suggested(`urn=900036&${areas}`)
  assert.ok(secondary.includes('advanced-maths'))
  assert.ok(!secondary.includes('english-hubs'))
  assert.deepEqual(await whyNot(`urn=900036&${areas}`, 'english-hubs'), ['primary only'])
  assert.deepEqual(await whyNot('urn=900001&areas=behaviour', 'english-hubs'), ['none of its areas is in focus'])
  assert.ok(
    (await suggested('urn=900001&areas=attendance,behaviour')).includes('behaviour-hubs'),
    'areas are alternatives',
  )
  assert.deepEqual(await whyNot('trust=T-01&areas=curriculum-teachers', 'english-hubs'), ['for schools only'])
  const late = await suggestions('urn=900001&areas=teaching-learning&on=2024-09-02')
  assert.ok(!idsOf(late.suggested).includes('tutoring'))
  const found = await listed('urn=900001&q=advanced+maths')
  assert.deepEqual(found[0]?.standing?.why, ['secondary or college only'])
  const page = await service.get(`${PAGE}?school=900001&area=curriculum-teachers&area=behaviour`)
  assert.match(page.text, /Not suggested, because.*Advanced Maths Support Programme \(AMSP\) secondary or college only/)
  assert.match(page.text, /English Hubs Programme.*Curriculum and teacher development is in focus/)
})

test('TSI-161 the PE and sport premium is for schools with primary-age pupils; others find it by search with a note', async () => {
  const primary = await suggestions('urn=900001&areas=behaviour')
  const premium = primary.additional.find(({ id }) => id === 'pe-premium')
  assert.match(premium?.cost.text ?? '', /Ringfenced yearly grant, £320 million a year/)
  const secondary = await suggestions('urn=900012&areas=behaviour')
  assert.ok(!idsOf(secondary.additional).includes('pe-premium'))
  const page = await service.get(`${PAGE}?school=900012&q=sport`)
  assert.match(page.text, /PE and sport premium.*primary only/)
  assert.deepEqual((await entryOf('pe-premium')).phases, ['primary'])
  assert.equal((await groupsOf('q=sport'))[0]?.name, 'Additional support elements')
})

test('conditions of use of the PE and sport premium are shown for schools with primary-age pupils only', async () => {
  const primary = await entryOf('pe-premium', 'urn=900001')
  assert.equal(primary.conditions.length, 4)
  assert.deepEqual(idsOf(primary.notes), ['use-discussed'])
  const secondary = await entryOf('pe-premium', 'urn=900012')
  assert.deepEqual([secondary.conditions, secondary.notes], [[], []])
})

test('TSI-162 a region with a Research School of its own shows its name and link, any other the network; the entry has its figures', async () => {
  const { additional } = await suggestions('urn=900028')
  const local = additional.find(({ id }) => id === 'research-schools')?.access.local
  assert.deepEqual([local?.name, local?.mapped], ['Anvil Court Research School', true])
  assert.match(local?.link ?? '', /anvil-court/)
  const { access, figures } = await entryOf('research-schools', 'urn=900001')
  assert.deepEqual([access.local?.link, access.local?.mapped], ['https://researchschool.org.uk', false])
  assert.match(figures.join(' '), /33 schools from 2023, six of them new Partners: EEF and IEE Covers England/)
  const page = (await service.get(`${PAGE}/research-schools?school=900028`)).text
  assert.match(page, /Anvil Court Research School/)
  assert.doesNotMatch((await service.get(`${PAGE}/research-schools?school=900001`)).text, /Anvil Court/)
})

test('TSI-163 qualifications keep their own way in with the local hub as a contact; the one for SENCOs goes by the hub', async () => {
  const headship = await entryOf('npqh', 'urn=900001')
  assert.deepEqual(headship.access.route, ['Choose a provider', 'Register with the department'])
  assert.equal(headship.access.contact?.name, 'Wearstead Teaching School Hub')
  assert.equal(headship.access.local, null)
  const framework = await entryOf('early-career-framework', 'urn=900001')
  assert.deepEqual(
    [framework.access.route, framework.access.contact?.mapped],
    [['Sign up with the online service'], true],
  )
  const senco = await entryOf('senco-npq', 'urn=900001')
  assert.deepEqual([senco.access.route, senco.access.local?.name], [['Local hub'], 'Wearstead Teaching School Hub'])
  const unmapped = await entryOf('npqh', 'urn=900031')
  assert.deepEqual(
    [unmapped.access.contact?.mapped, unmapped.access.contact?.link],
    [false, 'https://www.gov.uk/guidance/teaching-school-hubs'],
  )
  const early = idsOf(await listed('stage=ect'))
  assert.ok(early.includes('early-career-framework'))
  assert.ok(!early.includes('npqel'))
  const mapped = await service.postJson('/api/v1/programmes/tsi@2023-24/local-places', {
    kind: 'teaching-school-hub',
    areaKind: 'region',
    area: 'East of England',
    name: 'Broadmere Teaching School Hub',
    link: '',
    from: '2024-01-01',
  })
  assert.equal(mapped.status, 201, 'an administrator maps a hub to a region')
  assert.equal((await entryOf('npqh', 'urn=900031')).access.contact?.name, 'Broadmere Teaching School Hub')
})

test('TSI-167 the resource management adviser is suggested whenever financial management is in focus', async () => {
  for (const who of ['trust=T-01', 'urn=900001', 'urn=900002']) {
    const { suggested: all } = await suggestions(`${who}&areas=finance`)
    const adviser = all.find(({ id }) => id === 'resource-adviser')
    assert.ok(adviser, who)
    assert.deepEqual([adviser.cost.text, adviser.access.route], ['Free', ['Request a visit by email']])
    assert.match(adviser.access.mailbox ?? '', /^SRMA\.\w+@/)
    assert.match(adviser.reasons.join(' '), /in any financial position/)
  }
  assert.ok(!(await suggested('trust=T-01&areas=behaviour')).includes('resource-adviser'))
  const page = await service.get(`${PAGE}?trust=T-01&area=finance`)
  assert.match(page.text, /\(SRMA\).*Free Request a visit by email/)
  const entry = (await groupsOf('q=SRMA'))[0]
  assert.equal(entry?.name, 'Financial support')
  assert.match((await entryOf('resource-adviser')).offer.join(' '), /An adviser matched to the context/)
})

test('TSI-168 the resource management collection is found by its topics, and not suggested where no state money is', async () => {
  const [found] = await listed('q=benchmarking')
  assert.deepEqual([found?.id, found?.cost.text], ['resource-collection', 'Free'])
  for (const topic of ['procurement', 'curriculum-financial planning', 'recruitment', 'digital technology'])
    assert.ok(idsOf(await listed(`q=${encodeURIComponent(topic)}`)).includes('resource-collection'), topic)
  for (const area of ['finance', 'workload-staffing'])
    assert.ok((await suggested(`urn=900001&areas=${area}`)).includes('resource-collection'), area)
  assert.ok(!(await suggested('urn=900038&areas=finance')).includes('resource-collection'))
  assert.deepEqual(await whyNot('urn=900038&areas=finance', 'resource-collection'), ['state-funded settings only'])
  assert.deepEqual((await entryOf('resource-collection')).access.route, ['Use the collection on the web'])
})

test('TSI-169 nine qualifications of two types; a past cohort is closed and the next one named', async () => {
  const whole = await entryOf('npq', 'on=2023-11-15')
  assert.equal(whole.partsInWords, '5 specialist, 4 leadership')
  const behaviour = await entryOf('npqlbc', 'on=2023-11-15')
  assert.deepEqual(
    behaviour.availability.cohorts.map(({ name, state }) => [name, state]),
    [
      ['October 2023', 'closed'],
      ['February 2024', 'next'],
    ],
  )
  assert.equal(behaviour.availability.nextStart, 'February 2024')
  const before = await entryOf('npqlbc', 'on=2023-09-15')
  assert.deepEqual(
    before.availability.cohorts.map(({ state }) => state),
    ['next', 'later'],
  )
  for (const on of ['2023-09-15', '2023-11-15', '2024-03-15']) {
    const maths = await entryOf('npqlpm', `on=${on}`)
    assert.deepEqual(
      maths.availability.cohorts.map(({ name }) => name),
      ['February 2024'],
      on,
    )
  }
  assert.match((await entryOf('npqlpm', 'on=2023-11-15')).availability.words, /Registration from autumn 2023/)
  assert.deepEqual(behaviour.access.route, ['Choose a provider', 'Register with the department'])
  const page = await service.get(`${PAGE}/npqlbc?on=2023-11-15`)
  assert.match(page.text, /October 2023: closed; February 2024: next/)
  assert.match((await service.get(PAGE)).text, /5 specialist, 4 leadership/)
})

test('TSI-173 the Early Career Framework shows its three approaches and figures', async () => {
  const page = await service.get(`${PAGE}/early-career-framework`)
  assert.match(page.text, /10% \/ 5% \/ 20 hours over the year/)
  assert.match(page.text, /statutory entitlement since September 2021/)
  const entry = await entryOf('early-career-framework')
  assert.deepEqual(
    entry.pathways.map(({ name }) => name),
    ['Provider-led', 'Own delivery with accredited materials', 'Own two-year programme'],
  )
  assert.deepEqual(entry.access.route, ['Sign up with the online service'])
  for (const area of ['curriculum-teachers', 'workload-staffing'])
    assert.ok((await suggested(`urn=900001&areas=${area}`)).includes('early-career-framework'), area)
  const check = `${API}/early-career-framework/signposting-check?urn=900001`
  assert.equal((await service.get(check)).status, 200, 'without an approach')
  assert.equal((await service.get(`${check}&pathway=own-design`)).status, 200)
  assert.equal((await service.get(`${check}&pathway=none`)).status, 422)
})

test('TSI-174 high potential training shows the next start of the academic year, and is to be checked where disadvantage is low', async () => {
  const high = await suggestions('urn=900036&areas=workload-staffing&on=2024-02-01')
  const fits = high.suggested.find(({ id }) => id === 'high-potential-training')
  assert.deepEqual([fits?.availability.nextStart, fits?.check], ['September 2024', []])
  const low = await suggestions('urn=900042&areas=workload-staffing&on=2024-02-01')
  const check = low.suggested.find(({ id }) => id === 'high-potential-training')?.check ?? []
  assert.match(check.join(' '), /^Check suitability: made for schools with high disadvantage/)
  const page = await service.get(`${PAGE}/high-potential-training?school=900042&on=2024-02-01`)
  assert.match(page.text, /Check suitability.*September 2024/)
  const { access, offer } = await entryOf('high-potential-training')
  assert.deepEqual(access.route, ["Apply with the delivery partner's online form"])
  assert.match(String(offer), /Teach First.*QTS\) after year one.*PGDE\) after year two/)
})

test('TSI-175 tutoring is half paid until the end of the academic year 2023-24 and has ended then', async () => {
  const work = async (query: string) => service.get(`${API}/tutoring/calculation?cost=4000&${query}`)
  assert.equal((await work('urn=900001')).json<{ words: string }>().words, '£2,000 funding and £2,000 own share')
  const lines = async (urn: number) => JSON.stringify((await work(`urn=${urn}`)).json<{ lines: unknown }>().lines)
  assert.match(
    await lines(900001),
    /paid in termly instalments by the local authority.*pupil premium or the core budget/,
  )
  assert.match(await lines(900002), /paid in termly instalments by the academy trust/)
  const page = await service.get(`${PAGE}/tutoring?school=900001&calculator=tutoring-subsidy&cost=4000`)
  assert.match(page.text, /£2,000 funding and £2,000 own share/)
  const { availability, pathways } = await entryOf('tutoring', 'on=2024-02-12')
  assert.equal(availability.state, 'open')
  assert.deepEqual(
    pathways.map(({ name }) => name),
    ['Academic mentors', 'Tuition partners', 'School-led tutoring'],
  )
  assert.ok((await suggested('urn=900001&areas=teaching-learning&on=2024-08-31')).includes('tutoring'))
  for (const on of ['2024-09-01', '2024-09-02']) {
    assert.ok(!(await suggested(`urn=900001&areas=teaching-learning&on=${on}`)).includes('tutoring'), on)
    assert.equal((await entryOf('tutoring', `on=${on}`)).availability.state, 'ended')
  }
  assert.match((await service.get(`${PAGE}/tutoring?on=2024-09-02`)).text, /Ended on 31 August 2024/)
})

test('TSI-177 the 16-19 Tuition Fund is suggested with 16-19 provision until the end of August 2024', async () => {
  const query = 'areas=teaching-learning'
  for (const on of ['2024-01-15', '2024-08-31'])
    assert.ok((await suggested(`urn=900036&${query}&on=${on}`)).includes('tuition-fund'), on)
  assert.ok(!(await suggested(`urn=900036&${query}&on=2024-09-01`)).includes('tuition-fund'))
  assert.deepEqual(await whyNot(`urn=900033&${query}`, 'tuition-fund'), ['no 16-19 provision'])
  const { cost } = (await service.get(`${API}/tuition-fund`)).json<{ cost: { history: string[] } }>()
  assert.match(cost.history.join(' '), /£96 million.*£9 million for early language.*£102 million.*£222 million/)
})

test('TSI-182 Maths Hubs show the projects of the phase and when the next ones usually start', async () => {
  const primary = await entryOf('maths-hubs', 'urn=900001&on=2024-03-01')
  const names = primary.pathways.map(({ name }) => name)
  assert.ok(
    names.includes('Mastering Number') && names.includes('Teaching for Mastery') && !names.includes('Checkpoints'),
  )
  const secondary = (await entryOf('maths-hubs', 'urn=900012')).pathways.map(({ name }) => name)
  assert.ok(secondary.includes('Checkpoints') && !secondary.includes('Mastering Number'))
  assert.equal(primary.availability.nextStart, 'autumn 2024, reserve in summer 2024')
  assert.equal(
    (await entryOf('maths-hubs', 'on=2023-10-01')).availability.nextStart,
    'autumn 2024, reserve in summer 2024',
  )
  assert.match(primary.cost.text, /^Free; a few offers are only subsidised: ask the hub/)
  assert.deepEqual([primary.figures, primary.access.local?.mapped], [['40 hubs', 'More than 30 projects'], false])
  assert.ok((await suggested('urn=900001&areas=curriculum-teachers')).includes('maths-hubs'))
  assert.deepEqual(await whyNot('urn=900038&areas=curriculum-teachers', 'maths-hubs'), ['state-funded settings only'])
  const check = await service.get(`${API}/maths-hubs/signposting-check?urn=900001&on=2024-03-01`)
  assert.match(check.json<{ details: { nextStart: string } }>().details.nextStart, /^autumn 2024/)
})

test('TSI-183 advanced mathematics is for secondary schools and colleges: all services with key stage 5, two without', async () => {
  const find = async (urn: number) =>
    (await suggestions(`urn=${urn}&areas=curriculum-teachers`)).suggested.find(({ id }) => id === 'advanced-maths')
  const flagged = await find(900036)
  assert.deepEqual(flagged?.extras, ['extra support in an area of low social mobility'])
  assert.equal(flagged?.pathways.length, 6)
  const younger = await find(900033)
  assert.deepEqual(younger && idsOf(younger.pathways), ['enrichment', 'development'])
  assert.deepEqual(younger?.extras, [])
  assert.equal(await find(900001), undefined)
  assert.deepEqual((await find(900042))?.extras, [], 'a sixth form outside a marked area')
  assert.equal((await entryOf('advanced-maths', 'on=2025-08-31')).availability.state, 'open')
  assert.equal((await entryOf('advanced-maths', 'on=2025-09-01')).availability.state, 'ended')
  const { access, figures } = await entryOf('advanced-maths', 'urn=900033')
  assert.deepEqual([access.route, figures], [['Register online'], ['More than 40 area coordinators']])
  assert.match(
    (await service.get(`${PAGE}/advanced-maths?school=900033`)).text,
    /eligible on the facts held.*Key stages 3 to 5/,
  )
})

test('TSI-184 Science Learning Partnerships stand first where science is named, lower where it is not', async () => {
  for (const urn of [900001, 900012]) {
    const named = await suggested(`urn=${urn}&areas=curriculum-teachers&subjects=science`)
    assert.equal(named.indexOf('science-partnerships'), 0, String(urn))
    const unnamed = await suggested(`urn=${urn}&areas=curriculum-teachers`)
    assert.ok(unnamed.indexOf('science-partnerships') > 2, unnamed.join())
  }
  const entry = await entryOf('science-partnerships', 'urn=900001')
  assert.deepEqual(entry.phases, ['primary', 'secondary', '16 plus'])
  assert.deepEqual(entry.access.local?.mapped, false)
  for (const tag of ['resources', 'clubs', 'ambassadors', 'community'])
    assert.ok(idsOf(await listed(`q=STEM+${tag}`)).includes('science-partnerships'), tag)
  const mapped = {
    kind: 'science-partnership',
    areaKind: 'authority',
    area: 'LA-NE',
    name: 'Wear Science Partnership',
    link: '',
    from: '2023-09-01',
  }
  assert.equal((await service.postJson('/api/v1/programmes/tsi@2023-24/local-places', mapped)).status, 201)
  assert.equal((await entryOf('science-partnerships', 'urn=900001')).access.local?.name, 'Wear Science Partnership')
})

test('TSI-186 Computing Hubs are for all schools, and stand at the top where computing is named', async () => {
  for (const urn of [900001, 900012, 900038, 900039, 900041])
    assert.deepEqual((await listed(`urn=${urn}&q=Computing+Hubs`))[0]?.standing?.why, [], String(urn))
  const { suggested: all } = await suggestions('urn=900001&areas=curriculum-teachers&subjects=computing')
  assert.equal(all[0]?.id, 'computing-hubs')
  assert.ok(all[0]?.reasons.includes('Subject: Computing'))
  assert.ok(!(await suggested('urn=900001&areas=curriculum-teachers')).includes('computing-hubs'))
  const page = await service.get(`${PAGE}/computing-hubs`)
  assert.match(page.text, /Computing Quality Framework.*Computing Quality Mark/)
  assert.match(page.text, /trainees and teachers who change to computing/)
})

test('TSI-188 the SEND Hub needs no application and is suggested by area or by a SEND note', async () => {
  const free = idsOf(await listed('no-application=yes'))
  assert.ok(free.includes('send-hub') && !free.includes('behaviour-hubs'))
  for (const query of ['areas=teaching-learning', 'areas=wellbeing-safeguarding', 'areas=behaviour&subjects=send'])
    assert.ok((await suggested(`urn=900001&${query}`)).includes('send-hub'), query)
  assert.ok(!(await suggested('urn=900001&areas=behaviour')).includes('send-hub'))
  assert.match(
    (await service.get(`${PAGE}/send-hub`)).text,
    /teachers, leaders and SENCOs.*Free for all.*No application needed/,
  )
})

test('TSI-189 Language Hubs stand in group 3, with mentors where German is named', async () => {
  const third = (await groupsOf()).find(({ number }) => number === 3)
  assert.ok(
    idsOf(third?.entries ?? []).includes('language-hubs') && idsOf(third?.entries ?? []).includes('german-mentors'),
  )
  const german = await suggested('urn=900012&areas=curriculum-teachers&subjects=german')
  assert.ok(german.includes('language-hubs') && german.includes('german-mentors'))
  const french = await suggested('urn=900012&areas=curriculum-teachers&subjects=french')
  assert.ok(french.includes('language-hubs') && !french.includes('german-mentors'))
  const hubs = await entryOf('language-hubs')
  assert.deepEqual(hubs.figures, ['At most 25 lead hubs', 'At most 7 partner schools for each hub'])
  assert.match(hubs.access.route.join(' '), /NCLE/)
  assert.match(String(hubs.offer), /toolkit for the transition from key stage 2 to 3/)
  assert.equal((await entryOf('german-mentors', 'on=2023-08-31')).availability.state, 'not-yet')
  assert.equal((await entryOf('german-mentors', 'on=2023-09-01')).availability.state, 'open')
})

test('the workload toolkit comes first with workload in focus, and only by search without', async () => {
  assert.equal((await suggested('urn=900001&areas=workload-staffing'))[0], 'workload-toolkit')
  assert.equal((await suggested('urn=900001&areas=behaviour,workload-staffing'))[0], 'workload-toolkit')
  assert.ok(!(await suggested('urn=900001&areas=behaviour')).includes('workload-toolkit'))
  assert.deepEqual(idsOf(await listed('q=workload+reduction+toolkit')), ['workload-toolkit'])
})

test('a real school is an exercise, and what the register does not hold is to be checked and never guessed', async () => {
  const register = await buildRegister(service.database)
  await register.authority('991', 'Trial Authority', 'North West')
  await register.school({ urn: 100_201, name: 'Trial Unknown School', authority_code: '991', type: 'Miscellaneous' })
  await register.done()
  const { suggested: all } = await suggestions('urn=100201&areas=wellbeing-safeguarding')
  const grant = all.find(({ id }) => id === 'mental-health-lead')
  assert.deepEqual(grant?.check, [
    'Check suitability: state funding not held',
    'Check suitability: the phase is not held',
  ])
  const page = await service.get(`${PAGE}?school=100201&area=wellbeing-safeguarding`)
  assert.match(page.text, /Exercise: focus areas and subjects are chosen to try the catalogue out/)
  assert.match(page.text, /Check suitability: state funding not held/)
  assert.doesNotMatch((await service.get(`${PAGE}?school=900001`)).text, /Exercise:/)
})

test('wrong words in an address are refused at the page and the API alike', async () => {
  const cases: readonly (readonly [query: string, code: string, words: RegExp])[] = [
    ['school=12', 'school.unknown', /no school with URN 12/],
    ['trust=T-99', 'trust.unknown', /no trust T-99/],
    ['area=paperwork', 'area.unknown', /no area "paperwork"/],
    ['subject=alchemy', 'subject.unknown', /no subject "alchemy"/],
    ['on=2024-02-31', 'on.not-a-date', /The day must be a date/],
    ['musicPlan=perhaps', 'answer.wrong', /answer yes or no/],
  ]
  for (const [query, code, words] of cases) {
    const api = await service.get(`${API}?${query}`)
    assert.equal(api.status, 422, query)
    assert.equal(api.json<{ refusals: { code: string }[] }>().refusals[0]?.code, code)
    const page = await service.get(`${PAGE}?${query}`)
    assert.equal(page.status, 422)
    assert.match(page.text, words)
  }
  assert.equal((await service.get('/programmes/chess/catalogue')).status, 404)
  assert.equal((await service.get(`${API}/alchemy`)).status, 404)
})
