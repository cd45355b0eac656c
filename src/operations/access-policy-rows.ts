import type { ConditionalAccessPolicy } from '../graph/conditional-access.ts';
import type { PolicyCoverage, SessionPolicy } from '../protocol/policy.ts';
import { type CoveredUser, userCoverage } from './policy-coverage.ts';
import { appsInWords, conditionsInWords, usersInWords } from './policy-words.ts';
import type { NamedUser } from './resolve-users.ts';
import { inWords } from './session-rules.ts';
import { shown } from './session-row.ts';

/** Somebody of whom is asked whether policies cover them. */
export interface Concerned {
  named: NamedUser;
  covered: CoveredUser;
}

/** A row without its tenant. */
export type PolicyRow = Omit<SessionPolicy, 'tenantId'>;
/** What something means for a revocation. */
export type Verdict = Pick<PolicyRow, 'verdict' | 'because' | 'advice'>;

/** The rows of a policy of Conditional Access: one for each of its controls that bears on sessions. */
export function conditionalAccessRows(
  policy: ConditionalAccessPolicy,
  concerned: readonly Concerned[] | null,
): PolicyRow[] {
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
  const rows: PolicyRow[] = [];
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

/** Whether somebody is covered, for a row. */
export function covers(
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

/** It changes nothing, and why. */
export const nothing = (because: string): Verdict => ({ verdict: 'NoEffect', because, advice: null });

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
