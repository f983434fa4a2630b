import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { gradeLetter, gradeName } from './inspection-words.ts'
import { OPEN_NOW } from './status.ts'

/** How many open schools hold each latest grade; null is "no grade held". */
export type GradeCount = { readonly grade: number | null; readonly schools: number }

export function countGradesOfAuthority(db: Db, code: string): Promise<GradeCount[]> {
  return countGrades(db, sql`e.authority_code = ${code}`)
}

export function countGradesOfTrust(db: Db, uid: string): Promise<GradeCount[]> {
  return countGrades(db, sql`e.trust_uid = ${uid}`)
}

async function countGrades(db: Db, where: RawBuilder<unknown>): Promise<GradeCount[]> {
  const { rows } = await sql<GradeCount>`
    select e.latest_grade as grade, count(*)::int as schools from establishment e
    where ${where} and ${OPEN_NOW} group by 1`.execute(db)
  return rows
}

const WIDTH = 400

/** A stacked bar with its table: widths by share, in the order of the grades, "not held" last. */
export function presentGradeCounts(counts: readonly GradeCount[], href: (grade: string) => string) {
  const total = counts.reduce((sum, count) => sum + count.schools, 0)
  let left = 0
  const parts = [1, 2, 3, 4, null].flatMap((grade) => {
    const schools = counts.find((count) => count.grade === grade)?.schools ?? 0
    if (!schools) return []
    const width = (schools / total) * WIDTH
    const part = {
      name: grade ? gradeName(grade) : 'No grade held',
      sign: grade ? gradeLetter(grade) : '–',
      classes: grade ? `app-grade-${grade}` : 'app-grade-other',
      schools,
      share: Math.round((schools / total) * 100),
      x: Math.round(left * 10) / 10,
      width: Math.round(width * 10) / 10,
      href: href(grade ? String(grade) : 'none'),
    }
    left += width
    return [part]
  })
  return { total, width: WIDTH, parts }
}
