import type { Directory } from '../directory.ts';
import { Coverage } from '../policies/coverage.ts';
import { Policies, type PolicyOptions } from '../policies/policies.ts';
import { usualPolicies } from '../policies/usual-policies.ts';
import { Random } from '../random.ts';
import type { World } from '../world.ts';
import { castEntries } from './cast-entries.ts';
import { castSessions } from './cast-sessions.ts';
import type { SignInOptions } from './options.ts';
import { SessionRules } from './session-rules.ts';
import { Sessions } from './sessions.ts';
import { completeEntry, logTime, type SignInDraft, type SignInEntry } from './sign-in-entry.ts';
import { SignInLog } from './sign-in-log.ts';

const atOnce = { from: 0, to: 0 };

/** When and whether an entry appears; drawn from the options where it is left out. */
export interface Appearance {
  /** How long after it happened. */
  lateMs?: number;
  twice?: boolean;
}

/** Everything about people who sign in: the log, the sessions behind it, and the policies that bind them. */
export class SignInDesk {
  readonly log: SignInLog;
  readonly policies: Policies;
  readonly sessions: Sessions;
  readonly premium: boolean;
  readonly mostAlternatives: number;
  readonly #directory: Directory;
  readonly #random: Random;
  readonly #tenantId: string;
  readonly #now: () => number;

  constructor(
    seed: number,
    world: World,
    directory: Directory,
    now: () => number,
    options: SignInOptions = {},
    policies: PolicyOptions = usualPolicies(world),
  ) {
    this.#directory = directory;
    this.#random = new Random(seed, 'sign-in entries');
    this.#tenantId = world.tenantId;
    this.#now = now;
    this.premium = options.premium ?? true;
    this.mostAlternatives = options.mostAlternatives ?? 15;
    const { lateMs = atOnce, duplicates = 0, cast = true } = options;
    this.log = new SignInLog(seed, { lateMs, duplicates });
    this.policies = new Policies(new Random(seed, 'policies'), logTime(now() - 90 * 86_400_000));
    this.policies.set(policies);
    const startedAt = now();
    const coverage = new Coverage(directory);
    this.sessions = new Sessions({
      seed,
      rules: new SessionRules(this.policies, coverage, options.continuousAccessInExchangeOnly ?? false),
      findUser: idOrName => directory.user(idOrName),
      write: draft => void this.add(draft),
      now,
      enforcementMs: options.enforcementMs ?? atOnce,
      cast: () => (cast ? castSessions(world, seed, startedAt) : new Map()),
    });
    if (cast) for (const draft of castEntries(startedAt)) this.add(draft);
  }

  /** Puts an entry down; what it leaves out is that of a usual sign-in of this moment. */
  add(draft: SignInDraft, { lateMs, twice }: Appearance = {}): SignInEntry {
    const user = this.#directory.user(draft.userId);
    const entry = completeEntry(draft, user, this.#random, this.#tenantId, this.#now());
    this.log.add(entry, lateMs, twice);
    return entry;
  }

  setPolicies(policies: PolicyOptions): void {
    this.sessions.live();
    this.policies.set(policies);
  }
}
