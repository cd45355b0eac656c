import type { SimulatedAnswer } from '../answer.ts';
import { AuthorizationCodes } from './authorization-codes.ts';
import { authorize } from './authorize.ts';
import { deviceAuthorization } from './device-authorization.ts';
import { devicePage } from './device-page.ts';
import { instanceDiscovery, openIdConfiguration } from './discovery.ts';
import { EntraError, entraErrorBody } from './entra-error.ts';
import type { LoginAnswer, LoginCall, LoginRealm, LoginSettings } from './login-call.ts';
import { appServicePath, imdsPath, instanceDiscoveryPath } from './login-paths.ts';
import { appServiceIdentity, imdsIdentity } from './managed-identity.ts';
import { RefreshTokens } from './refresh-tokens.ts';
import { refusals } from './refusals.ts';
import type { Attempt, Recorder } from './sign-in-record.ts';
import { SigningKey } from './signing-key.ts';
import { grantTokens } from './token-grants.ts';

/** Entra's login endpoint of the simulated tenant, and the two that managed identities ask. */
export class LoginService {
  readonly #realm: LoginRealm;

  private constructor(settings: LoginSettings, key: SigningKey) {
    this.#realm = {
      ...settings,
      key,
      codes: new AuthorizationCodes(settings.random),
      refreshTokens: new RefreshTokens(settings.random),
      usedAssertions: new Map(),
    };
  }

  /** Makes its key, which takes a moment: so this is done when somebody signs in, and not before. */
  static async create(settings: LoginSettings): Promise<LoginService> {
    return new LoginService(settings, await SigningKey.create());
  }

  answer(call: LoginCall, rest: string): SimulatedAnswer {
    const traceId = this.#realm.random.guid();
    const correlationId =
      call.headers['client-request-id'] ?? call.form.get('client-request-id') ?? this.#realm.random.guid();
    let answer: LoginAnswer;
    try {
      answer = this.#route(call, rest);
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      answer = { status: error.status, body: entraErrorBody(error, call.now, traceId, correlationId) };
    }
    const isText = typeof answer.body === 'string';
    return {
      kind: 'answer',
      status: answer.status,
      headers: {
        'Content-Type': isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
        'Cache-Control': 'no-store, no-cache',
        'x-ms-request-id': traceId,
        'client-request-id': correlationId,
        ...answer.headers,
        Date: new Date(call.now).toUTCString(),
      },
      body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body),
    };
  }

  #route(call: LoginCall, rest: string): LoginAnswer {
    const realm = this.#realm;
    const record: Recorder = (attempt, error) => this.#record(call, attempt, error);
    if (rest === instanceDiscoveryPath) return instanceDiscovery(call);
    if (rest === appServicePath) return appServiceIdentity(call, realm, record);
    if (rest === imdsPath) return imdsIdentity(call, realm, record);
    this.#checkTenant(call.tenant);
    if (rest === 'discovery/v2.0/keys') return { status: 200, body: realm.key.jwks };
    if (rest === 'oauth2/v2.0/token') return this.#token(call, record);
    if (rest === 'oauth2/v2.0/devicecode') return deviceAuthorization(call, realm);
    if (rest === 'oauth2/v2.0/authorize') return authorize(call, realm, record);
    if (rest === 'device') return devicePage(call, realm, record);
    return openIdConfiguration(call, realm);
  }

  #checkTenant(name: string): void {
    const { tenantId, domain } = this.#realm.world;
    if (![tenantId, domain, 'common', 'organizations'].includes(name.toLowerCase()))
      throw refusals.tenantNotFound(name);
  }

  #token(call: LoginCall, record: Recorder): LoginAnswer {
    const attempt: Attempt = { appId: call.form.get('client_id') ?? '', kind: 'unknown', user: null };
    try {
      const body = grantTokens(call, this.#realm, attempt);
      record(attempt);
      return { status: 200, body };
    } catch (error) {
      // A client that polls for a code has not been told no.
      if (error instanceof EntraError && error.error !== 'authorization_pending') record(attempt, error);
      throw error;
    }
  }

  #record(call: LoginCall, attempt: Attempt, error?: EntraError): void {
    this.#realm.signIns.push({
      at: call.now,
      ...attempt,
      succeeded: error === undefined,
      errorCode: error?.code ?? 0,
    });
  }
}
