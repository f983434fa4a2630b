/** An address in the head of a mail. */
export type Address = { readonly name: string; readonly email: string }

/** A message on its way: its head names everybody, also where only some still need it. */
export type Mail = {
  readonly messageId: number
  readonly subject: string
  readonly text: string
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
}

/** Whom this try is for. */
export type MailRecipient = { readonly id: number; readonly part: 'to' | 'cc'; readonly email: string }

/** What became of one recipient. `again`: not taken now, tried later. `reference`: how the service calls it. */
export type SendResult = {
  readonly recipientId: number
  readonly outcome: 'handed-over' | 'delivered' | 'bounced' | 'again'
  readonly detail: string
  readonly reference?: string
}

/** What a mail service says later of something that it took. */
export type Fate = { readonly state: 'delivered' | 'bounced' | 'unknown'; readonly detail: string }

/**
 * The one way out: a demonstration, a mail server or GOV.UK Notify. `send` answers for every recipient; what it throws counts as
 * `again` for all. `findFate` answers null while the service does not know yet.
 */
export type MailPort = {
  readonly channel: string
  send(mail: Mail, recipients: readonly MailRecipient[]): Promise<readonly SendResult[]>
  findFate?(reference: string): Promise<Fate | null>
  /** The words of a letter as it went, in a demonstration; a real way out keeps none. */
  readSent?(messageId: number): string | undefined
  close?(): void
}
