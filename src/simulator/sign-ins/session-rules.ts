import type { ConditionalAccessPolicy, SignInFrequency } from '../policies/conditional-access-policy.ts';
import type { Circumstances, Coverage } from '../policies/coverage.ts';
import type { Policies } from '../policies/policies.ts';
import type { Random } from '../random.ts';
import { type SignInApp, type SignInResource, signInResources } from './apps.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long a session without a use stays good: of a refresh token, and of a cookie that is not persistent (graph-facts 5.3). */
export const refreshTokenIdleMs = 90 * dayMs;
export const cookieIdleMs = 24 * hourMs;
/** From the sign-in on; using it does not extend it (graph-facts 5.3). */
export const spaMs = 24 * hourMs;
/** Resources learn of a revocation within this (graph-facts 5.1). */
export const longestPropagationMs = 15 * minuteMs;
/** "Every time" in practice (graph-facts 6). */
const everyTimeMs = 5 * minuteMs;

/** What becomes of a token under the policies of this moment. */
export interface TokenTerms {
  readonly continuousAccess: boolean;
  readonly lifetimeMs: number;
}

/** The rules by which tokens are issued (graph-facts 5.1, 5.3 and 6). */
export class SessionRules {
  readonly #policies: Policies;
  readonly #coverage: Coverage;
  readonly #exchangeOnly: boolean;

  /** `exchangeOnly`: as in US Government clouds, where only Exchange ends tokens in near real time. */
  constructor(policies: Policies, coverage: Coverage, exchangeOnly: boolean) {
    this.#policies = policies;
    this.#coverage = coverage;
    this.#exchangeOnly = exchangeOnly;
  }

  /** The policies that bind a sign-in, and those that would if they were not report-only. */
  applied(now: Circumstances): { enforced: ConditionalAccessPolicy[]; reported: ConditionalAccessPolicy[] } {
    const covering = this.#policies.conditionalAccess.filter(
      policy => policy.state !== 'disabled' && this.#coverage.covers(policy, now),
    );
    return {
      enforced: covering.filter(policy => policy.state === 'enabled'),
      reported: covering.filter(policy => policy.state !== 'enabled'),
    };
  }

  terms(
    app: Pick<SignInApp, 'microsoft365'> & { continuousAccess: boolean },
    resource: SignInResource,
    now: Circumstances,
    frequencyLeftMs: number,
    random: Random,
  ): TokenTerms {
    const usualMs = (60 + 30 * random.next()) * minuteMs;
    const longMs = (20 + 8 * random.next()) * hourMs;
    if (this.#continuous(app.continuousAccess, resource, now)) {
      // A sign-in frequency is kept with and without continuous access (Microsoft, "Continuous access evaluation").
      return { continuousAccess: true, lifetimeMs: Math.min(longMs, Math.max(frequencyLeftMs, usualMs)) };
    }
    return { continuousAccess: false, lifetimeMs: this.#plainMs(app.microsoft365, resource.id) ?? usualMs };
  }

  /** A default of the organisation beats what was put on the resource (graph-facts 6). */
  #plainMs(microsoft365: boolean, resourceId: string): number | undefined {
    const { tokenLifetimes, conditionalAccess } = this.#policies;
    const policy =
      tokenLifetimes.find(one => one.isOrganizationDefault) ??
      tokenLifetimes.find(one => one.appIds.includes(resourceId));
    if (policy) return policy.accessTokenSeconds * 1000;
    const used = conditionalAccess.some(one => one.state === 'enabled');
    return microsoft365 && !used ? 2 * hourMs : undefined;
  }

  #continuous(capable: boolean, resource: SignInResource, now: Circumstances): boolean {
    if (!capable || !resource.continuousAccess || now.user.external) return false;
    if (this.#exchangeOnly && resource.id !== signInResources.exchange.id) return false;
    return !this.applied(now).enforced.some(
      policy => policy.sessionControls?.continuousAccessEvaluation?.mode === 'disabled',
    );
  }

  /** How long after a sign-in the next one is due, the shortest of all; Infinity when never. */
  frequencyMs(now: Circumstances): number {
    const controls = this.applied(now).enforced.map(policy => policy.sessionControls?.signInFrequency);
    return Math.min(Infinity, ...controls.filter(one => one?.isEnabled === true).map(one => lengthOf(one)));
  }

  /** How long a browser's cookie stays good without a use; `kept` is what the person chose. */
  cookieIdleMs(now: Circumstances, kept: boolean): number {
    const modes = this.applied(now).enforced.flatMap(policy => {
      const control = policy.sessionControls?.persistentBrowser;
      return control?.isEnabled ? [control.mode] : [];
    });
    const persistent = modes.includes('never') ? false : kept || modes.includes('always');
    return persistent ? refreshTokenIdleMs : cookieIdleMs;
  }
}

function lengthOf(frequency: SignInFrequency | null | undefined): number {
  if (!frequency) return Infinity;
  if (frequency.frequencyInterval === 'everyTime') return everyTimeMs;
  return (frequency.value ?? Infinity) * (frequency.type === 'days' ? dayMs : hourMs);
}
