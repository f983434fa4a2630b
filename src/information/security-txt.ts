import type { ServiceDetails } from './service-details.ts'

/** A report address goes stale silently, so the file says for how long it may be trusted (RFC 9116, Expires). */
const VALID_DAYS = 90

/** The text of /.well-known/security.txt on a day; undefined when no contact is set, since the standard demands one. */
export function securityTxt({ securityContact }: ServiceDetails, today: Temporal.PlainDate): string | undefined {
  if (!securityContact) return undefined
  const expires = today.add({ days: VALID_DAYS }).toString()
  return `Contact: ${securityContact}\nExpires: ${expires}T00:00:00Z\nPreferred-Languages: en\n`
}

/** What the address says instead, with status 404, to whoever looks for a contact. */
export const NO_SECURITY_CONTACT = `# No contact is set for this installation (ALONGSIDE_SECURITY_CONTACT).
# SECURITY.md of the project says how to report a weakness and what to expect.
`
