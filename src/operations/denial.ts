import type { TokenClaims } from '../auth/access-token.ts';
import { isSuccess } from '../graph/answer.ts';
import { userPath } from '../graph/directory.ts';
import type { Lane } from '../graph/lane.ts';
import type { Prover } from './proof.ts';
import { type Role, rolesThatMayRevoke } from '../graph/roles.ts';

/**
 * Explains Graph's 403 for one user: the role that this kind of target asks of a signed-in person. The target's roles
 * are read when the token allows it. That the permission is there was looked at before the first call.
 */
export async function explainDenial(
  caller: TokenClaims,
  userId: string,
  reads: Lane,
  prover: Pick<Prover, 'clock' | 'deadlines'>,
): Promise<string> {
  if (caller.authType === 'AppOnly') {
    return `Graph denied it although the app has the permission. The user may be in a restricted management administrative unit: give the app's service principal a role that reaches it.`;
  }
  // An explanation is worth some seconds, not the wait for a throttled read.
  const end = prover.clock.now() + 10_000;
  const held = await prover.deadlines.within({ end }, rolesOf(userId, reads));
  if (held === null) {
    return `Your role does not reach this user. ${ladder} ${activate}`;
  }
  const needed = rolesThatMayRevoke(held);
  const missing = needed.filter(r => !caller.roleTemplates.includes(r.template));
  if (held.length > 0) {
    return `This user holds ${listOf(held, 'and')}. It takes the role ${oneOf(needed)} to revoke them. ${activate}`;
  }
  if (missing.length === needed.length) {
    return `It takes the role ${oneOf(needed)} to revoke a user without roles. ${activate}`;
  }
  return `Your role should reach this user, yet Graph denied it: the user may belong to a role-assignable group or a restricted management administrative unit, which takes ${oneOf(rolesThatMayRevoke(['-']))}.`;
}

const activate =
  'Activate or ask for the role (in Privileged Identity Management if you are only eligible), sign in again, then run the same command.';
const ladder =
  'Users without roles take Helpdesk Administrator, holders of limited admin roles User Administrator, all other admins Privileged Authentication Administrator.';

async function rolesOf(userId: string, reads: Lane): Promise<string[] | null> {
  const path = `${userPath(userId)}/transitiveMemberOf/microsoft.graph.directoryRole?$select=displayName,roleTemplateId`;
  const reply = await reads.send({ method: 'GET', path });
  if (reply.kind !== 'answer' || !isSuccess(reply)) return null;
  const value = (reply.body as { value?: unknown } | null | undefined)?.value;
  if (!Array.isArray(value)) return null;
  const names = value.map(v => (v as { displayName?: unknown } | null)?.displayName);
  // Without the permission to read roles Graph returns them without names (graph-facts 4.2).
  return names.every(n => typeof n === 'string') ? names : null;
}

const oneOf = (roles: readonly Role[]): string =>
  listOf(
    roles.map(r => r.name),
    'or',
  );

function listOf(words: readonly string[], conjunction: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
