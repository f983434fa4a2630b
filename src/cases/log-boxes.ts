const SIZE = 40
const GAP = 6

export type Boxes = {
  readonly width: number
  readonly words: string
  readonly boxes: readonly { readonly x: number; readonly width: number; readonly kind: 'frame' | 'used' | 'planned' }[]
}

/** Days as boxes, one a day: filled when done, hatched when planned, empty when free. Halves fill half a box. Days in days. */
export function drawBoxes({ agreed, used, planned }: { agreed: number; used: number; planned: number }): Boxes {
  const count = Math.max(1, Math.ceil(Math.max(agreed, used + planned)))
  const boxes: Boxes['boxes'][number][] = []
  for (let at = 0; at < count; at += 1) {
    const x = at * (SIZE + GAP) + 2
    boxes.push({ x, width: SIZE, kind: 'frame' })
    for (const half of [0, 1]) {
      const from = at + half / 2
      const kind = from < used ? 'used' : from < used + planned ? 'planned' : undefined
      if (kind) boxes.push({ x: x + (half * SIZE) / 2, width: SIZE / 2, kind })
    }
  }
  const free = Math.max(0, agreed - used - planned)
  return {
    width: count * (SIZE + GAP),
    words: `${used} of ${agreed} days done, ${planned} planned, ${free} free`,
    boxes,
  }
}
