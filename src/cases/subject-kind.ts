/** The word at every door for what kind of subject a case has: the one that the answer of who qualifies gives (TSI-010). */
export function kindInWords(kind: string): string {
  return kind === 'school in trust' ? 'school in MAT' : kind
}

/** Whether a kind that was sent along is this one; either word will do. */
export function isKind(sent: string, kind: string): boolean {
  return sent === kind || sent === kindInWords(kind)
}
