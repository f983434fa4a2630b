import { loadPack, type Pack } from '../programmes/index.ts'
import type { CataloguePack } from './context.ts'

/** The shipped pack with its catalogue, for tests of rules. */
export async function loadShippedCatalogue(): Promise<CataloguePack> {
  const pack = await loadPack('packs/tsi/2023-24')
  if (!pack.ok) throw new Error(pack.refusals.map(({ message }) => message).join('\n'))
  return withCatalogue(pack.value)
}

function withCatalogue(pack: Pack): CataloguePack {
  if (!pack.catalogue) throw new Error('The pack has no catalogue')
  return { ...pack, catalogue: pack.catalogue }
}
