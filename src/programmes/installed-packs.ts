import { cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { loadPack, loadPacks } from './load-pack.ts'
import { type Pack, packRef } from './pack-schema.ts'

/** Where packs stand: those that come with the service, and those loaded into a data folder beside them. */
export type PackFolders = { readonly shipped: string; readonly added: string }

/** Every edition of both folders; one refusal for all faults of all of them, and then none is loaded. */
export async function loadInstalledPacks({ shipped, added }: PackFolders): Promise<Decision<Pack[]>> {
  const own = await loadPacks(shipped)
  if (!(await exists(added))) return own
  const more = await loadPacks(added)
  if (own.ok && more.ok) return accept([...own.value, ...more.value])
  return refuse(...(own.ok ? [] : own.refusals), ...(more.ok ? [] : more.refusals))
}

/**
 * Adds an edition beside the others (TSI-001: an older one stays for what began under it). The folder is copied whole and
 * then moved into place, so that a kill leaves no half pack. Refuses a faulty pack, and `pack.is-loaded` for an edition of
 * the same version that is there.
 */
export async function addPack(folders: PackFolders, directory: string): Promise<Decision<Pack>> {
  const pack = await loadPack(directory)
  if (!pack.ok) return pack
  const installed = await loadInstalledPacks(folders)
  if (!installed.ok) return installed
  const { programme, edition, version } = pack.value
  if (installed.value.some((one) => packRef(one) === packRef(pack.value) && one.version === version)) {
    const message = `${packRef(pack.value)} version ${version} is loaded already; a changed pack needs another version`
    return refuse({ code: 'pack.is-loaded', message, field: 'version' })
  }
  const target = join(folders.added, programme, `${edition}-${version}`)
  const side = `${target}.part`
  await rm(side, { recursive: true, force: true })
  await mkdir(join(folders.added, programme), { recursive: true })
  await cp(directory, side, { recursive: true })
  await rename(side, target)
  return pack
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
