import type { SimulatedUser } from '../objects.ts';
import type { RegisteredApp } from './app-registration.ts';
import type { LoginRealm } from './login-call.ts';
import { refusals } from './refusals.ts';
import type { RequestedScopes } from './requested-scopes.ts';

/** Throws what keeps this user from getting a token with this app, although everything was typed right. */
export function admitUser(user: SimulatedUser, app: RegisteredApp, realm: LoginRealm): void {
  const names = [user.id, user.userPrincipalName, app.appId];
  if (!user.accountEnabled) throw refusals.accountDisabled();
  if (app.assignedUsers && !contains(app.assignedUsers, [user.userPrincipalName]))
    throw refusals.notAssigned(app, user.userPrincipalName);
  if (contains(realm.conditionalAccess.block, names)) throw refusals.blocked();
  if (contains(realm.conditionalAccess.mfa, names)) throw refusals.mfaRequired();
}

/** The same for an app that acts by itself: no second factor can be asked of it. */
export function admitApp(app: RegisteredApp, realm: LoginRealm): void {
  if (contains(realm.conditionalAccess.block, [app.appId])) throw refusals.blocked();
}

/** Throws when something is asked for that nobody agreed to. */
export function checkConsent(app: RegisteredApp, scopes: RequestedScopes): void {
  const beyond = scopes.names.some(name => !contains(app.permissions, [name]));
  if (!app.consented || beyond) throw refusals.notConsented(app);
}

function contains(list: readonly string[] | undefined, names: readonly string[]): boolean {
  const lowered = names.map(name => name.toLowerCase());
  return list?.some(entry => lowered.includes(entry.toLowerCase())) ?? false;
}
