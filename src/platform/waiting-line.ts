/** Something that waits for a person, as a line of "My work" and of the API; each slice tells its own. `since`: a plain date. */
export type WaitingLine = {
  readonly reference: string
  readonly name: string
  readonly title: string
  readonly href: string
  readonly button: string
  readonly since: string
}
