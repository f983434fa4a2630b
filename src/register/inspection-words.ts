/** The words of inspectors, in one place: grades of the graded framework, and areas of the report card from November 2025. */
const GRADES = [
  { letter: 'O', name: 'Outstanding' },
  { letter: 'G', name: 'Good' },
  // "Satisfactory" until August 2012; the number is the same.
  { letter: 'RI', name: 'Requires improvement' },
  { letter: 'I', name: 'Inadequate' },
] as const

/** "Good" for 2; "not held" for anything that is no grade. */
export function gradeName(grade: number | null | undefined): string {
  return GRADES[(grade ?? 0) - 1]?.name ?? 'not held'
}

/** The name in use on that day: grade 3 was called Satisfactory before September 2012. */
export function gradeNameOn(grade: number, day: string): string {
  return grade === 3 && day < '2012-09-01' ? 'Satisfactory' : gradeName(grade)
}

export function gradeLetter(grade: number): string {
  return GRADES[grade - 1]?.letter ?? '?'
}

export const INSPECTION_KINDS = {
  graded: 'Graded inspection',
  graded_no_overall: 'Graded, no overall grade given',
  report_card: 'Report card',
  ungraded: 'Ungraded inspection',
  newer_unspecified: 'Inspection of unknown kind',
} as const

/** Areas of the report card in the order in which it prints them, by the column they are published in. */
const REPORT_CARD_AREAS: readonly (readonly [key: RegExp, words: string])[] = [
  [/safeguarding/i, 'Safeguarding'],
  [/inclusion/i, 'Inclusion'],
  [/curriculum/i, 'Curriculum and teaching'],
  [/achievement/i, 'Achievement'],
  [/attendance/i, 'Attendance and behaviour'],
  [/personal/i, 'Personal development and well-being'],
  [/early/i, 'Early years'],
  [/post.?16|sixth/i, 'Post-16 provision'],
  [/leadership/i, 'Leadership and governance'],
]

/** Report card areas with the words that were published; never turned into a grade. */
export function reportCardAreas(card: Readonly<Record<string, string>> | null): { area: string; outcome: string }[] {
  if (!card) return []
  return REPORT_CARD_AREAS.flatMap(([key, words]) => {
    const found = Object.entries(card).find(([name]) => key.test(name))
    return found ? [{ area: words, outcome: found[1] }] : []
  })
}
