import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machineActor } from '../src/platform/actor.ts'
import type { Clock } from '../src/platform/clock.ts'
import type { Database } from '../src/platform/db.ts'
import { type NightReport, takeInNight } from '../src/register/index.ts'

/** A folder of register files for tests, and nights that look into it. */
export type NightFolder = {
  readonly folder: string
  put(name: string, text: string): Promise<void>
  night(today: string): Promise<NightReport>
  remove(): Promise<void>
}

export async function openNightFolder(database: Database): Promise<NightFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'register-night-'))
  return {
    folder,
    put: (name, text) => writeFile(join(folder, name), text),
    night: (today) =>
      takeInNight({
        database,
        source: { folder, addresses: [] },
        clock: stillOn(today),
        by: machineActor('Nightly register', 'system'),
      }),
    remove: () => rm(folder, { recursive: true }),
  }
}

export function stillOn(today: string): Clock {
  const date = Temporal.PlainDate.from(today)
  return { today: () => date, now: () => date.toZonedDateTime('Europe/London').toInstant() }
}

const SCHOOL_COLUMNS = [
  'URN',
  'LA (code)',
  'LA (name)',
  'EstablishmentName',
  'TypeOfEstablishment (name)',
  'EstablishmentStatus (name)',
  'PhaseOfEducation (name)',
  'GOR (name)',
  'OpenDate',
  'CloseDate',
  'NumberOfPupils',
  'Trusts (code)',
]

export type TestSchool = {
  readonly urn: number
  readonly name?: string
  readonly authority?: readonly [code: string, name: string, region: string]
  readonly status?: string
  readonly closed?: string
  readonly pupils?: string
  readonly phase?: string
  readonly trust?: string
}

/** A whole register file. `without` leaves a column out. */
export function schoolsFile(schools: readonly TestSchool[], { without = '' } = {}): string {
  const kept = SCHOOL_COLUMNS.map((name, place) => ({ name, place })).filter(({ name }) => name !== without)
  const lines = schools.map((school) => {
    const [code, authority, region] = school.authority ?? ['901', 'Alder', 'North East']
    const { name = `School ${school.urn}`, status = 'Open', closed = '', pupils = '100', phase = 'Primary' } = school
    const opened = '01-09-1999'
    const type = 'Community school'
    const cells = [
      school.urn,
      code,
      authority,
      name,
      type,
      status,
      phase,
      region,
      opened,
      closed,
      pupils,
      school.trust ?? '',
    ]
    return kept.map(({ place }) => cells[place]).join(',')
  })
  return `${[kept.map(({ name }) => name).join(','), ...lines].join('\n')}\n`
}

export const numbered = (from: number, count: number): TestSchool[] =>
  Array.from({ length: count }, (_, place) => ({ urn: from + place }))
