import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** A part of others that the running service uses. `copyright` holds the lines of its licence file that say whose it is. */
export type ThirdParty = {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly copyright: readonly string[]
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
    }),
  ),
})

/**
 * Everything that package-lock.json says the service runs with and that is installed here, by name. Read from what is there, so
 * the list cannot lag behind it; parts made for other kinds of machine are not installed and not listed.
 */
export function readThirdParties(root: string): ThirdParty[] {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path && !dev && !devOptional && existsSync(join(root, path)))
    .map(([path, { version = '', license }]) => ({
      name: path.split('node_modules/').at(-1) ?? path,
      version,
      licence: license ?? 'not stated',
      copyright: copyrightIn(join(root, path)),
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

function copyrightIn(folder: string): string[] {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name) && !/\.(js|ts|d)\b/.test(name))
  if (!file) return []
  const lines = readFileSync(join(folder, file), 'utf8').split('\n')
  // A line that begins so; "the above copyright notice" and the like are part of a licence's own words.
  return lines
    .map((line) => line.trim())
    .filter((line) => /^(copyright\b.*\d{4}|\(c\)|©)/i.test(line))
    .slice(0, 3)
}
