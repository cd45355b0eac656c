import type { SimulatedUser } from '../objects.ts';
import type { EntraError } from './entra-error.ts';
import { describe } from './entra-error.ts';
import type { LoginCall, LoginRealm } from './login-call.ts';
import { escaped } from './page.ts';
import { refusals } from './refusals.ts';
import type { Attempt } from './sign-in-record.ts';
import { wrongPassword } from './token-grants.ts';

/** The part of a form in which a person says who it is. */
export function accountFields(call: LoginCall, realm: LoginRealm): string {
  const typed = call.form.get('other') ?? call.query.get('login_hint') ?? '';
  const chosen = call.form.get('account');
  const accounts = [...realm.world.personas.values()].map((user, index) => {
    const checked =
      typed === '' && (chosen === null ? index === 0 : chosen === user.userPrincipalName) ? ' checked' : '';
    const roles = user.roles.map(role => `<small>${escaped(role)}</small>`).join('');
    return `<label class="account"><input type="radio" name="account" value="${escaped(user.userPrincipalName)}"${checked}>
<span>${escaped(user.displayName)}<small>${escaped(user.userPrincipalName)}</small>${roles}</span></label>`;
  });
  return `<fieldset><legend>Pick an account</legend>
${accounts.join('\n')}
</fieldset>
<div class="field"><label class="label" for="other">or enter another</label>
<input type="text" id="other" name="other" value="${escaped(typed)}" placeholder="somebody@${escaped(realm.world.domain)}" autocomplete="off" spellcheck="false"></div>
<div class="field"><label class="label" for="password">Password</label>
<input type="password" id="password" name="password" autocomplete="off">
<small>Anything will do, or nothing; only \u201c${escaped(wrongPassword)}\u201d is refused.</small></div>`;
}

/** Who the person said it is; throws what Entra would say on the page. */
export function accountOf(call: LoginCall, realm: LoginRealm, attempt: Attempt): SimulatedUser {
  const name = call.form.get('other')?.trim() || call.form.get('account') || '';
  const user = realm.directory.user(name);
  if (!user) throw refusals.noSuchUser(realm.world.domain);
  attempt.user = user;
  if (call.form.get('password') === wrongPassword) throw refusals.wrongPassword();
  return user;
}

export const errorNote = (error: EntraError | undefined): string =>
  error ? `<p class="error" role="alert">${escaped(describe(error))}</p>` : '';
