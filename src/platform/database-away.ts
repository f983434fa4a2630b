/** Whether an error says that the server is not there, or starts, stops or breaks the line in that moment: it may pass. */
export function isDatabaseAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string')
    return /^(57P0[123]|08...|ENOENT|ECONNREFUSED|ECONNRESET|EPIPE)$/.test(code) && !isFile(error)
  return (
    error instanceof Error &&
    /Connection terminated|not queryable|timeout expired|exceeded when trying to connect/.test(error.message)
  )
}

/** A missing socket has the same code as a missing file, but is met while connecting. */
function isFile(error: unknown): boolean {
  const { syscall } = Object(error)
  return syscall !== undefined && syscall !== 'connect' && syscall !== 'read' && syscall !== 'write'
}
