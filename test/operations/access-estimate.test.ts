import { describe, expect, test } from 'vitest';
import {
  estimate,
  estimateUnseen,
  type ObservedSession,
  type SessionOwner,
} from '../../src/operations/access-estimate.ts';
import { type SessionRules, sessionRules, worstTokenLife } from '../../src/operations/session-rules.ts';
import { accessPolicy, noPolicies, someone, tokenPolicy } from '../support/tenant-policies.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const now = Date.parse('2026-11-23T12:00:00Z');
/** Graph's whole seconds. */
const slackMs = 1000;

const graph = '00000003-0000-0000-c000-000000000000';
const exchange = '00000002-0000-0ff1-ce00-000000000000';
const ledger = '7b1d0c52-3f64-4c0e-9a3b-5f2f8e6d4a10';
const teams = '1fec8e78-bce4-4aaf-ab1b-5451cc387264';

const session = (more: Partial<ObservedSession> = {}): ObservedSession => ({
  resourceId: graph,
  clientApp: 'Mobile Apps and Desktop clients',
  protocol: null,
  continuousAccess: false,
  lastIssued: now - 30 * minuteMs,
  lastInteractive: now - 3 * hourMs,
  ...more,
});

const owner = (more: Partial<SessionOwner> = {}): SessionOwner => ({
  external: false,
  disabled: false,
  validFrom: now - 30 * 24 * hourMs,
  ...more,
});

const ninety: SessionRules = {
  tokenLife: {
    ms: 90 * minuteMs,
    known: true,
    rule: 'TokenLifetime',
    why: 'access tokens live up to 90 min',
  },
  continuousAccess: 'on',
  frequency: null,
};

const after = (ms: number) => now + slackMs + ms;

describe('a session that goes on', () => {
  test('of an app without continuous access lives out the token, whenever the last one was issued', () => {
    expect(estimate(session(), owner(), ninety, now)).toMatchObject({
      until: null,
      untilIfRevoked: after(90 * minuteMs),
      confidence: 'Known',
    });
  });

  test('of continuous access ends within 15 min of a revocation', () => {
    const found = estimate(session({ continuousAccess: true }), owner(), ninety, now);
    expect(found).toMatchObject({ untilIfRevoked: after(15 * minuteMs), confidence: 'Known' });
    expect(found.because).toContain('continuous access evaluation');
  });

  test('whose kind the log does not tell gets the longer of both, as inferred', () => {
    const found = estimate(session({ continuousAccess: null }), owner(), ninety, now);
    expect(found).toMatchObject({ untilIfRevoked: after(90 * minuteMs), confidence: 'Inferred' });
    const short = {
      ...ninety,
      tokenLife: { ms: 10 * minuteMs, known: true, rule: 'TokenLifetime' as const, why: '' },
    };
    expect(estimate(session({ continuousAccess: null }), owner(), short, now).untilIfRevoked).toBe(
      after(15 * minuteMs),
    );
  });

  test('whose continuous access was switched off since lives out the token', () => {
    const off = { ...ninety, continuousAccess: 'off' as const };
    expect(estimate(session({ continuousAccess: true }), owner(), off, now)).toMatchObject({
      untilIfRevoked: after(90 * minuteMs),
      confidence: 'Inferred',
    });
  });

  test('whose continuous access was switched off since still has tokens that end in near real time only', () => {
    const tokenLife = { ms: 10 * minuteMs, known: true, rule: 'TokenLifetime' as const, why: '' };
    const off = { ...ninety, tokenLife, continuousAccess: 'off' as const };
    const found = estimate(session({ continuousAccess: true }), owner(), off, now);
    expect(found.untilIfRevoked).toBe(after(15 * minuteMs));
  });

  test('of continuous access on a resource that is not known to take part may last 28 h', () => {
    const unspoken = { ...ninety, continuousAccess: 'unspoken' as const };
    const found = estimate(session({ continuousAccess: true }), owner(), unspoken, now);
    expect(found).toMatchObject({ untilIfRevoked: after(28 * hourMs), confidence: 'Inferred' });
  });

  test('under a sign-in frequency ends by itself after it, when the last token has ended', () => {
    const rules = { ...ninety, frequency: { ms: 4 * hourMs, policy: '"Admins"' } };
    const found = estimate(session(), owner(), rules, now);
    expect(found.until).toBe(now - 3 * hourMs + 4 * hourMs + 90 * minuteMs);
    expect(found.detail).toContain('"Admins"');
    const overdue = { ...ninety, frequency: { ms: 1 * hourMs, policy: '"Admins"' } };
    expect(estimate(session(), owner(), overdue, now).until).toBe(now - 30 * minuteMs + 90 * minuteMs);
  });

  test('of a disabled account ends like a revoked one', () => {
    expect(estimate(session(), owner({ disabled: true }), ninety, now).until).toBe(after(90 * minuteMs));
  });

  test('goes on as well when nobody may read since when sessions are valid', () => {
    expect(estimate(session(), owner({ validFrom: null }), ninety, now)).toMatchObject({ until: null });
  });
});

