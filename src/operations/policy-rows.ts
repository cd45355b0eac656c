import type { ConditionalAccessPolicy } from '../graph/conditional-access.ts';
import type { PolicyCoverage, SessionPolicy } from '../protocol/policy.ts';
import { type CoveredUser, userCoverage } from './policy-coverage.ts';
import { appsInWords, conditionsInWords, usersInWords } from './policy-words.ts';
import type { NamedUser } from './resolve-users.ts';
import { inWords, usualLifeMs } from './session-rules.ts';
import { shown } from './session-row.ts';
import type { TenantPolicies } from './tenant-policies.ts';

/** Somebody of whom is asked whether policies cover them. */
export interface Concerned {
  named: NamedUser;
  covered: CoveredUser;
}

type Row = Omit<SessionPolicy, 'tenantId'>;
type Verdict = Pick<Row, 'verdict' | 'because' | 'advice'>;

/** A row for each thing that makes sessions longer or shorter; `concerned` is null when nobody was asked for. */
export function policyRows(policies: TenantPolicies, concerned: readonly Concerned[] | null): Row[] {
  const { conditionalAccess, tokenLifetimes, idleTimeouts, securityDefaults } = policies;
  const everybody = concerned && concerned.map(one => covers(one.named, 'yes'));
  return [
    ...(conditionalAccess ?? []).flatMap(policy => conditionalAccessRows(policy, concerned)),
    ...(tokenLifetimes ?? []).flatMap(({ id, name, accessTokenMs, organizationDefault, appIds }): Row[] => {
      if (accessTokenMs === null) return [];
      const unused = !organizationDefault && appIds?.length === 0;
      return [
        {
          kind: 'TokenLifetime',
          policyId: id,
          policyName: shown(name),
          state: 'Enabled',
          setting: `access tokens live ${inWords(accessTokenMs)}`,
          appliesTo: organizationDefault
            ? 'all apps (default of the organization)'
            : appIds === null
              ? 'apps that this sign-in can not read'
              : appIds.length === 0
                ? 'no app'
                : `apps ${appIds.join(', ')}`,
          covers: everybody,
          ...(unused ? nothing('It is assigned to no app.') : lifetimeVerdict(accessTokenMs)),
        },
      ];
    }),
    ...(idleTimeouts ?? []).map(({ id, name, timeouts }): Row => ({
      kind: 'IdleTimeout',
      policyId: id,
      policyName: shown(name),
      state: 'Enabled',
      setting:
        timeouts.map(({ appId, ms }) => `${appNames[appId] ?? appId}: ${inWords(ms)} idle`).join('; ') ||
        'none',
      appliesTo: 'web apps of Microsoft 365 in browsers, not on managed devices or after "stay signed in"',
      covers: everybody,
      ...(timeouts.length === 0 ? nothing('It sets no time.') : idleVerdict),
    })),
    ...(securityDefaults === null ? [] : [securityDefaultsRow(securityDefaults, policies, everybody)]),
  ];
}

const appNames: Readonly<Record<string, string>> = {
  default: 'all others',
  'c44b4083-3bb0-49c1-b47d-974e53cbdf3c': 'Azure Portal',
};

function covers(
  { id, userPrincipalName }: NamedUser,
  coverage: ReturnType<typeof userCoverage>,
): PolicyCoverage {
  return {
    userId: id,
    userPrincipalName: shown(userPrincipalName),
    covered: coverage === 'maybe' ? null : coverage === 'yes',
    confidence: coverage === 'maybe' ? 'Inferred' : 'Known',
  };
}

