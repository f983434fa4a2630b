type Body = Readonly<Record<string, unknown>>

/** What somebody typed into a field of a form or sent as JSON, without blanks around it. */
export function textIn(body: Body, name: string): string {
  const value = body[name]
  return typeof value === 'string' ? value.trim() : ''
}

/** Reasons by check, as `reason-<check>` of a form or in `reasons` of a JSON body; `reason` is the one of the outcome. */
export function readReasons(body: Body): Record<string, string> {
  const listed = typeof body['reasons'] === 'object' && body['reasons'] !== null ? Object.entries(body['reasons']) : []
  const typed = Object.keys(body).filter((name) => name.startsWith('reason-') && textIn(body, name))
  return Object.fromEntries([
    ...listed.map(([name, value]) => [name, String(value)]),
    ...typed.map((name) => [name.slice('reason-'.length), textIn(body, name)]),
    ...(textIn(body, 'reason') ? [['reason', textIn(body, 'reason')]] : []),
  ])
}
