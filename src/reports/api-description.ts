import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'
import { REPORTS } from './reports.ts'

const value = z.union([z.string(), z.number(), z.null()])
const column = z.object({ key: z.string(), title: z.string(), kind: z.string(), means: z.string() })
const table = z.object({
  id: z.string(),
  title: z.string(),
  columns: z.array(column),
  total: z.int(),
  rows: z.array(z.record(z.string(), value)).describe('Days are days, pounds are pounds, dates are ISO'),
})
const query = z.object({
  programme: z.string().optional(),
  region: z.string().optional().describe('By name; "none" for cases of no region'),
  stage: z.string().optional(),
  late: z.string().optional().describe('yes: only cases with something late'),
  turn: z.string().optional().describe('By title: only cases in which this party has something overdue'),
  ended: z.string().optional().describe('A step and its ending, such as STEP/ENDING'),
  request: z.string().optional().describe('A flow beside cases and what came of it, such as FLOW/open'),
  missing: z.string().optional().describe('A report of the form that is not there yet'),
})

/** One description for each report: they differ in their columns, which every answer names. */
export const REPORTS_API: Readonly<Record<string, ApiDescription>> = Object.fromEntries(
  REPORTS.map(({ id, summary }) => [
    `GET /api/v1/reports/${id}`,
    {
      summary,
      query,
      answer: z.object({
        report: z.string(),
        title: z.string(),
        today: z.string(),
        filters: z.record(z.string(), z.string()),
        sentence: z.string(),
        tables: z.array(table),
        rests: z.array(z.string()),
      }),
    },
  ]),
)
