export { type ComposedMessage, composeLetter, type RecipientChoice } from './compose.ts'
export { type Delivery, openDelivery } from './delivery.ts'
export { mailContract } from './demonstration.ts'
export { demonstrationMail, letDemonstrationMailWork } from './demonstration-mail.ts'
export type { Arrived, Undelivered, UndeliveredHandler } from './follow-up.ts'
export { type LetterFacts, TOKEN_PLACE } from './letter-text.ts'
export type { MailPort } from './mail-port.ts'
export { openMail, readMailSettings } from './mail-settings.ts'
export {
  countWaiting,
  type DeliveryState,
  readDelivery,
  readMessagesAbout,
  type StoredMessage,
} from './message-store.ts'
export { type PresentedDraft, presentDraft } from './present-draft.ts'
export { messageHref, presentMessage } from './present-message.ts'
export { type MessageSubject, queueMessage } from './queue-message.ts'
export {
  findRecipients,
  type Holder,
  type Place,
  type Places,
  type ProposedRecipient,
  type ResolveRecipient,
  type Situation,
} from './recipients.ts'
export { messageRoutes } from './routes.ts'
