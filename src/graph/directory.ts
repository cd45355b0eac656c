import { type Answer, isSuccess, type Reply } from './answer.ts';
import { describeError } from './graph-error.ts';
import { isGuid } from './guid.ts';
import type { Lane } from './lane.ts';
import { longestName, shortened } from './shortened.ts';

/** A user as the directory tells: what the proof needs, and what a person wants to see. */
export interface DirectoryUser {
  id: string;
  userPrincipalName: string | null;
  displayName: string | null;
  accountEnabled: boolean | null;
  userType: string | null;
  /** Milliseconds since 1970; null when Graph did not return it. */
  sessionsValidFrom: number | null;
  /** True for somebody who signs in at another tenant, where a revocation here has no effect. */
  external: boolean;
}

export type UserRead =
  | { kind: 'user'; user: DirectoryUser }
  | { kind: 'notFound' }
  | { kind: 'denied'; why: string }
  /** The token is refused. */
  | { kind: 'notSignedIn'; why: string }
  /** `unreachable`: nobody could be reached, after several attempts, so asking again at once is pointless. */
  | { kind: 'failed'; why: string; unreachable?: boolean }
  | { kind: 'cancelled' };

/** Nothing a mail system knows is longer than this. */
const longestAddress = 320;

const select =
  '$select=id,userPrincipalName,displayName,accountEnabled,userType,identities,signInSessionsValidFromDateTime';

/** The path of one user by object id or user principal name; `#` needs its code, and a UPN that begins with `$` the form in parentheses (graph-docs, user-get). */
export function userPath(idOrUpn: string): string {
  const encoded = encodeURIComponent(idOrUpn);
  return idOrUpn.startsWith('$') ? `/users('${encoded.replace(/'/g, "''")}')` : `/users/${encoded}`;
}

/** Reads users. Reads may be repeated at will, so a lost answer is simply asked again by whoever needs it. */
export class Directory {
  readonly #lane: Lane;

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  /**
   * One user by object id or user principal name; asked up to `attempts` times while no answer can be read. An answer
   * about anybody else is none.
   */
  read(idOrUpn: string, signal?: AbortSignal, attempts = 3): Promise<UserRead> {
    return this.#ask(`${userPath(idOrUpn)}?${select}`, attempts, signal, answer => {
      const user = userOf(answer.body);
      if (!user) return { kind: 'failed', why: 'the answer is no user' };
      const asked = idOrUpn.toLowerCase();
      if (user.id !== asked && nameOf(answer.body) !== asked) {
        return { kind: 'failed', why: `the answer is about another user (${user.id})` };
      }
      return { kind: 'user', user };
    });
  }

  /** Everybody who has `address` as mail or as any other address: the search for a reference that is no UPN. */
  async findByAddress(
    address: string,
    signal?: AbortSignal,
  ): Promise<Exclude<UserRead, { kind: 'user' }> | { kind: 'users'; users: DirectoryUser[] }> {
    const literal = address.replace(/'/g, "''");
    const filter = encodeURIComponent(`mail eq '${literal}' or proxyAddresses/any(p:p eq 'smtp:${literal}')`);
    const path = `/users?$filter=${filter}&${select},mail,proxyAddresses&$top=5`;
    return this.#ask(path, 3, signal, answer => {
      const value = (answer.body as { value?: unknown } | null | undefined)?.value;
      if (!Array.isArray(value)) return { kind: 'failed', why: 'the answer is no list of users' };
      const users = value.map(v => (hasAddress(v, address) ? userOf(v) : null));
      // Whoever does not have the address was not asked for, and could be anybody.
      if (users.includes(null)) return { kind: 'failed', why: 'the answer names users without this address' };
      return { kind: 'users', users: users.filter(user => user !== null) };
    });
  }

  async #ask<T>(
    path: string,
    attempts: number,
    signal: AbortSignal | undefined,
    read: (answer: Answer) => T,
  ): Promise<T | Exclude<UserRead, { kind: 'user' }>> {
    let last: Reply | undefined;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const reply = await this.#lane.send({ method: 'GET', path }, signal);
      if (reply.kind === 'notSent') return { kind: 'cancelled' };
      last = reply;
      // The lane has tried for half a minute to reach anybody.
      if (reply.kind === 'lost' && reply.acted === 'no')
        return { kind: 'failed', why: reply.reason, unreachable: true };
      if (reply.kind === 'lost' || reply.status >= 500) continue;
      if (isSuccess(reply)) return read(reply);
      const why = describeError(reply.status, reply.body);
      if (reply.status === 404) return { kind: 'notFound' };
      if (reply.status === 403) return { kind: 'denied', why };
      if (reply.status === 401) return { kind: 'notSignedIn', why };
      return { kind: 'failed', why };
    }
    const why =
      last?.kind === 'answer' ? describeError(last.status, last.body) : (last?.reason ?? 'no answer');
    return { kind: 'failed', why };
  }
}

function userOf(body: unknown): DirectoryUser | null {
  const raw = body as Record<string, unknown> | null | undefined;
  const id = raw?.['id'];
  if (!raw || !isGuid(id)) return null;
  const text = (name: string) => (typeof raw[name] === 'string' ? raw[name] : null);
  const shown = (name: string, most: number) => {
    const whole = text(name);
    return whole === null ? null : shortened(whole, most);
  };
  return {
    id: id.toLowerCase(),
    userPrincipalName: shown('userPrincipalName', longestAddress),
    displayName: shown('displayName', longestName),
    accountEnabled: typeof raw['accountEnabled'] === 'boolean' ? raw['accountEnabled'] : null,
    userType: shown('userType', longestName),
    sessionsValidFrom: stampOf(text('signInSessionsValidFromDateTime')),
    external: isExternal(text('userPrincipalName'), raw['identities']),
  };
}

/** ISO 8601 with its zone, as Graph writes it; Date.parse alone would make a moment of almost anything. */
function stampOf(text: string | null): number | null {
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text))
    return null;
  const stamp = Date.parse(text);
  return Number.isNaN(stamp) ? null : stamp;
}

const nameOf = (body: unknown): string | null => {
  const name = (body as { userPrincipalName?: unknown } | null)?.userPrincipalName;
  return typeof name === 'string' ? name.toLowerCase() : null;
};

function hasAddress(raw: unknown, address: string): boolean {
  const { mail, proxyAddresses } = (raw ?? {}) as { mail?: unknown; proxyAddresses?: unknown };
  const wanted = address.toLowerCase();
  const all = [mail, ...(Array.isArray(proxyAddresses) ? (proxyAddresses as unknown[]) : [])];
  return all.some(one => typeof one === 'string' && one.toLowerCase().replace(/^smtp:/, '') === wanted);
}

/**
 * True for somebody who signs in elsewhere: a UPN with `#EXT#`, or an identity that another directory vouches for.
 * `userType` does not tell: internal guests sign in here, external members do not (graph-facts 1.6).
 */
export function isExternal(userPrincipalName: string | null, identities?: unknown): boolean {
  if (userPrincipalName?.toUpperCase().includes('#EXT#')) return true;
  if (!Array.isArray(identities)) return false;
  return identities.some(i => (i as { signInType?: unknown } | null)?.signInType === 'federated');
}
