import type { RegisteredApp } from './app-registration.ts';
import { checkClientAssertion } from './client-assertion.ts';
import { checkFederatedAssertion } from './federated-assertion.ts';
import { parseJwt } from './jwt.ts';
import type { LoginCall, LoginRealm } from './login-call.ts';
import { refusals } from './refusals.ts';
import type { SignInKind } from './sign-in-record.ts';

/** How the app showed that it is the one; `none` for a public client. */
export type ClientProof = Extract<SignInKind, 'clientSecret' | 'clientCertificate' | 'federated'> | 'none';

/** The app that a request names, if this tenant would deal with it; throws Entra's refusal otherwise. */
export function appOf(appId: string | null, realm: LoginRealm): RegisteredApp {
  if (!appId) throw refusals.parameterMissing('client_id');
  const app = realm.apps.find(appId);
  if (!app) throw refusals.appNotFound(appId, realm.world.domain);
  if (app.cloud === 'USGov') throw refusals.otherCloud();
  if (app.disabled) throw refusals.appDisabled(app);
  return app;
}

/** What the request offers as proof, before it is looked at. */
export function offeredProof(call: LoginCall, app: RegisteredApp): ClientProof {
  if (call.form.has('client_secret')) return 'clientSecret';
  const assertion = call.form.get('client_assertion');
  if (assertion === null) return 'none';
  return parseJwt(assertion)?.claims['iss'] === app.appId || app.federated.length === 0
    ? 'clientCertificate'
    : 'federated';
}

/** Throws unless the proof holds, or is not needed. */
export function authenticate(call: LoginCall, app: RegisteredApp, realm: LoginRealm): void {
  const proof = offeredProof(call, app);
  if (proof === 'none') {
    if (!app.publicClient) throw refusals.credentialMissing();
    return;
  }
  if (proof === 'clientSecret') return checkSecret(app, call.form.get('client_secret') ?? '', call.now);
  const jwt = parseJwt(call.form.get('client_assertion') ?? '');
  const type = call.form.get('client_assertion_type');
  if (!jwt || type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    throw refusals.malformedAssertion();
  if (proof === 'federated') checkFederatedAssertion(app, jwt, call.now);
  else if (jwt.claims['iss'] !== app.appId) throw refusals.otherSubject();
  else checkClientAssertion(call, app, jwt, realm);
}

function checkSecret(app: RegisteredApp, value: string, now: number): void {
  const secret = app.secrets.find(one => one.value === value);
  if (!secret) throw refusals.wrongSecret(app);
  if (secret.expiresAt !== undefined && secret.expiresAt <= now) throw refusals.expiredSecret(app);
}
