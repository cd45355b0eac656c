import { field, listOf, textOf, textsOf } from './json-fields.ts';
import { longestName, shortened } from './shortened.ts';

/** How long access tokens live for all apps, or for some. */
export interface TokenLifetimePolicy {
  id: string;
  name: string | null;
  organizationDefault: boolean;
  /** Milliseconds; null when it says nothing about access tokens. */
  accessTokenMs: number | null;
  /** The apps that it is assigned to, by app id; null when that can't be read. */
  appIds: string[] | null;
}

/** How long a browser may be idle in web apps. */
export interface IdleTimeoutPolicy {
  id: string;
  name: string | null;
  organizationDefault: boolean;
  /** By app id; `default` for all others. Milliseconds. */
  timeouts: { appId: string; ms: number }[];
}

/** Reads a policy, whose apps are read elsewhere; null for what is none. */
export function tokenLifetimeOf(raw: unknown): TokenLifetimePolicy | null {
  const id = textOf(field(raw, 'id'));
  if (id === null) return null;
  const lifetimes = definitionsOf(raw, 'TokenLifetimePolicy').flatMap(
    definition => durationOf(field(definition, 'AccessTokenLifetime')) ?? [],
  );
  return {
    id,
    ...nameOf(raw),
    accessTokenMs: lifetimes.length > 0 ? Math.max(...lifetimes) : null,
    appIds: null,
  };
}

/** Reads a policy; null for what is none. Two forms are to be met (graph-facts 6). */
export function idleTimeoutOf(raw: unknown): IdleTimeoutPolicy | null {
  const id = textOf(field(raw, 'id'));
  if (id === null) return null;
  const timeouts = definitionsOf(raw, 'ActivityBasedTimeoutPolicy').flatMap(definition => {
    const byApp = listOf(field(definition, 'ApplicationPolicies'));
    const forms = byApp.length > 0 ? byApp : [definition];
    return forms.flatMap(form => {
      const ms = durationOf(field(form, 'WebSessionIdleTimeout'));
      const appId = textOf(field(form, 'ApplicationId'))?.toLowerCase() ?? 'default';
      return ms === null ? [] : [{ appId, ms }];
    });
  });
  return { id, ...nameOf(raw), timeouts };
}

function nameOf(raw: unknown): { name: string | null; organizationDefault: boolean } {
  const name = textOf(field(raw, 'displayName'));
  return {
    name: name && shortened(name, longestName),
    organizationDefault: field(raw, 'isOrganizationDefault') === true,
  };
}

/** A definition is JSON in a text in a list. */
function definitionsOf(raw: unknown, kind: string): unknown[] {
  return textsOf(field(raw, 'definition')).flatMap(text => {
    try {
      return [field(JSON.parse(text), kind)];
    } catch {
      return [];
    }
  });
}

/** `[d.]hh:mm:ss` in milliseconds. */
export function durationOf(value: unknown): number | null {
  const match = /^(?:(\d{1,4})\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?$/.exec(
    typeof value === 'string' ? value : '',
  );
  if (!match) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(part => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
