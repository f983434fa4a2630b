import { runAsMachine } from '../scope.ts'
import type { Route } from './route.ts'

/** A route that reads and writes as the machine: only where its own rules ask whose place a record is before they show it. */
export function asTheMachine(route: Route): Route {
  return { ...route, handle: (request) => runAsMachine(() => route.handle(request)) }
}
