import type { ConditionalAccessPolicy } from '../graph/conditional-access.ts';
import type { IdleTimeoutPolicy, TokenLifetimePolicy } from '../graph/lifetime-policies.ts';
import type { Policies, PolicyRead } from '../graph/policies.ts';

/** The policies of a tenant that bear on sessions; each null where it could not be read. */
export interface TenantPolicies {
  conditionalAccess: ConditionalAccessPolicy[] | null;
  tokenLifetimes: TokenLifetimePolicy[] | null;
  idleTimeouts: IdleTimeoutPolicy[] | null;
  securityDefaults: boolean | null;
  /** What could not be read, and what that leaves open; a sentence each. */
  warnings: string[];
  /** Graph refuses the token; the sentence says why. */
  notSignedIn: string | null;
}

/** Nothing could be read, and everybody who asks is told why. */
export const unreadablePolicies = (why: string): TenantPolicies => ({
  conditionalAccess: null,
  tokenLifetimes: null,
  idleTimeouts: null,
  securityDefaults: null,
  warnings: [why],
  notSignedIn: null,
});

/** Reads what estimates need: Conditional Access and token lifetimes. */
export async function readRules(policies: Policies): Promise<TenantPolicies> {
  const [access, lifetimes] = await Promise.all([policies.conditionalAccess(), policies.tokenLifetimes()]);
  const problems = problemsOf([
    [access, 'Conditional Access can not be read', 'estimates take nothing shorter by it'],
    [lifetimes, 'Token lifetime policies can not be read', 'an access token may live up to 24 h'],
  ]);
  if (valueOf(lifetimes)?.some(policy => policy.appIds === null && !policy.organizationDefault))
    problems.warnings.push(
      'Which apps the token lifetime policies are for can not be read (it takes Application.Read.All), so estimates take them to be for every app.',
    );
  return {
    conditionalAccess: valueOf(access),
    tokenLifetimes: valueOf(lifetimes),
    idleTimeouts: null,
    securityDefaults: null,
    ...problems,
  };
}

/** Reads all of them. */
export async function readAllPolicies(policies: Policies): Promise<TenantPolicies> {
  const [rules, idle, defaults] = await Promise.all([
    readRules(policies),
    policies.idleTimeouts(),
    policies.securityDefaults(),
  ]);
  const { warnings, notSignedIn } = problemsOf([
    [idle, 'Idle timeouts can not be read', 'they are left out'],
    [defaults, 'Security defaults can not be read', 'they are left out'],
  ]);
  return {
    ...rules,
    idleTimeouts: valueOf(idle),
    securityDefaults: valueOf(defaults),
    warnings: [...rules.warnings, ...warnings],
    notSignedIn: rules.notSignedIn ?? notSignedIn,
  };
}

const valueOf = <T>(read: PolicyRead<T>): T | null => (read.kind === 'read' ? read.value : null);

function problemsOf(
  reads: [read: PolicyRead<unknown>, what: string, so: string][],
): Pick<TenantPolicies, 'warnings' | 'notSignedIn'> {
  const warnings: string[] = [];
  let notSignedIn: string | null = null;
  for (const [read, what, so] of reads) {
    if (read.kind === 'read') continue;
    warnings.push(`${what} (${read.why}), so ${so}.`);
    if (read.status === 401) notSignedIn = read.why;
  }
  return { warnings, notSignedIn };
}
