import type { TokenClaims } from '../auth/access-token.ts';
import { isPermitted, needsOf } from '../graph/permissions.ts';
import { rolesThatMayRevoke } from '../graph/roles.ts';
import type { Feature } from '../protocol/access.ts';
import { RequestError } from '../protocol/errors.ts';
import type { RunOptions } from '../protocol/messages.ts';

/** What a run is going to do, as far as permissions are concerned. */
export type Wanted = Pick<RunOptions, 'whatIf' | 'skipVerification' | 'excludeGroups'>;

/**
 * Looks at the token before the first write, and says what is missing for what was asked: as warnings, or as a refusal
 * where nothing at all could be done. A token that can't be read is Graph's to judge.
 * @throws RequestError NotAllowed
 */
export function preflight(caller: TokenClaims, wanted: Wanted): string[] {
  if (caller.authType === 'Unknown') return [];
  const warnings: string[] = [];
  if (!isPermitted('Revoke', caller.permissions)) {
    const missing = missingSentence('Revoke', caller);
    if (!wanted.whatIf) throw new RequestError('NotAllowed', missing);
    warnings.push(missing);
  }
  if (!wanted.whatIf && !wanted.skipVerification && !isPermitted('Prove', caller.permissions))
    warnings.push(missingSentence('Prove', caller));
  const role = missingRole(caller);
  if (role) warnings.push(role);
  return warnings;
}

/** Why a feature can't be asked for at all; null when it can, as far as the token tells. */
export const notPermitted = (feature: Feature, caller: TokenClaims): string | null =>
  caller.authType === 'Unknown' || isPermitted(feature, caller.permissions)
    ? null
    : missingSentence(feature, caller);

/** The permission that a feature lacks, why it is needed, and how to get it. */
export function missingSentence(feature: Feature, caller: TokenClaims): string {
  const { any, without } = needsOf(feature);
  return `${without}: the sign-in lacks the permission ${any[0]}. ${howToGet(caller)}`;
}

function howToGet(caller: TokenClaims): string {
  return caller.authType === 'AppOnly'
    ? 'Grant it to the app as application permission and consent to it; Test-UserSessionAccess (usersession whoami) shows how.'
    : 'Sign in again with it, as Connect-MgGraph -Scopes; Test-UserSessionAccess (usersession whoami) shows how.';
}

/** A person whose token shows no role that revokes anybody: eligible roles have to be activated first. */
export function missingRole(caller: TokenClaims): string | null {
  if (caller.authType !== 'Delegated' || caller.roleTemplates.length === 0) return null;
  const may = rolesThatMayRevoke([]);
  if (may.some(role => caller.roleTemplates.includes(role.template))) return null;
  return `Your sign-in shows no role that revokes other users. It takes one of: ${may.map(r => r.name).join(', ')}. Activate or ask for one (in Privileged Identity Management if you are only eligible), then sign in again.`;
}
