import type { SignInEntry } from '../graph/sign-in-entry.ts';
import type { WatchedSignIn, WatchVerdict } from '../protocol/watch.ts';
import { harmless } from './harmless.ts';
import type { NamedUser } from './resolve-users.ts';
import { placeOf, shown } from './session-row.ts';
import { verdictOf } from './watch-verdict.ts';

/** Whoever refuses old sessions hears of a revocation within minutes (graph-facts 1.3); so long they are not "back". */
const enforcementMs = 5 * 60_000;

/** What somebody did before the revocation. */
interface Habits {
  sessions: Set<string>;
  addresses: Set<string>;
  countries: Set<string>;
  devices: Set<string>;
}

/** One user who is watched: tells new entries of the log from late and double ones, and what they mean. */
export class WatchedUser {
  readonly named: NamedUser;
  /** When the user was revoked, by Graph's clock; the beginning of the watch where that can't be read. */
  #revokedAt: number;
  readonly #known = new Set<string>();
  readonly #habits: Habits = {
    sessions: new Set(),
    addresses: new Set(),
    countries: new Set(),
    devices: new Set(),
  };
  /** The first look shows what was before; from then on whatever appears is told. */
  #looked = false;
  #cameBack = 0;
  #tried = 0;

  constructor(named: NamedUser, begin: number) {
    this.named = named;
    this.#revokedAt = named.user?.sessionsValidFrom ?? begin;
  }

  get revokedAt(): number {
    return this.#revokedAt;
  }

  /** What the directory says by now; only a later revocation counts. */
  setValidFrom(validFrom: number | null): void {
    if (validFrom !== null && validFrom > this.#revokedAt) this.#revokedAt = validFrom;
  }

  /** Takes what the log shows, however often it shows it; gives what is new, oldest first. */
  take(entries: readonly SignInEntry[]): WatchedSignIn[] {
    const fresh = entries.filter(({ id }) => !this.#known.has(id)).toSorted((a, b) => a.at - b.at);
    for (const { id } of fresh) this.#known.add(id);
    // The log tells whole seconds, so what happened in the second of the revocation counts as before it; if it lives on,
    // the next use of it shows.
    const before = fresh.filter(entry => entry.at <= this.#revokedAt);
    for (const entry of before) this.#remember(entry);
    const late = this.#looked ? before.map(entry => this.#told(entry, 'Late')) : [];
    this.#looked = true;
    const after = fresh
      .filter(entry => entry.at > this.#revokedAt)
      .map(entry => this.#told(entry, this.#meaning(entry)));
    this.#cameBack += after.filter(one => one.meaning === 'CameBack').length;
    this.#tried += after.filter(one => one.meaning === 'Tried').length;
    return [...late, ...after];
  }

  verdict(watchedUntil: number): WatchVerdict {
    return verdictOf({
      named: this.named,
      revokedAt: this.#revokedAt,
      cameBack: this.#cameBack,
      tried: this.#tried,
      watchedUntil,
    });
  }

  #remember({ errorCode, sessionId, ipAddress, country, device, deviceId }: SignInEntry): void {
    // What failed is nobody's habit: an attacker's guesses come from the attacker's place.
    if (errorCode !== 0) return;
    const { sessions, addresses, countries, devices } = this.#habits;
    if (sessionId !== null) sessions.add(sessionId);
    if (ipAddress !== null) addresses.add(ipAddress);
    if (country !== null) countries.add(country);
    for (const one of [deviceId, device]) if (one !== null) devices.add(one);
  }

  #meaning({ at, errorCode, sessionId }: SignInEntry): WatchedSignIn['meaning'] {
    if (errorCode !== 0) return 'Tried';
    const old = sessionId !== null && this.#habits.sessions.has(sessionId);
    return old && at <= this.#revokedAt + enforcementMs ? 'Enforcing' : 'CameBack';
  }

  #told(entry: SignInEntry, meaning: WatchedSignIn['meaning']): WatchedSignIn {
    const { sessions, addresses, countries, devices } = this.#habits;
    const { sessionId, ipAddress, country, device, deviceId } = entry;
    return {
      id: entry.id,
      userId: entry.userId,
      userPrincipalName: shown(this.named.userPrincipalName ?? entry.userPrincipalName),
      at: new Date(entry.at).toISOString(),
      meaning,
      succeeded: entry.errorCode === 0,
      failure:
        entry.errorCode === 0 ? null : harmless(`${entry.errorCode}: ${entry.failure ?? 'no reason given'}`),
      interactive: entry.interactive,
      appDisplayName: shown(entry.appName),
      resourceDisplayName: shown(entry.resourceName),
      clientApp: shown(entry.clientApp),
      legacyProtocol: isLegacy(entry.clientApp),
      multiFactor: entry.multiFactor,
      newSession: sessionId === null || !sessions.has(sessionId),
      ipAddress,
      place: placeOf(entry),
      device: shown(device),
      sameIpAddress: ipAddress !== null && addresses.has(ipAddress),
      sameCountry: country !== null && countries.has(country),
      sameDevice: [deviceId, device].some(one => one !== null && devices.has(one)),
    };
  }
}

/** Everything but browsers and clients of modern authentication: protocols that take a bare password. */
const isLegacy = (clientApp: string | null): boolean =>
  clientApp !== null && !['browser', 'mobile apps and desktop clients'].includes(clientApp.toLowerCase());