function conditionalAccessRows(
  policy: ConditionalAccessPolicy,
  concerned: readonly Concerned[] | null,
): Row[] {
  const { id, name, state, frequency, persistentBrowser, continuousAccess } = policy;
  const common = {
    policyId: id,
    policyName: shown(name),
    state,
    appliesTo: [usersInWords(policy), appsInWords(policy), conditionsInWords(policy)]
      .filter(Boolean)
      .join('; '),
    covers: concerned && concerned.map(one => covers(one.named, userCoverage(policy, one.covered))),
  };
  const binding = (verdict: Verdict): Verdict =>
    state === 'Enabled'
      ? verdict
      : nothing(state === 'ReportOnly' ? 'It only reports.' : 'It is switched off.');
  const rows: Row[] = [];
  if (frequency) {
    const setting = frequency.everyTime ? 'sign in every time' : `sign in every ${inWords(frequency.ms)}`;
    rows.push({
      kind: 'SignInFrequency',
      ...common,
      setting: frequency.secondFactorOnly ? `${setting}, second factor only` : setting,
      ...binding({
        verdict: 'Faster',
        because: `Without any revocation a session ends ${inWords(frequency.ms)} after the last sign-in, when the last access token has ended too (90 min unless a policy says otherwise). A revocation itself is not faster.`,
        advice: null,
      }),
    });
  }
  if (persistentBrowser)
    rows.push({
      kind: 'PersistentBrowser',
      ...common,
      setting: persistentBrowser === 'never' ? 'never persistent' : 'always persistent',
      ...binding(persistentBrowser === 'never' ? neverPersistent : alwaysPersistent),
    });
  const verdict = continuousVerdicts[continuousAccess ?? ''];
  if (verdict)
    rows.push({
      kind: 'ContinuousAccess',
      ...common,
      setting: verdict.setting,
      ...binding(verdict),
    });
  return rows;
}

const nothing = (because: string): Verdict => ({ verdict: 'NoEffect', because, advice: null });

const neverPersistent: Verdict = {
  verdict: 'Faster',
  because: 'A browser forgets its session when it is closed. A revocation itself is not faster.',
  advice: null,
};

const alwaysPersistent: Verdict = {
  verdict: 'NoEffect',
  because: 'A browser stays signed in for up to 90 days, until a revocation ends it.',
  advice: 'Set it to never for devices that are not managed.',
};

/** What a policy may do to continuous access evaluation (graph-facts 5.1 and 6). */
const continuousVerdicts: Readonly<Record<string, Verdict & { setting: string }>> = {
  disabled: {
    setting: 'continuous access evaluation is off',
    verdict: 'Slower',
    because:
      'Exchange, SharePoint, Teams and Graph no longer hear of a revocation within 15 min: access lasts until the token ends, up to 90 min, or 2 h, or longer by a token lifetime policy.',
    advice: 'Remove this policy, or make it cover nobody.',
  },
  strictEnforcement: {
    setting: 'continuous access evaluation is strict about places',
    ...nothing('Access ends at once when the place changes. A revocation takes up to 15 min as without it.'),
  },
  strictLocation: {
    setting: 'continuous access evaluation is strict about places',
    ...nothing('Access ends at once when the place changes. A revocation takes up to 15 min as without it.'),
  },
};

function lifetimeVerdict(ms: number): Verdict {
  if (ms > usualLifeMs)
    return {
      verdict: 'Slower',
      because: `Where there is no continuous access evaluation, access lasts up to ${inWords(ms)} after a revocation instead of 90 min.`,
      advice: 'Shorten it, or remove it: the default is 60 to 90 min.',
    };
  if (ms < usualLifeMs)
    return {
      verdict: 'Faster',
      because: `Where there is no continuous access evaluation, access lasts up to ${inWords(ms)} after a revocation instead of 90 min.`,
      advice: null,
    };
  return nothing('That is what access tokens live without a policy.');
}

const idleVerdict: Verdict = {
  verdict: 'Faster',
  because:
    'A browser that nobody uses is signed out of web apps. One that is in use goes on, so a revocation is not faster.',
  advice: null,
};

function securityDefaultsRow(
  enabled: boolean,
  { conditionalAccess }: TenantPolicies,
  covered: PolicyCoverage[] | null,
): Row {
  const alone = conditionalAccess !== null && !conditionalAccess.some(policy => policy.state === 'Enabled');
  return {
    kind: 'SecurityDefaults',
    policyId: null,
    policyName: null,
    state: enabled ? 'Enabled' : 'Disabled',
    setting: enabled ? 'security defaults are on' : 'security defaults are off',
    appliesTo: 'everybody',
    covers: covered,
    ...(alone
      ? {
          verdict: 'Slower' as const,
          because:
            'No policy of Conditional Access is enabled: access tokens of Teams and Microsoft 365 clients live 2 h instead of 60 to 90 min.',
          advice: 'With Entra ID P1, replace security defaults by Conditional Access.',
        }
      : nothing('They say nothing about the length of sessions.')),
  };
}
