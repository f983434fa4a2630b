/** Where the rest of an address is the secret of whoever holds it. */
const PRIVATE_PREFIXES: readonly string[] = ['/calendar/', '/link/']

/** The address as logs and pages may tell it: what is secret of it is left out. */
export function withoutSecret(url: string): string {
  const prefix = PRIVATE_PREFIXES.find((one) => url.startsWith(one))
  return prefix === undefined ? url : `${prefix}…`
}
