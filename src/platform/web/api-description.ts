import type * as z from 'zod'
import type { Route } from './route.ts'

/** What a programmer reads of an API route. `query` and `body` are objects; `file` is the name of an upload it takes. */
export type ApiDescription = {
  readonly summary: string
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
  readonly file?: string
  /** The answer when it is done: 200, or 201 where `created` is set. */
  readonly answer: z.ZodType
  readonly created?: true
  /** What a refusal leaves behind, where it is not simply that nothing was saved. */
  readonly refused?: string
  /** The media type of an answer that is a file and not JSON. */
  readonly media?: string
}

/**
 * The routes with their descriptions, which stand apart from them under `METHOD path`, so that the table of routes stays short.
 * Throws when a description is left of a route that went.
 */
export function described(routes: readonly Route[], words: Readonly<Record<string, ApiDescription>>): Route[] {
  const left = new Set(Object.keys(words))
  const all = routes.map((route): Route => {
    const key = `${route.method} ${route.path}`
    const api = words[key]
    left.delete(key)
    return api ? { ...route, api } : route
  })
  if (left.size > 0) throw new Error(`There is no such route: ${[...left].join(', ')}`)
  return all
}
