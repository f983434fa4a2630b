/** Signs in to a running demonstration as the officer for all of England. Answers the header that its requests carry. */
export async function signInToDemonstration(address: string): Promise<{ readonly cookie: string }> {
  const answer = await fetch(`${address}/demo/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person: 'rg-all' }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
  if (!answer.ok || !cookie) throw new Error(`Signing in answered ${answer.status}`)
  return { cookie }
}
