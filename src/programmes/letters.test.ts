import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { PACKS_FOLDER } from '../app.ts'
import { LETTER_FIELDS } from './letter-schema.ts'
import { describeLetter, findLetter, recipientApplies } from './letters.ts'
import { readLetters } from './load-letters.ts'
import { loadPacks } from './load-pack.ts'
import { runningPacks } from './pack-schema.ts'
import { readSource } from './pack-source.ts'

const PACK = 'roles:\n  head: {}\n  adviser: {}\nsteps:\n  one: {letter: note}\n'
const GOOD = `---
title: A note
subject: "{case.number}: a note"
to:
  - {role: head, of: school, named: head, because: it is for the school}
cites: [TSI-001]
---
Dear {contact.name}

Days: {days.agreed?}
{notes.shared}
`
const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

async function read(files: Readonly<Record<string, string>>, pack = PACK, process?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'alongside-letters-'))
  folders.push(folder)
  await mkdir(join(folder, 'letters'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'letters', name), text)
  return readLetters(folder, {
    pack: readSource('p/pack.yaml', pack),
    process: process === undefined ? undefined : readSource('p/process.yaml', process),
  })
}

async function faultsOf(text: string): Promise<string[]> {
  return (await read({ 'note.md': text })).faults.map(({ message, code }) => `${code} ${message}`)
}

describe('Letters of a pack', () => {
  it('are read with their recipients, words and a mark of their wording', async () => {
    const { letters, faults } = await read({ 'note.md': GOOD })
    assert.deepEqual(faults, [])
    const [letter] = letters
    assert.equal(letter?.id, 'note')
    assert.equal(letter?.body, 'Dear {contact.name}\n\nDays: {days.agreed?}\n{notes.shared}')
    assert.match(letter?.digest ?? '', /^[0-9a-f]{64}$/)
    const [changed] = (await read({ 'note.md': GOOD.replace('Dear', 'To') })).letters
    assert.notEqual(changed?.digest, letter?.digest)
  })

  it('name file, line and column of a field that there is not, in the subject and in the words', async () => {
    const text = GOOD.replace('{case.number}', '{case.colour}').replace('{days.agreed?}', '{bank.account}')
    assert.deepEqual(await faultsOf(text), [
      'letter.unknown-field p/letters/note.md:3:12: subject case.colour is no field of letters',
      'letter.unknown-field p/letters/note.md:10:8: bank.account is no field of letters',
    ])
  })

  it('name a role that the pack does not declare, a place that is none, and a misspelt key', async () => {
    const text = GOOD.replace('role: head, of: school', 'role: king, of: castle').replace('cites', 'sites')
    const faults = await faultsOf(text)
    assert.match(faults.join('\n'), /pack.unknown-role p\/letters\/note.md:5:12: to.0.role names the role king/)
    assert.match(faults.join('\n'), /pack.wrong-value p\/letters\/note.md:5:22: to.0.of/)
    assert.match(faults.join('\n'), /pack.unknown-key p\/letters\/note.md:6:1: sites/)
    assert.match(faults.join('\n'), /pack.missing .* cites is missing/)
  })

  it('name a condition that cannot be read, a list within a line, and a lonely brace', async () => {
    const text = GOOD.replace('because:', 'when: "subjectKind == 3", because:')
      .replace('{notes.shared}', 'Notes: {notes.shared}')
      .replace('Dear', 'Dear }')
    assert.deepEqual(
      (await faultsOf(text)).map((fault) => fault.split(' ')[0]),
      ['condition.faulty', 'letter.brace', 'letter.list-in-line'],
    )
  })

  it('a step that names a letter without a file, a file without front matter, and two letters of one use are told', async () => {
    const missing = (await read({})).faults
    assert.deepEqual(
      missing.map(({ message }) => message),
      ['p/pack.yaml:5:17: steps.one.letter names the letter note, which has no file in letters/'],
    )
    const flows = 'flows:\n  main:\n    steps:\n      tell:\n        letters: [note, gone]\n'
    assert.deepEqual(
      (await read({ 'note.md': GOOD }, PACK, flows)).faults.map(({ message }) => message),
      ['p/process.yaml:5:25: flows.main.steps.tell.letters.1 names the letter gone, which has no file in letters/'],
    )
    const reminders = 'reminders: {after: 1 working day, times: 1}\nflows: {}\n'
    assert.deepEqual(
      (await read({ 'note.md': GOOD }, PACK, reminders)).faults.map(({ message }) => message),
      ['p/process.yaml:1:12: reminders need a letter in letters/ with use: reminder'],
    )
    assert.match((await faultsOf('Dear head')).join(), /letter.no-front p\/letters\/note.md:1:1/)
    const used = GOOD.replace('cites', 'use: reminder\ncites')
    const twice = await read({ 'note.md': used, 'other.md': used })
    assert.deepEqual(
      twice.faults.map(({ code }) => code),
      ['letter.double-use'],
    )
  })

  it('hold a link for one person only where it is for that, in their words, without copies, sent by parties there are', async () => {
    const front = 'use: one-time-link\nlink: {days: 14, by: [rg], cites: ["setting: 14 days"]}\ncites'
    const good = GOOD.replace('cites', front).replace('Dear', '{link.once}\n\nDear')
    const process = 'parties:\n  rg: {title: Team}\n'
    const linkFaults = async (text: string, beside = process) =>
      (await read({ 'note.md': text }, PACK, beside)).faults
        .filter(({ code }) => code === 'letter.link')
        .map(({ field }) => field)
    assert.deepEqual(await linkFaults(good), [])
    assert.deepEqual(await linkFaults(good, 'parties: {}\n'), ['link.by'])
    assert.deepEqual(await linkFaults(good.replace('{link.once}', 'No link')), ['link'])
    assert.deepEqual(await linkFaults(good.replace(/link: .*\n/, '')), ['link'])
    assert.deepEqual(await linkFaults(good.replace('use: one-time-link\n', '')), ['link', 'link'])
    assert.deepEqual(await linkFaults(GOOD.replace('Dear', '{link.once}\n\nDear')), ['link'])
  })

  it('have no field for what is internal, a bank detail or a password', () => {
    assert.doesNotMatch(Object.keys(LETTER_FIELDS).join(' '), /internal|bank|account|sort|confidential|password/)
  })
})

describe('The shipped letters', async () => {
  const packs = await loadPacks(PACKS_FOLDER)
  assert.ok(packs.ok)
  const letters = packs.value.flatMap((pack) => Object.values(pack.letters).map((letter) => ({ letter, pack })))

  it('each say to whom in plain words, and what the service uses is found', () => {
    assert.ok(letters.length >= 13)
    for (const { letter, pack } of letters) {
      const { recipients } = describeLetter(letter, pack)
      assert.ok(
        recipients.every(({ text }) => /: /.test(text)),
        letter.id,
      )
    }
    const [first] = runningPacks(packs.value)
    assert.ok(first && findLetter(first, { use: 'reminder' }) && findLetter(first, { use: 'one-time-link' }))
    assert.equal(first && findLetter(first, 'constructor'), undefined)
  })

  it('hold the conditions of their recipients against the subject', () => {
    const rule = {
      of: 'leader',
      named: 'leader',
      because: 'x',
      when: "subjectKind == 'trust' || outcome == 'no'",
    } as const
    assert.equal(recipientApplies(rule, { subjectKind: 'trust' }), true)
    assert.equal(recipientApplies(rule, { subjectKind: 'single-school', outcome: 'no' }), true)
    assert.equal(recipientApplies(rule, { subjectKind: 'single-school' }), false, 'what is not known does not hold')
  })
})
