import { CLOSE, type Flow } from './process-schema.ts'

/** The process drawn as lanes: one column for each party, one row for each step, lines from a step to those that it opens. */
export type ProcessPicture = {
  readonly width: number
  readonly height: number
  readonly lanes: readonly { readonly x: number; readonly title: string }[]
  readonly boxes: readonly { readonly x: number; readonly y: number; readonly number: number }[]
  /** SVG paths; `back` returns to an earlier step. */
  readonly lines: readonly { readonly path: string; readonly back: boolean }[]
}

const LANE = 120
const ROW = 34
const TOP = 46
const BOX = { width: 40, height: 22 }

export function drawProcess(flow: Flow, titleOf: (party: string) => string): ProcessPicture {
  const ids = Object.keys(flow.steps)
  const parties = [
    ...new Set(Object.values(flow.steps).map(({ owner }) => (typeof owner === 'string' ? owner : owner.party))),
  ]
  const place = (step: string) => {
    const owner = flow.steps[step]?.owner
    const party = owner && (typeof owner === 'string' ? owner : owner.party)
    return { x: parties.indexOf(party ?? '') * LANE + LANE / 2, y: TOP + ids.indexOf(step) * ROW }
  }
  const lines = Object.entries(flow.steps).flatMap(([id, step]) => {
    const ahead = [...(step.next ?? []), ...Object.values(step.outcomes ?? {}).flatMap((one) => one.next ?? [])]
    const back = Object.values(step.outcomes ?? {}).flatMap((one) => (one.back ? [one.back] : []))
    return [...new Set([...ahead, ...back])]
      .filter((target) => target !== CLOSE && target in flow.steps)
      .map((target) => line(place(id), place(target)))
  })
  return {
    width: parties.length * LANE,
    height: TOP + ids.length * ROW,
    lanes: parties.map((party, at) => ({ x: at * LANE + LANE / 2, title: titleOf(party) })),
    boxes: ids.map((id, at) => ({ ...place(id), number: at + 1 })),
    lines,
  }
}

type Point = { readonly x: number; readonly y: number }

function line(from: Point, to: Point): { path: string; back: boolean } {
  const back = to.y <= from.y
  const start = back ? { x: from.x - BOX.width / 2, y: from.y } : { x: from.x, y: from.y + BOX.height / 2 }
  const end = back ? { x: to.x - BOX.width / 2, y: to.y } : { x: to.x, y: to.y - BOX.height / 2 }
  const bend = back
    ? `C ${start.x - 40} ${start.y} ${end.x - 40} ${end.y}`
    : `C ${start.x} ${start.y + 14} ${end.x} ${end.y - 14}`
  return { path: `M ${start.x} ${start.y} ${bend} ${end.x} ${end.y}`, back }
}
