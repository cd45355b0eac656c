import { createHash } from 'node:crypto';
import type { RegisteredApp } from './app-registration.ts';
import { appOf, authenticate, offeredProof } from './client-authentication.ts';
import { appTokens, userTokens } from './issued-tokens.ts';
import type { LoginCall, LoginRealm } from './login-call.ts';
import { refusals } from './refusals.ts';
import { requestedScopes } from './requested-scopes.ts';
import type { Attempt, SignInKind } from './sign-in-record.ts';
import { admitApp, admitUser, checkConsent } from './sign-in-policy.ts';

type Grant = (
  call: LoginCall,
  app: RegisteredApp,
  realm: LoginRealm,
  attempt: Attempt,
) => Record<string, unknown>;

const clientCredentials: Grant = (call, app, realm, attempt) => {
  const proof = offeredProof(call, app);
  if (proof === 'none') throw refusals.credentialMissing();
  attempt.kind = proof;
  authenticate(call, app, realm);
  if (['common', 'organizations'].includes(call.tenant.toLowerCase())) throw refusals.noTenantNamed();
  const text = call.form.get('scope') ?? '';
  const scopes = requestedScopes(text, call, realm);
  if (!scopes.everything || scopes.names.length > 0) throw refusals.scopeWithoutDefault(text);
  admitApp(app, realm);
  return appTokens(call, app, realm);
};

const deviceCode: Grant = (call, app, realm, attempt) => {
  authenticate(call, app, realm);
  const code = realm.deviceCodes.byDeviceCode(call.form.get('device_code') ?? '');
  if (code?.appId !== app.appId) throw refusals.deviceCodeUnknown();
  attempt.user = code.user ?? null;
  if (code.state === 'declined') throw refusals.deviceCodeDeclined();
  if (code.state === 'redeemed') throw refusals.codeRedeemed();
  if (code.expiresAt <= call.now) throw refusals.deviceCodeExpired();
  if (code.state === 'waiting' || !code.user) throw refusals.authorizationPending();
  const scopes = requestedScopes(call.form.get('scope') ?? code.scope, call, realm);
  admitUser(code.user, app, realm);
  checkConsent(app, scopes);
  code.state = 'redeemed';
  return userTokens(call, app, code.user, scopes, realm);
};

const authorizationCode: Grant = (call, app, realm, attempt) => {
  authenticate(call, app, realm);
  const code = realm.codes.find(call.form.get('code') ?? '');
  if (code?.appId !== app.appId || code.redirectUri !== call.form.get('redirect_uri'))
    throw refusals.codeUnknown();
  attempt.user = code.user;
  if (code.redeemed) throw refusals.codeRedeemed();
  if (code.expiresAt <= call.now) throw refusals.codeExpired();
  const verifier = call.form.get('code_verifier') ?? '';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (code.codeChallenge !== null && code.codeChallenge !== challenge) throw refusals.verifierWrong();
  const scopes = requestedScopes(call.form.get('scope') ?? code.scope, call, realm);
  admitUser(code.user, app, realm);
  checkConsent(app, scopes);
  code.redeemed = true;
  return userTokens(call, app, code.user, scopes, realm, code.nonce);
};

const refreshToken: Grant = (call, app, realm, attempt) => {
  authenticate(call, app, realm);
  const grant = realm.refreshTokens.find(call.form.get('refresh_token') ?? '');
  if (grant?.appId !== app.appId) throw refusals.refreshTokenUnknown();
  attempt.user = grant.user;
  const revokedAt = realm.issuer.revocationOf(grant.user.id, grant.ordinal, call.now);
  if (revokedAt !== undefined) throw refusals.grantRevoked(grant.issuedAt, revokedAt);
  const scopes = requestedScopes(call.form.get('scope') ?? '', call, realm);
  admitUser(grant.user, app, realm);
  checkConsent(app, scopes);
  return userTokens(call, app, grant.user, scopes, realm);
};

const password: Grant = (call, app, realm, attempt) => {
  authenticate(call, app, realm);
  const user = realm.directory.user(call.form.get('username') ?? '');
  if (!user) throw refusals.noSuchUser(realm.world.domain);
  attempt.user = user;
  if (call.form.get('password') === wrongPassword) throw refusals.wrongPassword();
  const scopes = requestedScopes(call.form.get('scope') ?? '', call, realm);
  admitUser(user, app, realm);
  checkConsent(app, scopes);
  return userTokens(call, app, user, scopes, realm);
};

/** Every password is right here, except this one. */
export const wrongPassword = 'wrong';

const grants: Readonly<Record<string, { kind: SignInKind; run: Grant }>> = {
  client_credentials: { kind: 'unknown', run: clientCredentials },
  'urn:ietf:params:oauth:grant-type:device_code': { kind: 'deviceCode', run: deviceCode },
  // What MSAL sends.
  device_code: { kind: 'deviceCode', run: deviceCode },
  authorization_code: { kind: 'authorizationCode', run: authorizationCode },
  refresh_token: { kind: 'refreshToken', run: refreshToken },
  password: { kind: 'password', run: password },
};

/** Answers the token endpoint; `attempt` learns who it was, also when the answer is a refusal. */
export function grantTokens(call: LoginCall, realm: LoginRealm, attempt: Attempt): Record<string, unknown> {
  const type = call.form.get('grant_type');
  if (!type) throw refusals.parameterMissing('grant_type');
  const grant = Object.hasOwn(grants, type) ? grants[type] : undefined;
  if (!grant) throw refusals.grantNotSupported(type);
  attempt.kind = grant.kind;
  return grant.run(call, appOf(call.form.get('client_id'), realm), realm, attempt);
}
