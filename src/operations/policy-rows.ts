import type { PolicyCoverage } from '../protocol/policy.ts';
import {
  type Concerned,
  conditionalAccessRows,
  covers,
  nothing,
  type PolicyRow,
  type Verdict,
} from './access-policy-rows.ts';
import { inWords, usualLifeMs } from './session-rules.ts';
import { shown } from './session-row.ts';
import type { TenantPolicies } from './tenant-policies.ts';

/** A row for each thing that makes sessions longer or shorter; `concerned` is null when nobody was asked for. */
export function policyRows(policies: TenantPolicies, concerned: readonly Concerned[] | null): PolicyRow[] {
  const { conditionalAccess, tokenLifetimes, idleTimeouts, securityDefaults } = policies;
  const everybody = concerned && concerned.map(one => covers(one.named, 'yes'));
  return [
    ...(conditionalAccess ?? []).flatMap(policy => conditionalAccessRows(policy, concerned)),
    ...(tokenLifetimes ?? []).flatMap(
      ({ id, name, accessTokenMs, organizationDefault, appIds }): PolicyRow[] => {
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
      },
    ),
    ...(idleTimeouts ?? []).map(({ id, name, timeouts }): PolicyRow => ({
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
): PolicyRow {
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
