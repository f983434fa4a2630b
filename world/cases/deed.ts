/** Who does something in a case: a party, of whom the scene's England has one person for the case; or a person by id. */
export type Doer =
  | 'rg'
  | 'director'
  | 'rdp'
  | 'leader-rdp'
  | 'sl'
  | 'supported'
  | 'payments'
  | { readonly person: string }

type Fields = Readonly<Record<string, unknown>>

/** One thing that somebody did on a day. `of`: the number of a case beside this one, for its steps. */
export type Deed = { readonly on: string; readonly by: Doer } & (
  | { readonly do: 'start' }
  | { readonly do: 'step'; readonly step: string; readonly fields?: Fields; readonly of?: number }
  | { readonly do: 'draft'; readonly step: string; readonly fields: Fields }
  | { readonly do: 'section'; readonly section: string; readonly fields: Fields; readonly complete: boolean }
  | { readonly do: 'day' | 'strategy' | 'note'; readonly fields: Fields }
  /** Somebody of the leader's own organisation, by id, comes into the team. */
  | { readonly do: 'member'; readonly person: string; readonly specialism: string }
  /** The payment of what is due: prepared by one, released by another, answered by the payer. */
  | { readonly do: 'pay'; readonly pay: 'prepare' | 'release' | 'answer'; readonly of?: number }
  | { readonly do: 'list'; readonly list: string; readonly fields: Fields }
)
