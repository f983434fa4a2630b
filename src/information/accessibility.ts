/** One thing that the accessibility statement says is tested, and the test that does it: a test holds the two together. */
export type AccessibilityClaim = {
  readonly words: string
  readonly file: string
  readonly test: string
}

export const TESTED: readonly AccessibilityClaim[] = [
  {
    words:
      'Every page of the service is opened in a real browser, at the width of a desk screen and of a phone, full and empty, and checked by axe-core against WCAG 2.2 levels A and AA with no rule switched off.',
    file: 'e2e/walk.test.ts',
    test: 'in a full service',
  },
  {
    words:
      'Every form is sent with something wrong in it; the page that comes back must have an error summary and pass the same check.',
    file: 'e2e/walk-edges.test.ts',
    test: 'with something wrong typed, the page comes again with a summary of what to put right',
  },
  {
    words: 'Every page says the same, in the same words, with JavaScript switched off.',
    file: 'e2e/walk.test.ts',
    test: 'with JavaScript off: the same answer with the same words',
  },
  {
    words:
      'A search, a list with filters and a form are worked through with the keyboard alone: the skip link comes first, whatever has the focus shows it, and nothing holds it fast.',
    file: 'e2e/keyboard.test.ts',
    test: 'a search, a list and a form are worked through with the keyboard alone',
  },
]

/** Said plainly, since no tool can test it: what nobody has looked at yet, and what is known to be less good. */
export const NOT_TESTED: readonly string[] = [
  'No person who uses a screen reader, a magnifier, a switch or speech input has tried the service yet. Automatic checks find some barriers, not all.',
  'Nobody outside the team has audited the service.',
  'Downloads as CSV carry no headings or table structure beyond their first row. The same content is on the page. (WCAG 1.3.1)',
  'Maps and drawn strips tell their content in a table or sentence beside them, not point by point. (WCAG 1.1.1)',
]

/** Days of the statement: first written, and last read through against the service. Raise the second at each release. */
export const STATEMENT = { prepared: '2026-11-21', reviewed: '2026-11-21' } as const
