import { isSuccess } from './answer.ts';
import { type ConditionalAccessPolicy, conditionalAccessOf } from './conditional-access.ts';
import type { GraphEndpoint } from './endpoint.ts';
import { describeError } from './graph-error.ts';
import { field, textOf } from './json-fields.ts';
import type { Lane } from './lane.ts';
import {
  type IdleTimeoutPolicy,
  idleTimeoutOf,
  type TokenLifetimePolicy,
  tokenLifetimeOf,
} from './lifetime-policies.ts';
import { ListFailure, readList } from './pages.ts';

/** What was read, or why it could not be. */
export type PolicyRead<T> =
  { kind: 'read'; value: T } | { kind: 'unreadable'; status: number | null; why: string };

export interface PolicyLanes {
  /** Version 1.0. */
  reads: Lane;
  endpoint: GraphEndpoint;
  /** Version beta, which alone tells what a policy does to continuous access evaluation. */
  conditionalAccess: Lane;
  betaEndpoint: GraphEndpoint;
}

/** Reads the policies that make sessions longer or shorter. All of it takes Policy.Read.All (graph-facts 6). */
export class Policies {
  readonly #lanes: PolicyLanes;
  readonly #signal: AbortSignal | undefined;

  constructor(lanes: PolicyLanes, signal?: AbortSignal) {
    this.#lanes = lanes;
    this.#signal = signal;
  }

  async conditionalAccess(): Promise<PolicyRead<ConditionalAccessPolicy[]>> {
    const { conditionalAccess, betaEndpoint } = this.#lanes;
    // Without the header Graph hides the values that came later, as strictLocation.
    const headers = { Prefer: 'include-unknown-enum-members' };
    const path = '/identity/conditionalAccess/policies';
    return readAll(() =>
      readList(conditionalAccess, betaEndpoint, path, {
        keep: conditionalAccessOf,
        headers,
        signal: this.#signal,
      }),
    );
  }

  /** With their apps, except where those can't be read. */
  async tokenLifetimes(): Promise<PolicyRead<TokenLifetimePolicy[]>> {
    const found = await this.#list('/policies/tokenLifetimePolicies', tokenLifetimeOf);
    if (found.kind !== 'read') return found;
    const value = await Promise.all(
      found.value.map(async policy =>
        policy.organizationDefault ? policy : { ...policy, appIds: await this.#appsOf(policy.id) },
      ),
    );
    return { kind: 'read', value };
  }

  idleTimeouts(): Promise<PolicyRead<IdleTimeoutPolicy[]>> {
    return this.#list('/policies/activityBasedTimeoutPolicies', idleTimeoutOf);
  }

  /** Whether security defaults are on. */
  async securityDefaults(): Promise<PolicyRead<boolean>> {
    const path = '/policies/identitySecurityDefaultsEnforcementPolicy';
    const reply = await this.#lanes.reads.send({ method: 'GET', path }, this.#signal);
    if (reply.kind === 'notSent') return { kind: 'unreadable', status: null, why: 'the run was stopped' };
    if (reply.kind === 'lost') return { kind: 'unreadable', status: null, why: reply.reason };
    const enabled = field(reply.body, 'isEnabled');
    if (isSuccess(reply) && typeof enabled === 'boolean') return { kind: 'read', value: enabled };
    return { kind: 'unreadable', status: reply.status, why: describeError(reply.status, reply.body) };
  }

  /** Null when it can't be told: reading applications takes a permission more. */
  async #appsOf(policyId: string): Promise<string[] | null> {
    const path = `/policies/tokenLifetimePolicies/${encodeURIComponent(policyId)}/appliesTo`;
    const keep = (raw: unknown) => ({ appId: textOf(field(raw, 'appId'))?.toLowerCase() });
    const found = await this.#list(path, keep);
    if (found.kind !== 'read') return null;
    const appIds = found.value.flatMap(({ appId }) => appId ?? []);
    return appIds.length === found.value.length ? appIds : null;
  }

  #list<T>(path: string, keep: (raw: unknown) => T | null): Promise<PolicyRead<T[]>> {
    const { reads, endpoint } = this.#lanes;
    return readAll(() => readList(reads, endpoint, path, { keep, signal: this.#signal }));
  }
}

/** What is no policy is left out. */
async function readAll<T>(read: () => Promise<(T | null)[]>): Promise<PolicyRead<T[]>> {
  try {
    return { kind: 'read', value: (await read()).filter(one => one !== null) };
  } catch (error) {
    if (!(error instanceof ListFailure)) throw error;
    return { kind: 'unreadable', status: error.status, why: error.message };
  }
}
