import type { PolicyShowParams, PolicyShowResult } from '../protocol/policy.ts';
import { RequestError } from '../protocol/errors.ts';
import { coveredUser } from './estimator.ts';
import type { Concerned } from './access-policy-rows.ts';
import { policyRows } from './policy-rows.ts';
import { notPermitted } from './preflight.ts';
import { openReads, type Reading } from './reading.ts';
import { notSignedIn, resolveUsers } from './resolve-users.ts';
import { readAllPolicies } from './tenant-policies.ts';

/**
 * Says what the tenant does to the length of sessions, and whether it covers the users asked for. What can't be read is
 * told among the warnings.
 * @throws RequestError NotSignedIn; NotAllowed when nothing at all can be read
 */
export async function showSessionPolicy(
  { users: references }: Pick<PolicyShowParams, 'users'>,
  reading: Reading,
): Promise<PolicyShowResult> {
  const { claims, info } = reading.connection;
  const missing = notPermitted('ReadPolicies', claims);
  if (missing !== null) throw new RequestError('NotAllowed', missing);
  const reads = openReads(reading);
  try {
    const [{ users, unresolved }, policies] = await Promise.all([
      resolveUsers(references ?? [], reads.directory, reading.signal),
      readAllPolicies(reads.policies),
    ]);
    if (policies.notSignedIn !== null) throw notSignedIn(policies.notSignedIn);
    const concerned: Concerned[] = await Promise.all(
      users.map(async named => ({ named, covered: await coveredUser(named, policies, reads) })),
    );
    const rows = policyRows(policies, references ? concerned : null);
    return {
      policies: rows.map(row => ({ tenantId: info.tenantId, ...row })),
      unresolved,
      warnings: policies.warnings,
    };
  } finally {
    reads.close();
  }
}
