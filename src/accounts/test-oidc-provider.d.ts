/** The package ships no types. Only what the tests' provider uses is declared. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> }
  type Context = {
    oidc: {
      session?: { accountId?: string }
      provider: { Grant: new (of: { clientId: string; accountId: string | undefined }) => Grant }
    }
  }
  type Configuration = {
    clients: { client_id: string; client_secret: string; redirect_uris: string[] }[]
    claims: Record<string, string[]>
    cookies: { keys: string[] }
    features: { devInteractions: { enabled: boolean } }
    interactions: { url(context: Context, interaction: { uid: string }): string }
    findAccount(context: Context, id: string): { accountId: string; claims(): Record<string, unknown> }
    loadExistingGrant(context: Context): Promise<Grant>
  }

  class Provider {
    constructor(issuer: string, configuration: Configuration)
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: { login: { accountId: string } },
    ): Promise<void>
  }
  // biome-ignore lint/style/noDefaultExport: that is how the package offers it
  export default Provider
}
