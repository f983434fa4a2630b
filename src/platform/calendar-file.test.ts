import assert from 'node:assert/strict'
import { it } from 'node:test'
import { calendarFile } from './calendar-file.ts'

const MADE = Temporal.Instant.from('2024-01-15T09:00:00Z')

it('a whole day, a time in London in winter and summer, and signs that the format gives a meaning', () => {
  const file = calendarFile(
    'My dates',
    [
      { id: 'step-1', title: 'Answer, please; thanks', date: '2024-03-31' },
      { id: 'visit-1', title: 'Visit', date: '2024-01-16', at: '09:30', minutes: 90, place: 'Hall\nRoom 2' },
      { id: 'visit-2', title: 'Visit', date: '2024-06-04', at: '09:30', href: 'https://alongside.example/cases/1' },
    ],
    MADE,
  )
  const lines = file.split('\r\n')
  for (const line of [
    'METHOD:PUBLISH',
    'UID:step-1@alongside',
    'SUMMARY:Answer\\, please\\; thanks',
    'DTSTART;VALUE=DATE:20240331',
    'DTEND;VALUE=DATE:20240401',
    'DTSTART:20240116T093000Z',
    'DTEND:20240116T110000Z',
    'LOCATION:Hall\\nRoom 2',
    'DTSTART:20240604T083000Z',
    'DTEND:20240604T093000Z',
    'DTSTAMP:20240115T090000Z',
    'URL;VALUE=URI:https://alongside.example/cases/1',
  ])
    assert.ok(lines.includes(line), `${line} in\n${file}`)
})
