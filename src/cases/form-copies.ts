import type { Db } from '../platform/db.ts'
import type { Form } from '../programmes/index.ts'
import type { CaseRecord } from './case-store.ts'
import type { Copy, FormCopies } from './form-state.ts'
import { readHolders } from './holders.ts'
import { findCaseLeader } from './read-case.ts'
import { factsOf, NO_MORE_FACTS } from './read-facts.ts'
import { kindInWords } from './subject-kind.ts'
import { rolesOf } from './who-acts.ts'

/** What the form says of the school or trust and the leader, as the register and the roster have it on the day (TSI-132). */
export async function copiesOf(
  db: Db,
  record: CaseRecord,
  { form, leaderId, on }: { form: Form; leaderId: number | null; on: string },
): Promise<FormCopies> {
  const contact = form.sections.find((one) => one.contact)?.contact
  const party = record.pack.process?.parties[contact?.party ?? '']
  const known = factsOf(record, { leader: undefined, entered: {}, contacts: new Set(), today: on, more: NO_MORE_FACTS })
  const roles = party ? rolesOf(party, known) : []
  const holders = (await readHolders(db, record, on)).filter(({ role }) => roles.includes(role))
  const leader = await findCaseLeader(db, leaderId)
  const leaders = leader
    ? {
        [String(leaderId)]: facts([
          ['Leader', `${leader.name} (${leader.reference})`],
          ['Type of leader', record.matchedAs ?? leader.type],
          ['Organisation of the leader', leader.organisation],
          ['Region of the leader', leader.region],
        ]),
      }
    : {}
  return {
    on,
    leaders,
    subject: facts([
      ['Name', record.name],
      ['URN', record.urn === null ? null : String(record.urn)],
      ['Kind', kindInWords(record.kind)],
      ['Phase', record.phase],
      ['Type', record.type],
      ['Region', record.region],
      ['Local authority', record.authorityName],
      ['Diocese', record.diocese],
      ['Trust', record.trustUid && `${record.trustName ?? ''} (${record.trustUid})`],
      [contact?.title ?? '', contact ? holders.map(({ name }) => name).join(', ') : null],
    ]),
  }
}

function facts(pairs: readonly (readonly [string, string | null])[]): Copy[] {
  return pairs.flatMap(([title, value]) => (value ? [{ title, value }] : []))
}