describe('a session that was revoked already', () => {
  test('ends by the revocation, whatever happens now', () => {
    const validFrom = now - 20 * minuteMs;
    const found = estimate(session(), owner({ validFrom }), ninety, now);
    expect(found.until).toBe(validFrom + slackMs + 90 * minuteMs);
    expect(found.untilIfRevoked).toBe(found.until);
    expect(found.detail).toBeNull();
  });

  test('is told as ended when that is past', () => {
    const validFrom = now - 20 * minuteMs;
    const found = estimate(session({ continuousAccess: true }), owner({ validFrom }), ninety, now);
    expect(found).toMatchObject({ until: validFrom + slackMs + 15 * minuteMs, detail: 'Ended.' });
  });

  test('counts as going on when a token was issued in the second of the revocation, or after it', () => {
    const at = now - 20 * minuteMs;
    for (const lastIssued of [at + 1, at + 5 * minuteMs])
      expect(estimate(session({ lastIssued }), owner({ validFrom: at }), ninety, now).until).toBeNull();
  });
});

describe('what Entra can not end', () => {
  test('external users sign in elsewhere', () => {
    const found = estimate(session(), owner({ external: true }), ninety, now);
    expect(found).toMatchObject({ until: null, untilIfRevoked: null, confidence: 'Known' });
    expect(estimateUnseen(owner({ external: true }), ninety.tokenLife, now, '').untilIfRevoked).toBeNull();
  });

  test.each([
    ['a browser on an app that is not Microsoft’s', { clientApp: 'Browser', resourceId: ledger }],
    ['a SAML app', { protocol: 'saml20', resourceId: ledger }],
    ['WS-Federation', { protocol: 'wsFederation', resourceId: ledger }],
  ])('%s may keep a session of its own', (_, more) => {
    const found = estimate(session(more), owner({ validFrom: now - minuteMs }), ninety, now);
    expect(found).toMatchObject({ until: null, untilIfRevoked: null, confidence: 'Inferred' });
    expect(found.detail).toContain('ends by 2026-11-23T13:29:01.000Z');
  });

  test('a browser on Microsoft’s own app does not', () => {
    expect(estimate(session({ clientApp: 'Browser' }), owner(), ninety, now).untilIfRevoked).not.toBeNull();
  });
});

test('of somebody of whom nothing shows the worst case is told, as inferred', () => {
  const found = estimateUnseen(owner(), worstTokenLife(noPolicies), now, 'No licence.');
  expect(found).toMatchObject({ until: null, untilIfRevoked: after(2 * hourMs), confidence: 'Inferred' });
  expect(found.because).toMatch(/^No licence\. At worst/);
});

