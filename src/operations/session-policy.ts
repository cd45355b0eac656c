import type { PolicyShowResult } from '../protocol/policy.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { Look } from './list-sessions.ts';

/** Stub until the engine has it. */
export async function showPolicies(
  look: Look & { users: readonly UserReference[] },
): Promise<PolicyShowResult> {
  void look;
  return { policies: [], unresolved: [], warnings: ['This engine reads no policies yet.'] };
}
