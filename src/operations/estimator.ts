import type { TokenClaims } from '../auth/access-token.ts';
import type { SignInEntry } from '../graph/sign-in-entry.ts';
import type { CloudName } from '../protocol/tenant.ts';
import { type Estimate, estimate, estimateUnseen, type SessionOwner } from './access-estimate.ts';
import { type ClientSession, clientSessions } from './client-sessions.ts';
import type { CoveredUser } from './policy-coverage.ts';
import { notPermitted } from './preflight.ts';
import type { TenantReads } from './reading.ts';
import { type NamedUser, notSignedIn } from './resolve-users.ts';
import { sessionRules, worstTokenLife } from './session-rules.ts';
import { readRules, type TenantPolicies, unreadablePolicies } from './tenant-policies.ts';

/** A session, or null for somebody of whose sessions nothing is known, and until when it lasts. */
export interface EstimatedSession {
  session: ClientSession | null;
  estimate: Estimate;
}

/** When it is asked, since when the log was read, and the sentence for somebody of whom it shows nothing. */
export interface EstimateQuestion {
  since: number;
  now: number;
  unseen: string;
}

/** Knows the rules of a tenant, and says by them until when sessions last. */
export class Estimator {
  readonly #reads: TenantReads;
  readonly #policies: TenantPolicies;
  readonly #cloud: CloudName | null;

  private constructor(reads: TenantReads, policies: TenantPolicies, cloud: CloudName | null) {
    this.#reads = reads;
    this.#policies = policies;
    this.#cloud = cloud;
  }

  /**
   * Reads the policies, where that is permitted.
   * @throws RequestError NotSignedIn
   */
  static async open(reads: TenantReads, caller: TokenClaims, cloud: CloudName | null): Promise<Estimator> {
    const missing = notPermitted('ReadPolicies', caller);
    const policies = missing === null ? await readRules(reads.policies) : unreadablePolicies(missing);
    if (policies.notSignedIn !== null) throw notSignedIn(policies.notSignedIn);
    return new Estimator(reads, policies, cloud);
  }

  get warnings(): string[] {
    return this.#policies.warnings;
  }

  /** Every session that the entries of a user show; one without a session when they show none. */
  async of(
    named: NamedUser,
    entries: readonly SignInEntry[],
    { since, now, unseen }: EstimateQuestion,
  ): Promise<EstimatedSession[]> {
    const owner = ownerOf(named);
    const sessions = clientSessions(entries, since, now);
    if (sessions.length === 0) {
      const life = worstTokenLife(this.#policies);
      return [{ session: null, estimate: estimateUnseen(owner, life, now, unseen) }];
    }
    const covered = await coveredUser(named, this.#policies, this.#reads);
    return sessions.map(session => {
      const { appId } = session.last;
      const rules = sessionRules(this.#policies, covered, { ...session, appId }, this.#cloud);
      return { session, estimate: estimate(session, owner, rules, now) };
    });
  }
}

const ownerOf = ({ external, user }: NamedUser): SessionOwner => ({
  external,
  disabled: user?.accountEnabled === false,
  validFrom: user?.sessionsValidFrom ?? null,
});

/** Memberships are read only where a policy asks for them. */
export async function coveredUser(
  { id, external, user }: NamedUser,
  { conditionalAccess }: TenantPolicies,
  reads: Pick<TenantReads, 'memberships'>,
): Promise<CoveredUser> {
  const asked = (conditionalAccess ?? []).some(({ include, exclude }) =>
    [include, exclude].some(side => side.groups.length > 0 || side.roles.length > 0),
  );
  const guest = user?.userType == null ? null : user.userType.toLowerCase() === 'guest';
  return { id, external, guest, memberships: asked ? await reads.memberships(id) : null };
}