describe('how long a token lives', () => {
  const use = { appId: teams, resourceId: graph, clientApp: 'Mobile Apps and Desktop clients' };
  const other = { ...use, appId: ledger, resourceId: ledger };
  const life = (policies: typeof noPolicies, of = use) => sessionRules(policies, someone, of, null).tokenLife;

  test('two hours in Microsoft 365 clients without Conditional Access, else 90 minutes', () => {
    expect(life(noPolicies)).toMatchObject({ ms: 2 * hourMs, known: true });
    expect(life(noPolicies, other)).toMatchObject({ ms: 90 * minuteMs, known: true });
    const enabled = { ...noPolicies, conditionalAccess: [accessPolicy()] };
    expect(life(enabled)).toMatchObject({ ms: 90 * minuteMs, known: true });
    const reports = { ...noPolicies, conditionalAccess: [accessPolicy({ state: 'ReportOnly' })] };
    expect(life(reports)).toMatchObject({ ms: 2 * hourMs, known: false });
    expect(life({ ...noPolicies, conditionalAccess: null })).toMatchObject({ ms: 2 * hourMs, known: false });
  });

  test('by the policy of the organization before that of the resource, and that before the default', () => {
    const ofResource = tokenPolicy({ accessTokenMs: 8 * hourMs, appIds: [ledger] });
    const ofAll = tokenPolicy({ accessTokenMs: 20 * minuteMs, organizationDefault: true });
    expect(life({ ...noPolicies, tokenLifetimes: [ofResource] }, other)).toMatchObject({
      ms: 8 * hourMs,
      known: true,
    });
    expect(life({ ...noPolicies, tokenLifetimes: [ofResource] })).toMatchObject({
      ms: 2 * hourMs,
      known: true,
    });
    expect(life({ ...noPolicies, tokenLifetimes: [ofResource, ofAll] }, other)).toMatchObject({
      ms: 20 * minuteMs,
    });
  });

  test('the longer one where a policy may be for the app or not', () => {
    const short = tokenPolicy({ accessTokenMs: 10 * minuteMs, appIds: null });
    const long = tokenPolicy({ accessTokenMs: 8 * hourMs, appIds: [teams] });
    expect(life({ ...noPolicies, tokenLifetimes: [short] })).toMatchObject({ ms: 2 * hourMs, known: false });
    expect(life({ ...noPolicies, tokenLifetimes: [long] })).toMatchObject({ ms: 8 * hourMs, known: false });
  });

  test('a day where no policy could be read', () => {
    const blind = { ...noPolicies, tokenLifetimes: null, conditionalAccess: null };
    expect(life(blind)).toMatchObject({ ms: 24 * hourMs, known: false });
    expect(worstTokenLife(blind)).toMatchObject({ ms: 24 * hourMs, known: false });
  });
});

describe('continuous access evaluation', () => {
  const use = { appId: teams, resourceId: exchange, clientApp: null };
  const onOf = (
    policies: typeof noPolicies,
    of = use,
    cloud: Parameters<typeof sessionRules>[3] = 'Global',
  ) => sessionRules(policies, someone, of, cloud).continuousAccess;

  test('is spoken by four resources, in the US clouds by Exchange alone', () => {
    expect(onOf(noPolicies)).toBe('on');
    expect(onOf(noPolicies, { ...use, resourceId: graph })).toBe('on');
    expect(onOf(noPolicies, { ...use, resourceId: ledger })).toBe('unspoken');
    expect(onOf(noPolicies, use, 'USGov')).toBe('on');
    expect(onOf(noPolicies, { ...use, resourceId: graph }, 'USGovDoD')).toBe('unspoken');
  });

  test('is off by a policy that covers the user, not by one that only reports', () => {
    const off = accessPolicy({ continuousAccess: 'disabled' });
    expect(onOf({ ...noPolicies, conditionalAccess: [off] })).toBe('off');
    expect(onOf({ ...noPolicies, conditionalAccess: [{ ...off, state: 'ReportOnly' }] })).toBe('on');
    expect(onOf({ ...noPolicies, conditionalAccess: [{ ...off, conditions: ['location'] }] })).toBe('maybe');
    expect(onOf({ ...noPolicies, conditionalAccess: null })).toBe('maybe');
  });
});

test('of sign-in frequencies the shortest counts that covers for sure', () => {
  const every = (hours: number, more: Parameters<typeof accessPolicy>[0] = {}) =>
    accessPolicy({ frequency: { ms: hours * hourMs, everyTime: false, secondFactorOnly: false }, ...more });
  const policies = {
    ...noPolicies,
    conditionalAccess: [
      every(8),
      every(4, { name: 'Four' }),
      every(1, { conditions: ['sign-in risk'] }),
      every(2, { state: 'ReportOnly' }),
      every(3, { state: 'Disabled' }),
    ],
  };
  const use = { appId: teams, resourceId: graph, clientApp: 'Browser' };
  expect(sessionRules(policies, someone, use, null).frequency).toEqual({ ms: 4 * hourMs, policy: '"Four"' });
});
