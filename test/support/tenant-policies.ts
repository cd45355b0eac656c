import type { ConditionalAccessPolicy, PolicyUsers } from '../../src/graph/conditional-access.ts';
import type { TokenLifetimePolicy } from '../../src/graph/lifetime-policies.ts';
import type { CoveredUser } from '../../src/operations/policy-coverage.ts';
import type { TenantPolicies } from '../../src/operations/tenant-policies.ts';

/** A tenant that has none, and lets everybody read that. */
export const noPolicies: TenantPolicies = {
  conditionalAccess: [],
  tokenLifetimes: [],
  idleTimeouts: [],
  securityDefaults: false,
  warnings: [],
  notSignedIn: null,
};

export const nobody: PolicyUsers = { users: [], groups: [], roles: [], guestKinds: [] };

/** An enabled policy for everybody and every app that does nothing. */
export const accessPolicy = (more: Partial<ConditionalAccessPolicy> = {}): ConditionalAccessPolicy => ({
  id: 'f0a1b2c3-0000-4000-8000-000000000001',
  name: 'Policy',
  state: 'Enabled',
  include: { ...nobody, users: ['all'] },
  exclude: nobody,
  apps: { include: ['all'], exclude: [], otherwise: false },
  clientAppTypes: ['all'],
  conditions: [],
  frequency: null,
  persistentBrowser: null,
  continuousAccess: null,
  ...more,
});

export const tokenPolicy = (more: Partial<TokenLifetimePolicy> = {}): TokenLifetimePolicy => ({
  id: 'f0a1b2c3-0000-4000-8000-000000000002',
  name: 'Tokens',
  organizationDefault: false,
  accessTokenMs: 8 * 3_600_000,
  appIds: [],
  ...more,
});

/** A member without groups and roles. */
export const someone: CoveredUser = {
  id: '87d349ed-44d7-43e1-9a83-5f2406dee5bd',
  external: false,
  guest: false,
  memberships: { groups: new Set(), roles: new Set() },
};
