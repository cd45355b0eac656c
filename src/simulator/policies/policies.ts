import type { Random } from '../random.ts';
import {
  type ConditionalAccessDraft,
  type ConditionalAccessPolicy,
  completePolicy,
} from './conditional-access-policy.ts';
import {
  completeLifetime,
  completeTimeout,
  type IdleTimeout,
  type IdleTimeoutDraft,
  type TokenLifetime,
  type TokenLifetimeDraft,
} from './lifetime-policies.ts';

/** What the tenant is to have of policies; what is left out there is none of. */
export interface PolicyOptions {
  conditionalAccess?: readonly ConditionalAccessDraft[];
  tokenLifetimes?: readonly TokenLifetimeDraft[];
  idleTimeouts?: readonly IdleTimeoutDraft[];
  securityDefaults?: boolean;
}

/** Everything in a tenant that makes sessions longer or shorter. */
export class Policies {
  readonly #random: Random;
  readonly #createdDateTime: string;
  #conditionalAccess: readonly ConditionalAccessPolicy[] = [];
  #tokenLifetimes: readonly TokenLifetime[] = [];
  #idleTimeouts: readonly IdleTimeout[] = [];
  #securityDefaults = false;

  constructor(random: Random, createdDateTime: string) {
    this.#random = random;
    this.#createdDateTime = createdDateTime;
  }

  get conditionalAccess(): readonly ConditionalAccessPolicy[] {
    return this.#conditionalAccess;
  }

  get tokenLifetimes(): readonly TokenLifetime[] {
    return this.#tokenLifetimes;
  }

  get idleTimeouts(): readonly IdleTimeout[] {
    return this.#idleTimeouts;
  }

  get securityDefaults(): boolean {
    return this.#securityDefaults;
  }

  /** Puts these in the place of all that there were. */
  set(options: PolicyOptions): void {
    const id = (draft: { id?: string }): string => draft.id ?? this.#random.guid();
    this.#conditionalAccess = (options.conditionalAccess ?? []).map(draft =>
      completePolicy(draft, id(draft), this.#createdDateTime),
    );
    this.#tokenLifetimes = (options.tokenLifetimes ?? []).map(draft => completeLifetime(draft, id(draft)));
    this.#idleTimeouts = (options.idleTimeouts ?? []).map(draft => completeTimeout(draft, id(draft)));
    this.#securityDefaults = options.securityDefaults ?? false;
  }
}
