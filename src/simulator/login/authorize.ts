import { randomBytes } from 'node:crypto';
import { accountFields, accountOf, errorNote } from './account-form.ts';
import type { RegisteredApp } from './app-registration.ts';
import { codeLifetimeMs } from './authorization-codes.ts';
import { appOf } from './client-authentication.ts';
import { describe, EntraError } from './entra-error.ts';
import { clientInfo } from './issued-tokens.ts';
import type { LoginAnswer, LoginCall, LoginRealm } from './login-call.ts';
import { escaped, page, pageHeaders } from './page.ts';
import { refusals } from './refusals.ts';
import { requestedScopes } from './requested-scopes.ts';
import { admitUser, checkConsent } from './sign-in-policy.ts';
import type { Attempt, Recorder } from './sign-in-record.ts';

/**
 * The sign-in page and what comes of it. Who is not recognized stays on the page; what else is wrong goes back to the
 * app, which can say more about it. (Entra shows some of it on a page of its own and leaves the app waiting.)
 */
export function authorize(call: LoginCall, realm: LoginRealm, record: Recorder): LoginAnswer {
  const { query } = call;
  const redirectUri = query.get('redirect_uri') ?? '';
  let app: RegisteredApp;
  try {
    app = appOf(query.get('client_id'), realm);
    if (!redirectFits(app, redirectUri)) throw refusals.redirectNotRegistered(app, redirectUri);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    // Where nobody vouches for the address, nothing is sent there.
    return { status: 400, headers: pageHeaders(), body: page('Sign-in is not possible', errorNote(error)) };
  }
  const attempt: Attempt = { appId: app.appId, kind: 'authorizationCode', user: null };
  try {
    const scopes = checkRequest(call, app, realm);
    if (call.method !== 'POST') return signInPage(call, app, realm);
    if (call.form.get('action') === 'cancel') throw refusals.declined();
    const user = accountOf(call, realm, attempt);
    admitUser(user, app, realm);
    checkConsent(app, scopes);
    const code = realm.codes.issue({
      appId: app.appId,
      user,
      redirectUri,
      scope: scopes.all.join(' '),
      nonce: query.get('nonce'),
      codeChallenge: query.get('code_challenge'),
      expiresAt: call.now + codeLifetimeMs,
    });
    const result: Record<string, string> = { code, session_state: realm.random.guid() };
    if (query.get('client_info') === '1') result['client_info'] = clientInfo(user, realm);
    return goBack(call, redirectUri, result);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    record(attempt, error);
    if (error.code === 50034 || error.code === 50126) return signInPage(call, app, realm, error);
    return goBack(call, redirectUri, {
      error: error.error === 'invalid_grant' ? 'access_denied' : error.error,
      error_description: describe(error),
    });
  }
}

function checkRequest(call: LoginCall, app: RegisteredApp, realm: LoginRealm) {
  const { query } = call;
  const type = query.get('response_type') ?? '';
  if (type !== 'code') throw refusals.responseTypeNotSupported(type);
  const hasChallenge = /^[\w-]{43}$/.test(query.get('code_challenge') ?? '');
  const isS256 = query.get('code_challenge_method') === 'S256';
  // Stricter than Entra with public clients: who leaves the challenge out is to be noticed here.
  if ((app.publicClient || query.has('code_challenge')) && !(hasChallenge && isS256))
    throw refusals.challengeMissing();
  return requestedScopes(query.get('scope') ?? '', call, realm);
}

/** A registered loopback address without port fits every port, as in Entra. */
function redirectFits(app: RegisteredApp, uri: string): boolean {
  if (app.redirectUris.includes(uri)) return true;
  const asked = URL.parse(uri);
  if (!asked || asked.protocol !== 'http:') return false;
  asked.port = '';
  return app.redirectUris.some(
    one => /^http:\/\/(localhost|127\.0\.0\.1)(\/|$)/.test(one) && URL.parse(one)?.href === asked.href,
  );
}

function signInPage(call: LoginCall, app: RegisteredApp, realm: LoginRealm, error?: EntraError): LoginAnswer {
  const content = `<p>to <strong>${escaped(app.displayName)}</strong> in ${escaped(realm.world.domain)}</p>
${errorNote(error)}
<form method="post" action="${escaped(`${call.path}?${call.query}`)}">
${accountFields(call, realm)}
<div class="buttons"><button type="submit" name="action" value="cancel">Cancel</button>
<button class="primary" type="submit" name="action" value="signIn">Sign in</button></div>
</form>`;
  return { status: 200, headers: pageHeaders(), body: page('Sign in', content) };
}

/** By redirect, in the query or behind the `#`; or by a form that the browser sends on. */
function goBack(call: LoginCall, redirectUri: string, result: Record<string, string>): LoginAnswer {
  const state = call.query.get('state');
  const all = { ...result, ...(state !== null && { state }) };
  const mode = call.query.get('response_mode') ?? 'query';
  if (mode === 'form_post') {
    const nonce = randomBytes(16).toString('base64url');
    const fields = Object.entries(all).map(
      ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
    );
    const content = `<form method="post" action="${escaped(redirectUri)}">${fields.join('')}
<div class="buttons"><button class="primary" type="submit">Continue</button></div></form>
<script nonce="${nonce}">document.forms[0].submit()</script>`;
    return { status: 200, headers: pageHeaders(nonce), body: page('Going back', content) };
  }
  const target = new URL(redirectUri);
  if (mode === 'fragment') target.hash = new URLSearchParams(all).toString();
  else for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
  return { status: 302, headers: { Location: target.href, 'Cache-Control': 'no-store' }, body: '' };
}
