import type { SignInEntry } from '../graph/sign-in-entry.ts';
import type { WatchedSignIn, WatchVerdict } from '../protocol/watch.ts';
import { harmless } from './harmless.ts';
import type { NamedUser } from './resolve-users.ts';
import { placeOf, shown } from './session-row.ts';
import { verdictOf } from './watch-verdict.ts';

/** Whoever refuses old sessions hears of a revocation within minutes (graph-facts 1.3); so long they are not "back". */
const enforcementMs = 5 * 60_000;

/** Sessions, addresses, countries and devices, each with the moment when it was first seen in a successful sign-in. */
type Habits = Record<'sessions' | 'addresses' | 'countries' | 'devices', Map<string, number>>;

/** One user who is watched: tells new entries of the log from late and double ones, and what they mean. */
export class WatchedUser {
  readonly named: NamedUser;
  /** When the user was revoked, by Graph's clock, as the tenant shows it or the host knows it; null where nobody does. */
  #validFrom: number | null;
  /** When the watch began, which counts instead. */
  readonly #begin: number;
  readonly #known = new Set<string>();
  readonly #habits: Habits = {
    sessions: new Map(),
    addresses: new Map(),
    countries: new Map(),
    devices: new Map(),
  };
  /** The first look shows what was before; from then on whatever appears is told. */
  #looked = false;
  #cameBack = 0;
  #tried = 0;

  constructor(named: NamedUser, begin: number, revokedAt: number | null = null) {
    this.named = named;
    this.#validFrom = named.user?.sessionsValidFrom ?? revokedAt;
    this.#begin = begin;
  }

  /** The moment after which a sign-in is new. */
  get revokedAt(): number {
    return this.#validFrom ?? this.#begin;
  }

  /** What the directory says by now; only a later revocation counts. */
  setValidFrom(validFrom: number | null): void {
    if (validFrom !== null && validFrom > (this.#validFrom ?? 0)) this.#validFrom = validFrom;
  }

  /** Takes what the log shows, however often it shows it; gives what is new, oldest first. */
  take(entries: readonly SignInEntry[]): WatchedSignIn[] {
    const fresh = entries.filter(({ id }) => !this.#known.has(id)).toSorted((a, b) => a.at - b.at);
    for (const { id } of fresh) this.#known.add(id);
    // The log tells whole seconds, so what happened in the second of the revocation counts as before it; if it lives on,
    // the next use of it shows.
    const before = fresh.filter(entry => entry.at <= this.revokedAt);
    const after = fresh.filter(entry => entry.at > this.revokedAt);
    for (const entry of fresh) this.#remember(entry);
    const late = this.#looked ? before.map(entry => this.#told(entry, 'Late')) : [];
    this.#looked = true;
    const news = after.map(entry => this.#told(entry, this.#meaning(entry)));
    this.#cameBack += news.filter(one => one.meaning === 'CameBack').length;
    this.#tried += news.filter(one => one.meaning === 'Tried').length;
    return [...late, ...news];
  }

  verdict(watchedUntil: number): WatchVerdict {
    return verdictOf({
      named: this.named,
      revokedAt: this.#validFrom,
      cameBack: this.#cameBack,
      tried: this.#tried,
      watchedUntil,
    });
  }

  #remember({ at, errorCode, sessionId, ipAddress, country, device, deviceId }: SignInEntry): void {
    // What failed is nobody's habit: an attacker's guesses come from the attacker's place.
    if (errorCode !== 0) return;
    const { sessions, addresses, countries, devices } = this.#habits;
    const note = (seen: Map<string, number>, what: string | null) => {
      if (what !== null) seen.set(what, Math.min(at, seen.get(what) ?? at));
    };
    note(sessions, sessionId);
    note(addresses, ipAddress);
    note(countries, country);
    note(devices, deviceId);
    note(devices, device);
  }

  /** True for what was seen before the revocation. */
  #isOld(of: keyof Habits, what: string | null): boolean {
    return what !== null && (this.#habits[of].get(what) ?? Number.POSITIVE_INFINITY) <= this.revokedAt;
  }

  /** Whether one of these was seen before the revocation; null when there is nothing to compare. */
  #isUsual(of: keyof Habits, names: readonly (string | null)[]): boolean | null {
    const known = names.filter(name => name !== null);
    const usual = [...this.#habits[of].values()].some(at => at <= this.revokedAt);
    return usual && known.length > 0 ? known.some(name => this.#isOld(of, name)) : null;
  }

  /** A person who signs in has what it takes, whatever session it becomes a part of. */
  #meaning({ at, errorCode, sessionId, interactive }: SignInEntry): WatchedSignIn['meaning'] {
    if (errorCode !== 0) return 'Tried';
    const old = !interactive && this.#isOld('sessions', sessionId);
    return old && at <= this.revokedAt + enforcementMs ? 'Enforcing' : 'CameBack';
  }

  #told(entry: SignInEntry, meaning: WatchedSignIn['meaning']): WatchedSignIn {
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
      newSession: !this.#isOld('sessions', sessionId),
      ipAddress,
      place: placeOf(entry),
      device: shown(device),
      sameIpAddress: this.#isUsual('addresses', [ipAddress]),
      sameCountry: this.#isUsual('countries', [country]),
      sameDevice: this.#isUsual('devices', [deviceId, device]),
    };
  }
}

/** Everything but browsers and clients of modern authentication: protocols that take a bare password. */
const isLegacy = (clientApp: string | null): boolean =>
  clientApp !== null && !['browser', 'mobile apps and desktop clients'].includes(clientApp.toLowerCase());
