/** A token lifetime policy. */
export interface TokenLifetime {
  id: string;
  displayName: string;
  isOrganizationDefault: boolean;
  /** How long access tokens live, 10 minutes to 23:59:59 (graph-facts 6). */
  accessTokenSeconds: number;
  /** Client ids of the resources that it was put on. */
  appIds: readonly string[];
}

export type TokenLifetimeDraft = Partial<TokenLifetime> & { accessTokenSeconds: number };

/** A policy that ends idle web sessions. */
export interface IdleTimeout {
  id: string;
  displayName: string;
  isOrganizationDefault: boolean;
  /** By client id, or `default`. In the flat form only `default` counts. */
  seconds: Readonly<Record<string, number>>;
  /** Written by Microsoft as a list of apps, by others flat (graph-facts 6). */
  form: 'applications' | 'flat';
}

export type IdleTimeoutDraft = Partial<IdleTimeout> & { seconds: IdleTimeout['seconds'] };

export const completeLifetime = (draft: TokenLifetimeDraft, id: string): TokenLifetime => ({
  id,
  displayName: `Tokens for ${duration(draft.accessTokenSeconds)}`,
  isOrganizationDefault: false,
  appIds: [],
  ...draft,
});

export const completeTimeout = (draft: IdleTimeoutDraft, id: string): IdleTimeout => ({
  id,
  displayName: 'Idle',
  isOrganizationDefault: true,
  form: 'applications',
  ...draft,
});

/** As Graph answers: the definition is JSON in a text. */
export function lifetimeBody({
  id,
  displayName,
  isOrganizationDefault,
  accessTokenSeconds,
}: TokenLifetime): object {
  const definition = {
    TokenLifetimePolicy: { Version: 1, AccessTokenLifetime: duration(accessTokenSeconds) },
  };
  return {
    id,
    deletedDateTime: null,
    displayName,
    isOrganizationDefault,
    definition: [JSON.stringify(definition)],
  };
}

export function timeoutBody({ id, displayName, isOrganizationDefault, seconds, form }: IdleTimeout): object {
  const apps = Object.entries(seconds).map(([ApplicationId, idle]) => ({
    ApplicationId,
    WebSessionIdleTimeout: padded(idle),
  }));
  const policy =
    form === 'flat'
      ? { Version: 1, WebSessionIdleTimeout: padded(seconds['default'] ?? 3600) }
      : { Version: 1, ApplicationPolicies: apps };
  return {
    id,
    deletedDateTime: null,
    displayName,
    isOrganizationDefault,
    definition: [JSON.stringify({ ActivityBasedTimeoutPolicy: policy })],
  };
}

/** `8:00:00`: hours as people write them. */
function duration(seconds: number): string {
  const rest = [Math.floor(seconds / 60) % 60, seconds % 60].map(part => String(part).padStart(2, '0'));
  return [Math.floor(seconds / 3600), ...rest].join(':');
}

/** `01:00:00`, and `1.00:00:00` for a day. */
function padded(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const time = duration(seconds % 86_400).padStart(8, '0');
  return days > 0 ? `${days}.${time}` : time;
}
