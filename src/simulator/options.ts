import type { Faults } from './faults.ts';
import type { AppRegistration, ConditionalAccess } from './login/app-registration.ts';
import type { DeviceCodeOptions } from './login/device-codes.ts';
import type { ReplicaOptions } from './replicas.ts';
import type { WriteQuotaOptions } from './throttle.ts';
import type { PolicyOptions } from './policies/policies.ts';
import type { SignInOptions } from './sign-ins/options.ts';

/** How a simulated tenant differs from the usual one. */
export interface SimulatedTenantOptions {
  /** Default 1. The same seed and size make the same tenant, down to the ids. */
  seed?: number;
  /** How many users there are, deleted ones apart. Default 300; the cast of about ninety is always there. */
  users?: number;
  /** Milliseconds since 1970; default the machine's clock. */
  now?: () => number;
  /** How the tenant waits; default a timer. */
  sleep?: (ms: number) => Promise<void>;
  /** Default 3,000 in 150 s as a bucket (graph-facts 3). */
  writeQuota?: WriteQuotaOptions;
  /** Default 8,000 in 10 s. */
  resourceUnits?: { limit: number; windowSeconds: number };
  /** Of the audit log and the sign-in log together, for each app. Default 5 in 10 s (graph-facts 3). */
  reportQuota?: { limit: number; windowSeconds: number };
  /** Of the policies of Conditional Access, for all apps together. Default 1 in 1 s, refused without Retry-After (graph-facts 3). */
  policyQuota?: { limit: number; windowSeconds: number };
  /** How long an entry of the audit log takes to appear. Default 0; in a real tenant minutes. */
  auditLagMs?: number;
  /** How many entries of the audit log appear twice, 0 to 1. Default 0. */
  auditDuplicates?: number;
  /** The Retry-After of throttled requests; computed from the quota when left out. */
  retryAfterSeconds?: number;
  /** How long an HTTP request takes, half of it before anything is done. Default 0. */
  latencyMs?: number;
  /** How much longer the fault `slow` takes. Default 1,500. */
  slowMs?: number;
  /** Default: one copy of the directory that knows at once. */
  replicas?: ReplicaOptions;
  /** How long before a revocation becomes visible anywhere. Default 0. */
  stampDelayMs?: number;
  /** The first page of each longer list is followed by one without values. Default false. */
  emptyPages?: boolean;
  faults?: Faults;
  /** Applications besides the two that are always there. */
  apps?: readonly AppRegistration[];
  /** Of tokens from the login endpoint. Default 3,900; a day for managed identities. */
  accessTokenLifetimeSeconds?: number;
  /** Of people; the sign-in log, and what is behind it. */
  signIns?: SignInOptions;
  /** Default those of `policies/usual-policies.ts`. */
  policies?: PolicyOptions;
  deviceCodes?: DeviceCodeOptions;
  /** Whom a policy keeps out, and with what. Default nobody. */
  conditionalAccess?: ConditionalAccess;
  /**
   * Refuses a client assertion whose `jti` was used before (50013). Default false: MSAL sends the same assertion of a
   * certificate for ten minutes, and Entra takes it.
   */
  singleUseAssertions?: boolean;
}
