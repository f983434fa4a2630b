import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { addPack, loadInstalledPacks, type PackFolders } from './installed-packs.ts'
import type { Pack } from './pack-schema.ts'

const SHIPPED = join(import.meta.dirname, '../../packs')

/** A data folder without packs, and a copy of a shipped pack with some of its text replaced. */
async function prepare(change: (text: string) => string): Promise<{ folders: PackFolders; pack: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'alongside-packs-'))
  const pack = join(folder, 'pack')
  const [programme = ''] = await readdir(SHIPPED)
  const [edition = ''] = await readdir(join(SHIPPED, programme))
  await cp(join(SHIPPED, programme, edition), pack, { recursive: true })
  const file = join(pack, 'pack.yaml')
  await writeFile(file, change(await readFile(file, 'utf8')))
  return { folders: { shipped: SHIPPED, added: join(folder, 'data/packs') }, pack }
}

/** Of the programme that `prepare` copies. */
function versionsOf(packs: readonly Pack[]): string[] {
  const copied = packs.find(({ version }) => version === '1.1')
  return packs.flatMap((one) => (one.programme === copied?.programme ? [one.version] : [])).sort()
}

test('a new version stands beside the old one, which stays', async () => {
  const { folders, pack } = await prepare((text) => text.replace('version: "1.0"', 'version: "1.1"'))
  assert.ok((await addPack(folders, pack)).ok)
  const installed = await loadInstalledPacks(folders)
  assert.ok(installed.ok)
  assert.deepEqual(versionsOf(installed.value), ['1.0', '1.1'])
})

test('the same version again is refused and nothing changes', async () => {
  const { folders, pack } = await prepare((text) => text)
  const again = await addPack(folders, pack)
  assert.equal(again.ok ? '' : again.refusals[0]?.code, 'pack.is-loaded')
  await assert.rejects(readdir(folders.added))
})

test('a faulty pack is refused with its line and nothing is copied', async () => {
  const { folders, pack } = await prepare((text) => text.replace('\nissued: ', '\nisued: '))
  const refused = await addPack(folders, pack)
  assert.match(refused.ok ? '' : refused.refusals.map((one) => one.message).join('\n'), /pack\.yaml:\d+:\d+: .*isued/)
  await assert.rejects(readdir(folders.added))
})
