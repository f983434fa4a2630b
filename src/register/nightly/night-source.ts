import { join, resolve } from 'node:path'
import { accept, type Decision, refuse } from '../../platform/decision.ts'

/** Where the files of the night come from: a folder of this machine, or addresses fetched into one. */
export type NightSource = { readonly folder: string; readonly addresses: readonly string[] }

export const FOLDER_VARIABLE = 'ALONGSIDE_REGISTER_FOLDER'
export const ADDRESSES_VARIABLE = 'ALONGSIDE_REGISTER_ADDRESSES'

/** Fetched files are kept here, so that one that waits for a person is still there. */
const FETCHED_FOLDER = 'register-files'

/**
 * Reads where the nightly register comes from: ALONGSIDE_REGISTER_FOLDER, or ALONGSIDE_REGISTER_ADDRESSES with blanks
 * between the addresses (`{date}` in one is the day as 20240115). Null when neither is set: then no night takes anything
 * in. Refuses with `register.two-sources` and `register.address`.
 */
export function readNightSource(
  env: Readonly<Record<string, string | undefined>>,
  dataDir: string,
): Decision<NightSource | null> {
  const folder = env[FOLDER_VARIABLE]?.trim()
  const addresses = (env[ADDRESSES_VARIABLE] ?? '').split(/\s+/).filter(Boolean)
  if (folder && addresses.length > 0)
    return refuse({
      code: 'register.two-sources',
      message: `Set ${FOLDER_VARIABLE} or ${ADDRESSES_VARIABLE}, not both.`,
    })
  if (folder) return accept({ folder: resolve(folder), addresses: [] })
  if (addresses.length === 0) return accept(null)
  const wrong = addresses.find((address) => !isWebAddress(address))
  if (wrong !== undefined)
    return refuse({
      code: 'register.address',
      message: `${ADDRESSES_VARIABLE} holds “${wrong}”, which is no http or https address.`,
    })
  return accept({ folder: join(dataDir, FETCHED_FOLDER), addresses })
}

function isWebAddress(address: string): boolean {
  return URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol)
}
