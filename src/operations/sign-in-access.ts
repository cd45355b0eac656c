import type { TokenClaims } from '../auth/access-token.ts';
import type { ListFailure } from '../graph/pages.ts';
import { isPermitted } from '../graph/permissions.ts';
import { missingSentence } from './preflight.ts';
import { notSignedIn } from './resolve-users.ts';

/** Why the sign-in log can't be asked for at all; null when it can, as far as the token tells. */
export const signInsNotPermitted = (caller: TokenClaims): string | null =>
  caller.authType === 'Unknown' || isPermitted('ReadSignIns', caller.permissions)
    ? null
    : missingSentence('ReadSignIns', caller);

/** Why policies can't be asked for at all; null when they can, as far as the token tells. */
export const policiesNotPermitted = (caller: TokenClaims): string | null =>
  caller.authType === 'Unknown' || isPermitted('ReadPolicies', caller.permissions)
    ? null
    : missingSentence('ReadPolicies', caller);

/**
 * What a refusal of the sign-in log means (graph-facts 5.4).
 * @throws RequestError NotSignedIn
 */
export function signInsUnreadable({ status, code, message }: ListFailure, caller: TokenClaims): string {
  if (status === 401) throw notSignedIn(message);
  if (code?.includes('NonPremiumTenant'))
    return 'The sign-in log can not be read: Graph shows it only to tenants with Entra ID P1 or P2, and this one has neither.';
  if (status !== 403) return `The sign-in log can not be read: ${message}.`;
  const role =
    caller.authType === 'Delegated'
      ? ' It takes the permission AuditLog.Read.All, and a role such as Reports Reader, Security Reader or Global Reader.'
      : ' It takes the permission AuditLog.Read.All.';
  return `The sign-in log can not be read: ${message}.${role}`;
}
