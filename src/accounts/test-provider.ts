import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** A real OpenID Connect provider on this machine. Whoever comes is signed in at once as the address in `signsInAs`. */
export type TestProvider = {
  readonly issuer: string
  signsInAs(email: string, confirmed?: boolean): void
  /** Follows the service's request through the provider, as a browser would; answers the address that leads back. */
  follow(address: string): Promise<string>
  close(): Promise<void>
}

export const CLIENT = {
  clientId: 'alongside',
  clientSecret: 'a-secret-for-tests-only',
  publicUrl: 'http://alongside.test',
}

export async function startTestProvider(): Promise<TestProvider> {
  let account = { email: '', confirmed: true }
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a server on a port always has one
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${CLIENT.publicUrl}/sign-in/callback`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    cookies: { keys: ['a-key-for-tests-only'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: account.email, email_verified: account.confirmed }),
    }),
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({
        clientId: CLIENT.clientId,
        accountId: context.oidc.session?.accountId,
      })
      grant.addOIDCScope('openid email')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    const login = { accountId: `subject-of-${account.email.toLowerCase()}` }
    provider.interactionFinished(request, response, { login }).catch(() => response.writeHead(500).end())
  })
  return {
    issuer,
    signsInAs(email, confirmed = true) {
      account = { email, confirmed }
    },
    follow: (address) => followWithin(issuer, address),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function followWithin(issuer: string, address: string): Promise<string> {
  const cookies = new Map<string, string>()
  let next = address
  while (next.startsWith(issuer)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (!location) throw new Error(`The provider stopped with ${answer.status}: ${await answer.text()}`)
    next = new URL(location, next).href
  }
  return next
}
