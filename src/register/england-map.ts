import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { geoIdentity, geoPath } from 'd3-geo'
import type { MultiPolygon, Polygon } from 'geojson'
import { merge } from 'topojson-client'
import type {
  GeometryCollection,
  Topology,
  MultiPolygon as TopoMultiPolygon,
  Polygon as TopoPolygon,
} from 'topojson-specification'
import { type GridPlace, toGrid } from './national-grid-map.ts'

/** England by region, ready to print as SVG; `place` turns National Grid metres into the picture's units. */
export type EnglandMap = {
  readonly width: number
  readonly height: number
  readonly regions: readonly { readonly name: string; readonly path: string }[]
  readonly place: (place: GridPlace) => { readonly x: number; readonly y: number }
}

type Area = (TopoPolygon | TopoMultiPolygon) & { properties: { GOR: string } }
type Boundaries = Topology<{ england_local_authorities: GeometryCollection }>

const FILE = join(import.meta.dirname, 'shipped/england_local_authorities.topo.json')
const WIDTH = 420
const MARGIN = 6

let drawn: EnglandMap | undefined

/** The same picture for every page: it is read and projected once. */
export function getEnglandMap(): EnglandMap {
  drawn ??= drawEngland()
  return drawn
}

function drawEngland(): EnglandMap {
  const shapes = [...readRegions()]
  const whole = { type: 'GeometryCollection' as const, geometries: shapes.map(([, shape]) => shape) }
  const [[left, bottom], [right, top]] = geoPath(geoIdentity()).bounds(whole)
  const height = Math.round((WIDTH * (top - bottom)) / (right - left))
  const frame = geoIdentity()
    .reflectY(true)
    .fitExtent(
      [
        [MARGIN, MARGIN],
        [WIDTH - MARGIN, height - MARGIN],
      ],
      whole,
    ) // prettier-ignore
  const path = geoPath(frame).digits(0)
  return {
    width: WIDTH,
    height,
    regions: shapes.map(([name, shape]) => ({ name, path: path(shape) ?? '' })),
    place: ({ easting, northing }) => {
      const [x, y] = frame([easting, northing]) ?? [0, 0]
      return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 }
    },
  }
}

function readRegions(): Map<string, Polygon | MultiPolygon> {
  const topology: Boundaries = JSON.parse(readFileSync(FILE, 'utf8'))
  const byRegion = new Map<string, Area[]>()
  for (const geometry of topology.objects.england_local_authorities.geometries) {
    const area = geometry as Area // the boundaries file holds areas with their region only, checked when it was made
    const held = byRegion.get(area.properties.GOR)
    if (held) held.push(area)
    else byRegion.set(area.properties.GOR, [area])
  }
  return new Map([...byRegion].sort().map(([name, areas]) => [name, toGrid(merge(topology, areas))]))
}
