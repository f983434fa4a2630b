import { sql } from 'kysely'
import { noticeSubjectChanges } from '../../src/cases/index.ts'
import type { SceneWork } from '../scene-parts.ts'

/**
 * Schools of open cases that closed in the window of days, as if the register's file of the day had shown it: the invented England
 * holds from the start what comes later. The owners of their cases are then asked, as after every import.
 */
export async function showChangedSchools({ db, england, window, casesOn }: SceneWork): Promise<void> {
  const closed = england.schools.flatMap(({ urn, closed: on, successor }) =>
    on && on <= window.to && (window.after === null || on > window.after)
      ? [{ urn, on, successor: successor ?? null }]
      : [],
  )
  if (closed.length === 0) return
  await sql`
    insert into register_event (kind, establishment_id, other_establishment_id, to_values, on_date)
    select v.kind, e.id, v.other, v.says, v.day
    from jsonb_to_recordset(${JSON.stringify(closed)}::jsonb) as r(urn integer, "on" date, successor integer)
      join establishment e on e.urn = r.urn left join establishment o on o.urn = r.successor
      cross join lateral (values
        ('closed', null::integer, jsonb_build_object('status', e.status, 'closed', e.closed), r.on),
        ('converted', o.id, '{"link": "Successor"}'::jsonb, coalesce(o.opened, r.on))) v (kind, other, says, day)
    where (v.kind = 'closed' or v.other is not null)
      and exists (select from support_case c where c.establishment_id = e.id and c.status <> 'closed')
    order by e.id, v.day`.execute(db)
  await noticeSubjectChanges(casesOn(window.to))
}
