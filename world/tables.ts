/**
 * Every table of the database is on one of these two sides, which a test compares with the schema: what use makes is emptied
 * when a scene begins, the rest stays.
 */
export const MADE_BY_USE: readonly string[] = [
  'audit_entry',
  'audit_head',
  'audit_value',
  'authority_terms',
  'demonstration_clock',
  'eligibility_result',
  'eligibility_run',
  'feedback',
  'invitation',
  'leader',
  'leader_day_entry',
  'leader_history',
  'leader_interest',
  'leader_leave',
  'leader_term',
  'organisation',
  'organisation_member',
  'person',
  'proposal',
  'role_grant',
  'scenario',
  'scenario_decision',
  'scenario_leader',
  'scenario_need',
  'scenario_solution',
  'sign_in_attempt',
  'submission',
  'user_session',
]

/** Stays, with why. The register goes back to how its first load left it, row by row; it is never loaded again. */
export const STAYS: Readonly<Record<string, string>> = {
  authority: 'register',
  data_file: 'register',
  data_file_fault: 'register',
  establishment: 'register',
  establishment_group: 'register',
  establishment_link: 'register',
  establishment_version: 'register',
  group_membership: 'register',
  import_progress: 'says whether the register is loaded',
  inspection: 'register',
  measure_benchmark: 'register',
  register_before: 'what the register goes back to',
  register_change: 'register',
  register_put_back: 'belongs to the first load',
  school_measure: 'register',
  service_setting: 'says that this is a demonstration',
}
