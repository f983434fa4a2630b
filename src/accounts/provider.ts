import * as client from 'openid-client'
import { StartRefusal } from '../platform/start-refusal.ts'

/** Settings of the OpenID Connect provider, and the address at which browsers reach this service. */
export type ProviderSettings = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly publicUrl: string
}

/** What the provider says of somebody who signed in. */
export type Identity = { readonly issuer: string; readonly subject: string; readonly email: string }

/** What is kept between leaving for the provider and coming back. */
export type Attempt = { readonly state: string; readonly verifier: string; readonly nonce: string }

export type Provider = {
  begin(): Promise<{ readonly address: string; readonly attempt: Attempt }>
  /** Checks the answer in `callback` (the whole address) against what was kept. Throws when it does not fit. */
  finish(callback: string, attempt: Attempt): Promise<Identity>
}

/**
 * Reads OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and ALONGSIDE_ORIGIN. Undefined when none of the first three is set.
 * Throws StartRefusal `config.sign-in` when some are missing.
 */
export function readProviderSettings(env: Readonly<Record<string, string | undefined>>): ProviderSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, ALONGSIDE_ORIGIN: url } = env
  if (!issuer && !clientId && !clientSecret) return undefined
  if (!issuer || !clientId || !clientSecret || !url || !URL.canParse(url) || !URL.canParse(issuer))
    throw new StartRefusal(
      'config.sign-in',
      'Sign-in needs OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and ALONGSIDE_ORIGIN together; the first and last are addresses.',
    )
  return { issuer, clientId, clientSecret, publicUrl: url.replace(/\/$/, '') }
}

/** The code flow with PKCE, state and nonce. The provider is asked for its addresses at the first sign-in, not at the start. */
export function openProvider(settings: ProviderSettings): Provider {
  let found: Promise<client.Configuration> | undefined
  const configuration = () => {
    found ??= discover(settings).catch((error: unknown) => {
      found = undefined // so that the next sign-in tries again
      throw error
    })
    return found
  }
  return {
    async begin() {
      const attempt = {
        state: client.randomState(),
        verifier: client.randomPKCECodeVerifier(),
        nonce: client.randomNonce(),
      }
      const address = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: `${settings.publicUrl}/sign-in/callback`,
        scope: 'openid email',
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
      })
      return { address: address.href, attempt }
    },
    async finish(callback, { state, verifier, nonce }) {
      const config = await configuration()
      const tokens = await client.authorizationCodeGrant(config, new URL(callback, settings.publicUrl), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
      })
      const claims = tokens.claims()
      if (!claims) throw new Error('The provider sent no identity')
      const told = claims.email ? claims : await client.fetchUserInfo(config, tokens.access_token, claims.sub)
      const email = typeof told.email === 'string' && told.email_verified !== false ? told.email : ''
      return { issuer: claims.iss, subject: claims.sub, email }
    },
  }
}

function discover({ issuer, clientId, clientSecret }: ProviderSettings): Promise<client.Configuration> {
  const address = new URL(issuer)
  // Plain HTTP only to this machine itself, where a provider for development or tests may stand.
  const isLocal = address.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname)
  const execute = isLocal ? [client.allowInsecureRequests] : []
  return client.discovery(address, clientId, clientSecret, undefined, { execute, timeout: 10 })
}
