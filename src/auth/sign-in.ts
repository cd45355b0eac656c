import { AsyncLocalStorage } from 'node:async_hooks';
import { clouds } from '../graph/clouds.ts';
import type { Network } from '../graph/network.ts';
import { networkFailure } from '../graph/network-failure.ts';
import type { CredentialConnection } from '../protocol/tenant.ts';
import type { IdentitySetting } from './identity-options.ts';
import type { GivenToken } from './renewable-token.ts';
import { EntraRefusal, type LastFailure, SignInError, signInErrorOf } from './sign-in-error.ts';
import { noPerson, type Person, type Signer } from './signer.ts';

/**
 * The app that Connect-MgGraph signs people in with when it is told no other (Microsoft Graph Command Line Tools). It is
 * in every tenant, so a person needs no app registration; what it may do is consented to by scope.
 */
export const commonClientId = '14d82eec-204b-4c2f-b7e8-296a70dab67e';

/** What that app is asked for: what this product needs (graph-facts 1.4). */
const commonScopes = ['User.RevokeSessions.All', 'User.Read.All', 'GroupMember.Read.All'];

/** Ways that may need a person. */
const personal: readonly string[] = ['deviceCode', 'browser'];

/** One call for a token: who may be asked, and what came instead of a token last. */
interface Attempt {
  readonly person: Person;
  failure: unknown;
}

/** A sign-in of our own, kept with what it is signed in with for as long as the engine lives. */
export class SignIn {
  readonly #connection: CredentialConnection;
  readonly #network: Network;
  #signer: Promise<Signer> | null = null;
  /** A run's renewal and a person at a prompt are often on their way at once, and the library knows them only together. */
  readonly #attempts = new AsyncLocalStorage<Attempt>();

  constructor(connection: CredentialConnection, network: Network) {
    this.#connection = connection;
    this.#network = network;
  }

  /**
   * A token; from memory while that one is good. `fresh` is for a token that Graph refuses.
   * @throws SignInError
   */
  async token(wish: { claims?: string; fresh?: boolean; person?: Person } = {}): Promise<GivenToken> {
    const attempt: Attempt = { person: wish.person ?? noPerson, failure: null };
    return this.#attempts.run(attempt, () => this.#token(wish, attempt));
  }

  async #token(wish: { claims?: string; fresh?: boolean }, attempt: Attempt): Promise<GivenToken> {
    const isPersonal = personal.includes(this.#connection.credential.method);
    try {
      // A way without a person forgets what it has cached by being made anew.
      if (wish.fresh && !isPersonal) this.#signer = null;
      this.#signer ??= this.#open();
      const signer = await this.#signer;
      const token = await signer.getToken(this.#scopes, {
        enableCae: true,
        claims: wish.claims,
        abortSignal: attempt.person.signal,
      });
      if (!token) throw new SignInError('The sign-in gave no token.');
      return { token: token.token, expiresAt: token.expiresOnTimestamp };
    } catch (error) {
      if (!isPersonal) this.#signer = null;
      if (isPersonal && !attempt.person.present && (error as Error).name === 'AuthenticationRequiredError') {
        throw this.#personMissing(error, this.#lastFailure(attempt));
      }
      throw signInErrorOf(error, this.#lastFailure(attempt));
    }
  }

  #lastFailure({ failure }: Attempt): LastFailure {
    if (failure === null || failure instanceof EntraRefusal || failure instanceof SignInError) return failure;
    const root = this.#loginUrl;
    return networkFailure(failure, { root, now: Date.now(), route: this.#network.describe(root) }).reason;
  }

  get #loginUrl(): string {
    const { loginUrl, environment } = this.#connection;
    return loginUrl ?? clouds[environment ?? 'Global'].login;
  }

  get #clientId(): string | undefined {
    const { clientId, credential } = this.#connection;
    return clientId ?? (personal.includes(credential.method) ? commonClientId : undefined);
  }

  get #scopes(): string[] {
    const resource = clouds[this.#connection.environment ?? 'Global'].graph;
    return this.#clientId === commonClientId
      ? commonScopes.map(scope => `${resource}/${scope}`)
      : [`${resource}/.default`];
  }

  async #open(): Promise<Signer> {
    const { credential, tenantId, loginUrl } = this.#connection;
    const setting: IdentitySetting = {
      loginUrl: this.#loginUrl,
      ownLogin: loginUrl !== undefined && !Object.values(clouds).some(cloud => cloud.login === loginUrl),
      tenantId,
      clientId: this.#clientId,
      fetch: this.#network.fetch,
      onFailure: failure => {
        const attempt = this.#attempts.getStore();
        if (attempt) attempt.failure = failure;
      },
    };
    const person = () => this.#attempts.getStore()?.person ?? noPerson;
    switch (credential.method) {
      case 'clientSecret':
        return (await import('./client-secret.ts')).clientSecret(credential.clientSecret, setting);
      case 'certificateFile':
        return (await import('./certificate-file.ts')).certificateFile(
          credential.path,
          credential.password,
          setting,
        );
      case 'certificateStore':
        return (await import('./stored-certificate.ts')).storedCertificate(credential, setting);
      case 'managedIdentity':
        return (await import('./managed-identity.ts')).managedIdentity(setting);
      case 'federatedToken':
        return (await import('./federated-token.ts')).federatedToken(credential.tokenFile, setting);
      case 'azureCli':
        return (await import('./azure-cli.ts')).azureCli(setting);
      case 'deviceCode':
        return (await import('./device-code.ts')).deviceCode(setting, person);
      case 'browser':
        return (await import('./browser.ts')).browser(setting, person);
      case 'accessToken':
        throw new SignInError('A token that was given can not be got anew.');
    }
  }

  /** Silence did not do; the reason may be Entra's (the sign-in was revoked), or that nobody has signed in yet. */
  #personMissing(error: unknown, last: LastFailure): SignInError {
    const said = signInErrorOf(error, last);
    if (last !== null && said.code === null) return said;
    const how =
      'This way to sign in takes a person at a console (in PowerShell: run Connect-UserSessionTenant again there). Where nobody sits use an app with a certificate, a managed identity or a federated token.';
    return said.code === null ? new SignInError(how) : new SignInError(`${said.message} ${how}`, said.code);
  }
}
