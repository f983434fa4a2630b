import { StartRefusal } from '../platform/start-refusal.ts'

/** Who runs this installation and how to reach them. Null: not set, and the pages say so. */
export type ServiceDetails = {
  readonly organisation: string | null
  /** An e-mail address of a team, never of one person. */
  readonly contact: string | null
  /** Where to report a weakness: `mailto:` or `https:` (RFC 9116). */
  readonly securityContact: string | null
  /** A security.txt kept elsewhere, such as a department's own; ours leads there. */
  readonly securityTxt: string | null
}

/**
 * Reads ALONGSIDE_ORGANISATION, ALONGSIDE_CONTACT, ALONGSIDE_SECURITY_CONTACT and ALONGSIDE_SECURITY_TXT. Empty variables
 * count as absent. Throws StartRefusal `config.contact`, `config.security-contact` or `config.security-txt`.
 */
export function readServiceDetails(env: Readonly<Record<string, string | undefined>>): ServiceDetails {
  return {
    organisation: env.ALONGSIDE_ORGANISATION?.trim() || null,
    contact: checked(
      env.ALONGSIDE_CONTACT,
      /^[^\s@]+@[^\s@]+$/,
      'config.contact',
      'ALONGSIDE_CONTACT must be an e-mail address.',
    ),
    securityContact: checked(
      env.ALONGSIDE_SECURITY_CONTACT,
      /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/,
      'config.security-contact',
      'ALONGSIDE_SECURITY_CONTACT must begin with mailto: or https://.',
    ),
    securityTxt: checked(
      env.ALONGSIDE_SECURITY_TXT,
      /^https:\/\/\S+$/,
      'config.security-txt',
      'ALONGSIDE_SECURITY_TXT must be an address that begins with https://.',
    ),
  }
}

function checked(given: string | undefined, form: RegExp, code: string, message: string): string | null {
  const value = given?.trim()
  if (!value) return null
  if (!form.test(value)) throw new StartRefusal(code, message)
  return value
}
