import { Random } from './random.ts';

/** Who did something, as an entry of the log names them: a person or an app, the other is null. */
export type AuditInitiator =
  | { user: { id: string; userPrincipalName: string | null }; app?: undefined }
  | { app: { servicePrincipalId: string; displayName: string | null }; user?: undefined };

/** An entry of the directory's audit log under Graph's names (graph-facts 1.8). */
export interface DirectoryAudit {
  readonly id: string;
  readonly category: string;
  readonly correlationId: string;
  readonly result: string;
  readonly resultReason: string;
  readonly activityDisplayName: string;
  readonly activityDateTime: string;
  readonly loggedByService: string;
  readonly operationType: string;
  readonly initiatedBy: { readonly user: object | null; readonly app: object | null };
  readonly targetResources: readonly object[];
  readonly additionalDetails: readonly object[];
}

export interface AuditLogOptions {
  /** How long an entry takes to appear. */
  lagMs: number;
  /** How many of the entries appear twice, 0 to 1. */
  duplicates: number;
}

/** A revocation that had an effect, as the log is told of it. */
export interface AuditedRevocation {
  user: { id: string; userPrincipalName: string };
  by: AuditInitiator;
  /** The time that sessions were valid from before, and from now on. */
  before: string;
  after: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Remembers what was done to the directory, and shows it some time later. */
export class AuditLog {
  readonly #options: AuditLogOptions;
  readonly #random: Random;
  readonly #chance: Random;
  /** In the order in which it happened. */
  readonly #entries: { visibleFrom: number; entry: DirectoryAudit }[] = [];

  constructor(seed: number, options: AuditLogOptions) {
    this.#options = options;
    this.#random = new Random(seed, 'audit log');
    this.#chance = new Random(seed, 'audit log duplicates');
  }

  add(revocation: AuditedRevocation): void {
    const entry = this.#entryOf(revocation);
    const visible = { visibleFrom: revocation.at + this.#options.lagMs, entry };
    this.#entries.push(visible);
    if (this.#chance.next() < this.#options.duplicates) this.#entries.push(visible);
  }

  /** What a reader sees at `now`, the latest first. */
  seenAt(now: number): DirectoryAudit[] {
    return this.#entries
      .filter(({ visibleFrom }) => visibleFrom <= now)
      .map(({ entry }) => entry)
      .reverse();
  }

  /** An id that nobody has, for an app that is no user of this tenant. */
  strangerId(): string {
    return this.#random.guid();
  }

  #entryOf({ user, by, before, after, at }: AuditedRevocation): DirectoryAudit {
    return {
      id: `Directory_${this.#random.guid().replaceAll('-', '_').toUpperCase()}_${this.#random.below(1e8)}`,
      category: 'UserManagement',
      correlationId: this.#random.guid(),
      result: 'success',
      resultReason: '',
      activityDisplayName: 'Update StsRefreshTokenValidFrom Timestamp',
      activityDateTime: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
      loggedByService: 'Core Directory',
      operationType: 'Update',
      initiatedBy: initiatedBy(by),
      targetResources: [
        {
          id: user.id,
          displayName: null,
          type: 'User',
          userPrincipalName: user.userPrincipalName,
          groupType: null,
          modifiedProperties: [
            {
              displayName: 'StsRefreshTokensValidFrom',
              oldValue: JSON.stringify([before]),
              newValue: JSON.stringify([after]),
            },
            {
              displayName: 'Included Updated Properties',
              oldValue: null,
              newValue: '"StsRefreshTokensValidFrom"',
            },
          ],
        },
      ],
      additionalDetails: [],
    };
  }
}

/** The app's own id stays empty, as in the filled instance of graph-facts 1.8. */
function initiatedBy({ user, app }: AuditInitiator): DirectoryAudit['initiatedBy'] {
  if (app) return { user: null, app: { appId: null, ...app, servicePrincipalName: null } };
  return {
    user: { id: user.id, displayName: null, userPrincipalName: user.userPrincipalName, ipAddress: '' },
    app: null,
  };
}
