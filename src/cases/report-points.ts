import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { Form, FormPoint } from '../programmes/index.ts'
import type { CaseFigures } from './case-figures.ts'

/** How a report of a form stands. A report that is handed in with the form is there once that is submitted or forwarded. */
export type PointState = 'missing' | 'begun' | 'complete' | 'returned' | 'submitted' | 'forwarded'

export type ReportPoint = {
  readonly id: string
  readonly title: string
  readonly state: PointState
  /** Since when it stands so; null while it is missing. */
  readonly on: string | null
  readonly there: boolean
}

/** A step that a report opened once it went on: what is to be paid. Done ones stay listed with their day. */
export type PointTask = {
  readonly step: string
  readonly title: string
  readonly openedOn: string
  readonly dueOn: string | null
  readonly doneOn: string | null
}

export type CasePoints = {
  readonly caseId: number
  readonly points: readonly ReportPoint[]
  readonly tasks: readonly PointTask[]
}

type FormRow = { id: number; caseId: number; form: string; status: string; openedOn: string }
type SectionRow = { formId: number; section: string; state: string; savedOn: string }
type SubmissionRow = { formId: number; submittedOn: string; returnedOn: string | null; forwardedOn: string | null }
type TaskRow = Omit<PointTask, 'title'> & { caseId: number }

/** What is stored of one form, as its points ask. */
export type StoredReport = {
  readonly status: string
  readonly openedOn: string
  readonly sections: readonly Pick<SectionRow, 'section' | 'state' | 'savedOn'>[]
  readonly submission: Omit<SubmissionRow, 'formId'> | undefined
}

/** Each report of a form with its state and day. Pure. */
export function judgePoints(form: Form, stored: StoredReport): ReportPoint[] {
  return (form.points ?? []).map((point) => {
    const { state, on } = point['handed-in'] ? handedIn(point, stored) : written(form, point, stored)
    const there = state === 'complete' || state === 'submitted' || state === 'forwarded'
    return { id: point.id, title: point.title, state, on, there }
  })
}

type Standing = Pick<ReportPoint, 'state' | 'on'>

function savedOf({ covers }: FormPoint, { sections }: StoredReport) {
  return sections.filter(({ section }) => covers.includes(section))
}

/** Sections that are copied are there from the day on which the form was made. */
function written(form: Form, point: FormPoint, stored: StoredReport): Standing {
  const saved = savedOf(point, stored)
  const last =
    saved
      .map(({ savedOn }) => savedOn)
      .toSorted()
      .at(-1) ?? null
  const isCopied = (id: string) => form.sections.find((one) => one.id === id)?.kind === 'copies'
  const isComplete = (id: string) => saved.some(({ section, state }) => section === id && state === 'complete')
  if (point.covers.every((id) => isCopied(id) || isComplete(id)))
    return { state: 'complete', on: last ?? stored.openedOn }
  return { state: last === null ? 'missing' : 'begun', on: last }
}

function handedIn(point: FormPoint, stored: StoredReport): Standing {
  const { status, submission } = stored
  if (submission && status === 'forwarded') return { state: 'forwarded', on: submission.forwardedOn }
  if (submission && status === 'submitted') return { state: 'submitted', on: submission.submittedOn }
  if (submission && status === 'returned') return { state: 'returned', on: submission.returnedOn }
  const last = savedOf(point, stored)
    .map(({ savedOn }) => savedOn)
    .toSorted()
    .at(-1)
  return last === undefined ? { state: 'missing', on: null } : { state: 'begun', on: last }
}

/**
 * The reports of every case that has a form with such points, with the payment tasks that came of them. Reads within the
 * reader's scope: the cases given were, and forms are seen with their cases.
 */
export async function readPoints(db: Db, cases: readonly CaseFigures[]): Promise<CasePoints[]> {
  const byId = new Map(cases.map((one) => [one.id, one]))
  const { rows: forms } = await sql<FormRow>`
    select id, case_id as "caseId", form, status, opened_on as "openedOn" from case_form
    where case_id = any(${[...byId.keys()]}) order by id`.execute(db)
  const ids = forms.map(({ id }) => id)
  const [sections, submissions, tasks] = [
    await readSections(db, ids),
    await readSubmissions(db, ids),
    await readTasks(db, forms, byId),
  ]
  return forms.flatMap((row) => {
    const found = byId.get(row.caseId)
    const form = found?.pack.forms?.[row.form]
    if (!found || !form?.points) return []
    const stored = {
      status: row.status,
      openedOn: row.openedOn,
      sections: sections.get(row.id) ?? [],
      submission: submissions.get(row.id),
    }
    const steps = found.pack.process?.flows?.[found.flow]?.steps ?? {}
    const taken = new Set(form.points.flatMap(({ task }) => task?.step ?? []))
    return [
      {
        caseId: row.caseId,
        points: judgePoints(form, stored),
        tasks: tasks
          .filter(({ caseId, step }) => caseId === row.caseId && taken.has(step))
          .map(({ caseId: _, ...task }) => ({ ...task, title: steps[task.step]?.title ?? task.step })),
      },
    ]
  })
}

/** The newest saving of each section; of those that every leader fills anew, the one of the leader who works on the case now. */
async function readSections(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, SectionRow[]>> {
  const { rows } = await sql<SectionRow>`
    select distinct on (s.form_id, s.section) s.form_id as "formId", s.section, s.state, s.saved_on as "savedOn"
    from case_form_section s join case_form f on f.id = s.form_id join support_case c on c.id = f.case_id
    where s.form_id = any(${[...ids]}) and s.leader_key in (0, coalesce(c.leader_id, 0))
    order by s.form_id, s.section, s.version desc`.execute(db)
  return Map.groupBy(rows, ({ formId }) => formId)
}

async function readSubmissions(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, SubmissionRow>> {
  const { rows } = await sql<SubmissionRow>`
    select distinct on (form_id) form_id as "formId", submitted_on as "submittedOn", returned_on as "returnedOn",
      forwarded_on as "forwardedOn" from case_form_submission where form_id = any(${[...ids]})
    order by form_id, id desc`.execute(db)
  return new Map(rows.map((row) => [row.formId, row]))
}

/** Openings of the steps that reports may open; what was withdrawn or set aside is none. */
async function readTasks(
  db: Db,
  forms: readonly FormRow[],
  byId: ReadonlyMap<number, CaseFigures>,
): Promise<TaskRow[]> {
  const steps = forms.flatMap(({ caseId, form }) =>
    (byId.get(caseId)?.pack.forms?.[form]?.points ?? []).flatMap(({ task }) => task?.step ?? []),
  )
  const { rows } = await sql<TaskRow>`
    select case_id as "caseId", step, opened_on as "openedOn", due_on as "dueOn", done_on as "doneOn" from case_step
    where state <> 'withdrawn' and not superseded and step = any(${[...new Set(steps)]})
      and case_id = any(${forms.map(({ caseId }) => caseId)}) order by id`.execute(db)
  return rows
}
