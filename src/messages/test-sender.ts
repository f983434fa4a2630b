import { connect } from '../platform/db.ts'
import { openDelivery } from './delivery.ts'
import { smtpMail } from './smtp-mail.ts'

/** A sender of its own, for tests that kill it: `node test-sender.ts DATABASE_URL SMTP_URL`. */
const [, , databaseUrl, smtpUrl = ''] = process.argv
const database = connect({ connectionString: databaseUrl ?? '' })
openDelivery({ database, mail: smtpMail({ url: smtpUrl, from: 'letters@example.org' }) }).start()
setInterval(() => undefined, 60_000) // the timers of the delivery keep no process alive
