import type { TokenClaims } from '../auth/access-token.ts';
import type { Exclusions } from './exclusions.ts';
import { type RowContext, type Settlement, type Subject, tenantLabel } from './row.ts';

export interface GuardOptions {
  maxUsers: number | undefined;
  exclusions: Exclusions;
  /** Asks a person; false where nobody can answer. */
  confirm: (question: string) => Promise<boolean>;
  /** Called when a person said no, or nobody could be asked. */
  onRefused: () => void;
}

/** What keeps a tired person from signing out the tenant, the break-glass account or themselves. */
export class Guards {
  readonly #row: RowContext;
  readonly #caller: TokenClaims;
  readonly #options: GuardOptions;
  readonly #exclusions: Exclusions;
  #admitted = 0;
  #passed = 0;
  #permission: Promise<boolean> | null = null;

  constructor(row: RowContext, caller: TokenClaims, options: GuardOptions) {
    this.#row = row;
    this.#caller = caller;
    this.#options = options;
    this.#exclusions = options.exclusions;
  }

  /** True for the caller's own account, also when only its name is known. */
  isSelf({ id, hints, reference }: Subject): boolean {
    const { objectId, account } = this.#caller;
    if (id !== null) return id === objectId;
    const names = [hints.userPrincipalName, reference].map(name => name?.toLowerCase());
    return account !== null && names.includes(account.toLowerCase());
  }

  /** How a user ends whom an exclusion protects; null for everybody else. */
  excluded(subject: Subject): Settlement | null {
    if (this.#exclusions.size === 0) return null;
    if (subject.id === null) {
      const detail = `Not sent: whether an exclusion protects this user can't be told without the permission User.Read.All. Name the user by object id.`;
      return { outcome: 'Failed', detail };
    }
    const reason = this.#exclusions.get(subject.id);
    return reason === undefined ? null : { outcome: 'Excluded', detail: reason };
  }

  /** How many were let through. */
  get passed(): number {
    return this.#passed;
  }

  /** Lets one more user pass, or asks whether this many are meant. */
  admit(): true | Promise<boolean> {
    this.#admitted += 1;
    const allowed = this.#allows(this.#admitted, `At least ${this.#admitted}`);
    if (allowed !== true) return allowed.then(yes => yes && this.#pass());
    return this.#pass();
  }

  #pass(): true {
    this.#passed += 1;
    return true;
  }

  /** Asks before the first call when it is known how many will come. */
  async expect(users: number): Promise<boolean> {
    return this.#allows(users, String(users));
  }

  #allows(users: number, howMany: string): true | Promise<boolean> {
    const { maxUsers } = this.#options;
    if (maxUsers === undefined || users <= maxUsers) return true;
    this.#permission ??= this.#ask(howMany, maxUsers);
    return this.#permission;
  }

  async #ask(howMany: string, maxUsers: number): Promise<boolean> {
    const question = `${howMany} users of ${tenantLabel(this.#row)} would be signed out; up to ${maxUsers} go without a question. Go on?`;
    const yes = await this.#options.confirm(question);
    if (!yes) this.#options.onRefused();
    return yes;
  }
}
