import type { TokenClaims } from '../auth/access-token.ts';
import type { ListFailure } from '../graph/pages.ts';
import { notSignedIn } from './resolve-users.ts';

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
