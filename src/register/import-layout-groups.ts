import { readDate, readRequiredText, readText, readUrn } from './csv-cell.ts'
import { type Layout, textFields } from './import-layout.ts'

const GIAS = 'Department for Education, Get Information about Schools'

/** GIAS "all groups": trusts, federations, sponsors. */
export const GROUPS_LAYOUT: Layout = {
  kind: 'groups',
  publisher: GIAS,
  fields: [
    { to: 'uid', from: ['Group UID'], read: readRequiredText, required: true },
    { to: 'name', from: ['Group Name'], read: readRequiredText, required: true },
    { to: 'type', from: ['Group Type'], read: readRequiredText, required: true },
    { to: 'status', from: ['Group Status'], read: readRequiredText, required: true },
    { to: 'opened_as_group', from: ['Open date'], read: readDate },
    { to: 'incorporated', from: ['Incorporated on (open date)'], read: readDate },
    { to: 'closed', from: ['Closed Date'], read: readDate },
    ...textFields({
      group_id: 'Group ID',
      companies_house_number: 'Companies House Number',
      ukprn: 'UKPRN',
      town: 'Group Contact Town',
      postcode: 'Group Contact Postcode',
    }),
  ],
  // The file gives companies an incorporation date and other groups an opening date.
  derive: (row) => ({ rows: [{ ...row, opened: row.opened_as_group ?? row.incorporated ?? null }] }),
  derives: (facts) => (facts.has('opened_as_group') || facts.has('incorporated') ? ['opened'] : []),
  unique: { what: (row) => `Group UID ${row.uid}`, field: 'Group UID' },
}

/** GIAS group links: which establishment belongs to which group, since when. */
export const GROUP_LINKS_LAYOUT: Layout = {
  kind: 'group-links',
  publisher: GIAS,
  fields: [
    { to: 'urn', from: ['URN'], read: readUrn, required: true },
    { to: 'group_uid', from: ['Group UID', 'Linked UID'], read: readRequiredText, required: true },
    { to: 'group_name', from: ['Group Name'], read: readRequiredText, required: true },
    { to: 'group_type', from: ['Group Type'], read: readRequiredText, required: true },
    { to: 'joined', from: ['Joined date', 'Date joined'], read: readDate, required: true },
    { to: 'left_on', from: ['Left date', 'Date left'], read: readDate },
  ],
  unique: { what: (row) => `URN ${row.urn} in group ${row.group_uid}`, field: 'URN' },
}

/** GIAS links: predecessors, successors, mergers. */
export const LINKS_LAYOUT: Layout = {
  kind: 'links',
  publisher: GIAS,
  fields: [
    { to: 'urn', from: ['URN'], read: readUrn, required: true },
    { to: 'linked_urn', from: ['LinkURN'], read: readUrn, required: true },
    { to: 'linked_name', from: ['LinkName'], read: readText },
    { to: 'link_type', from: ['LinkType'], read: readRequiredText, required: true },
    { to: 'established', from: ['LinkEstablishedDate'], read: readDate },
  ],
  unique: {
    what: (row) => `the link from URN ${row.urn} to ${row.linked_urn} (${row.link_type})`,
    field: 'URN',
  },
}

/** The list of English authorities with their region, as this project ships it. */
export const AUTHORITIES_LAYOUT: Layout = {
  kind: 'authorities',
  publisher: GIAS,
  fields: [
    { to: 'code', from: ['LA (code)'], read: readRequiredText, required: true },
    { to: 'name', from: ['LA (name)'], read: readRequiredText, required: true },
    { to: 'region', from: ['GOR (name)'], read: readRequiredText, required: true },
    { to: 'gss_code', from: ['GSSLACode'], read: readText },
  ],
  unique: { what: (row) => `LA (code) ${row.code}`, field: 'LA (code)' },
}
