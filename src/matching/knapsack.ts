/** One leader's choice: which of `items` (options) to take within `room` half-days for the largest sum of net worths. */
export type Knapsack = { readonly items: readonly number[]; readonly days: Int32Array; readonly room: number }

/** Rows of best sums: row `m`, column `c` is the best of the first `m` items within `c` half-days. */
function fill(knapsack: Knapsack, net: Float64Array, order: readonly number[]): Float64Array {
  const width = knapsack.room + 1
  const best = new Float64Array((order.length + 1) * width)
  for (const [row, item] of order.entries()) {
    const days = knapsack.days[item] ?? 0
    const gain = net[item] ?? 0
    const from = row * width
    for (let room = 0; room < width; room++) {
      const without = best[from + room] ?? 0
      const taken = room < days ? 0 : (best[from + room - days] ?? 0) + gain
      best[from + width + room] = taken > without ? taken : without
    }
  }
  return best
}

/** The best sum of `net` (by place in `items`) and the places taken. Exact: it only adds and compares. */
export function fillKnapsack(knapsack: Knapsack, net: Float64Array): { sum: number; taken: number[] } {
  const worthTaking = [...net.keys()].filter((place) => (net[place] ?? 0) > 0)
  const wanted = worthTaking.reduce((days, place) => days + (knapsack.days[place] ?? 0), 0)
  if (wanted <= knapsack.room)
    return { sum: worthTaking.reduce((sum, place) => sum + (net[place] ?? 0), 0), taken: worthTaking }
  const width = knapsack.room + 1
  const best = fill(knapsack, net, worthTaking)
  const taken: number[] = []
  let room = knapsack.room
  for (const [row, place] of [...worthTaking.entries()].reverse()) {
    if (best[(row + 1) * width + room] === best[row * width + room]) continue
    taken.push(place)
    room -= knapsack.days[place] ?? 0
  }
  return { sum: best[worthTaking.length * width + knapsack.room] ?? 0, taken }
}

/** For each item: how much less the best sum is when that item must be taken. */
export function lossesWhenTaken(knapsack: Knapsack, net: Float64Array): Float64Array {
  const places = [...net.keys()]
  const width = knapsack.room + 1
  const before = fill(knapsack, net, places)
  const after = fill(knapsack, net, places.toReversed())
  const whole = before[places.length * width + knapsack.room] ?? 0
  return net.map((gain, place) => {
    const room = knapsack.room - (knapsack.days[place] ?? 0)
    const others = places.length - place - 1
    let best = Number.NEGATIVE_INFINITY
    for (let used = 0; used <= room; used++) {
      const sum = (before[place * width + used] ?? 0) + (after[others * width + room - used] ?? 0)
      if (sum > best) best = sum
    }
    return whole - best - gain
  })
}

/**
 * Every non-empty set of places that fits and adds up to at most `allowance` less than the best sum of `net`; undefined
 * when there are more than `most`.
 */
export function listFillings(
  knapsack: Knapsack,
  net: Float64Array,
  allowance: number,
  most: number,
): number[][] | undefined {
  const places = [...net.keys()]
  const width = knapsack.room + 1
  const best = fill(knapsack, net, places)
  const enough = (best[places.length * width + knapsack.room] ?? 0) - allowance
  const found: number[][] = []
  const taken: number[] = []
  // From the last place down, so that row `rows` of the table says what the places still open can add.
  const visit = (rows: number, room: number, sum: number): boolean => {
    if (sum + (best[rows * width + room] ?? 0) < enough) return true
    if (rows === 0) {
      if (taken.length > 0) found.push(taken.toReversed())
      return found.length <= most
    }
    const place = rows - 1
    const days = knapsack.days[place] ?? 0
    if (!visit(place, room, sum)) return false
    if (days > room) return true
    taken.push(place)
    const goesOn = visit(place, room - days, sum + (net[place] ?? 0))
    taken.pop()
    return goesOn
  }
  return visit(places.length, knapsack.room, 0) ? found : undefined
}
