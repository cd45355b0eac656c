import { accountFields, accountOf, errorNote } from './account-form.ts';
import { EntraError } from './entra-error.ts';
import type { LoginAnswer, LoginCall, LoginRealm } from './login-call.ts';
import { escaped, page, pageHeaders } from './page.ts';
import { refusals } from './refusals.ts';
import type { Attempt, Recorder } from './sign-in-record.ts';

/** Where the code of the device flow is entered. */
export function devicePage(call: LoginCall, realm: LoginRealm, record: Recorder): LoginAnswer {
  if (call.method !== 'POST') return form(call, realm);
  const attempt: Attempt = { appId: '', kind: 'deviceCode', user: null };
  try {
    const code = realm.deviceCodes.waiting(call.form.get('user_code') ?? '', call.now);
    if (!code) throw refusals.deviceCodeUnknown();
    attempt.appId = code.appId;
    const app = realm.apps.find(code.appId)?.displayName ?? '';
    if (call.form.get('action') === 'cancel') {
      code.state = 'declined';
      return done('Nothing was signed in', `The code for ${app} is no longer good.`);
    }
    const user = accountOf(call, realm, attempt);
    realm.deviceCodes.approve(code.userCode, user, call.now);
    return done(
      'You are signed in',
      `${user.displayName} is signed in to ${app}. You may close this window.`,
    );
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    if (attempt.appId !== '') record(attempt, error);
    return form(call, realm, error);
  }
}

function form(call: LoginCall, realm: LoginRealm, error?: EntraError): LoginAnswer {
  const content = `<p>Enter the code that the other device shows.</p>
${errorNote(error)}
<form method="post" action="${escaped(call.path)}">
<div class="field"><label class="label" for="user_code">Code</label>
<input class="code" type="text" id="user_code" name="user_code" value="${escaped(call.form.get('user_code') ?? '')}" maxlength="12" autocomplete="off" spellcheck="false" autofocus required></div>
${accountFields(call, realm)}
<div class="buttons"><button type="submit" name="action" value="cancel">Decline</button>
<button class="primary" type="submit" name="action" value="signIn">Sign in</button></div>
</form>`;
  return { status: 200, headers: pageHeaders(), body: page('Sign in on another device', content) };
}

const done = (title: string, text: string): LoginAnswer => ({
  status: 200,
  headers: pageHeaders(),
  body: page(title, `<p>${escaped(text)}</p>`),
});
