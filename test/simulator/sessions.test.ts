import { expect, test } from 'vitest';
import { every, everyTime } from '../../src/simulator/policies/conditional-access-policy.ts';
import type {
  ClientSession,
  SessionDraft,
  SimulatedTenantOptions,
} from '../../src/simulator/simulated-tenant.ts';
import { places } from '../../src/simulator/sign-ins/surroundings.ts';
import { signInResources } from '../../src/simulator/sign-ins/apps.ts';
import { groupNamed, type GraphItem, ordinary, type Stage, stage } from './stage.ts';

const minute = 60_000;
const hour = 60 * minute;
const auditor = { persona: 'app', permissions: ['AuditLog.Read.All'] } as const;
/** Conditional Access is in use, and does nothing to sessions. */
const inUse = { conditionalAccess: [{ displayName: 'Second factor' }] };

const empty = (options: SimulatedTenantOptions = {}): Promise<Stage> =>
  stage({
    reportQuota: { limit: 1e6, windowSeconds: 10 },
    policies: inUse,
    ...options,
    signIns: { cast: false, ...options.signIns },
  });

/** A session that is used all the time and asks for tokens as often as it can, begun two hours ago unless said otherwise. */
const busy = (s: Stage, draft: Omit<SessionDraft, 'user'> & { user?: string }): ClientSession =>
  s.tenant.sessions.open({
    user: ordinary(s.tenant).id,
    continuousAccess: true,
    authentication: 'password',
    kept: true,
    everyMs: minute,
    eagerness: 1,
    startedAt: s.clock.now - 2 * hour,
    ...draft,
  });

const logOf = async (s: Stage, filter = `userId ne ''`): Promise<GraphItem[]> => {
  const kinds = `(signInEventTypes/any(t: t eq 'interactiveUser') or signInEventTypes/any(t: t eq 'nonInteractiveUser'))`;
  const query = encodeURIComponent(`${kinds} and ${filter}`);
  const { body, status, text } = await s.send(`/beta/auditLogs/signIns?$filter=${query}`, { as: auditor });
  expect(status, text).toBe(200);
  return body.value ?? [];
};
const revoke = (s: Stage, userId: string) =>
  s.send(`/users/${userId}/revokeSignInSessions`, { method: 'POST', body: {}, as: 'globalAdministrator' });
const errorsOf = (log: GraphItem[]) => [
  ...new Set(log.map(entry => (entry['status'] as { errorCode: number }).errorCode)),
];

test('the same seed makes the same sessions, and looking often changes nothing', async () => {
  const lives = await Promise.all(
    [1, 60].map(async looks => {
      const s = await empty();
      s.tenant.sessions.populate(s.tenant.users.slice(0, 10), { perUser: 2 });
      for (let i = 0; i < looks; i++) {
        s.clock.now += (6 * hour) / looks;
        s.tenant.sessions.live();
      }
      return s.tenant.sessions.all.map(session => [session.id, session.aliveUntil(), session.refusedAt]);
    }),
  );
  expect(lives[0]).toEqual(lives[1]);
});

test('a client gets new tokens silently when the old ones have ended, after 60 to 90 minutes', async () => {
  const s = await empty();
  const session = busy(s, { app: 'ledger', eagerness: 0, startedAt: s.clock.now - 20 * hour });
  const log = await logOf(s, `sessionId eq '${session.id}'`);
  const times = log.map(entry => Date.parse(String(entry['createdDateTime'])) / minute).reverse();
  expect(log.filter(entry => entry['isInteractive'])).toHaveLength(1);
  const gaps = times.slice(2).map((time, index) => time - times[index + 1]!);
  expect(gaps.length).toBeGreaterThan(11);
  for (const gap of gaps) {
    expect(gap).toBeGreaterThan(59);
    expect(gap).toBeLessThan(100);
  }
  expect(session.aliveUntil()).toBe(Infinity);
});

test('the authentication has two entries, of which one only tells of continuous access', async () => {
  const s = await empty();
  const sessions = Array.from({ length: 40 }, () =>
    busy(s, { app: 'outlookMobile', startedAt: s.clock.now }),
  );
  const told = await Promise.all(
    sessions.map(async ({ id }) => {
      const entries = await logOf(s, `sessionId eq '${id}'`);
      expect(entries).toHaveLength(2);
      expect(entries[0]?.['correlationId']).toBe(entries[1]?.['correlationId']);
      const flags = entries.filter(entry =>
        JSON.stringify(entry['authenticationProcessingDetails']).includes('"Is CAE Token","value":"True"'),
      );
      expect(flags).toHaveLength(1);
      return flags[0]?.['isInteractive'];
    }),
  );
  expect(new Set(told)).toEqual(new Set([true, false]));
});

test('a revocation ends everything, each at its time', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const s = await empty({ seed });
    const user = ordinary(s.tenant).id;
    const made = {
      outlook: busy(s, { app: 'outlook' }),
      outlookOld: busy(s, { app: 'outlook', continuousAccess: false }),
      ledger: busy(s, { app: 'ledger' }),
      portal: busy(s, { app: 'portal' }),
      timesheets: busy(s, { app: 'timesheets' }),
      travel: busy(s, { app: 'travel' }),
    };
    await revoke(s, user);
    const at = s.clock.now;
    const left = (session: ClientSession) => (session.aliveUntil() - at) / minute;
    expect(left(made.outlook)).toBeGreaterThan(0);
    expect(left(made.outlook)).toBeLessThanOrEqual(15);
    for (const name of ['outlookOld', 'ledger', 'portal', 'timesheets'] as const) {
      // Asked for all the time: one of the tokens is nearly as long as they get.
      expect(left(made[name]), name).toBeGreaterThan(60);
      expect(left(made[name]), name).toBeLessThanOrEqual(90);
    }
    expect(left(made.travel)).toBeGreaterThan(8 * 60);
    s.clock.now += 100 * hour;
    expect(left(made.ledger)).toBeLessThanOrEqual(90);
    const after = new Date(at + 1000).toISOString();
    const log = await logOf(s, `createdDateTime ge ${after} and userId eq '${user}'`);
    expect(errorsOf(log).sort()).toEqual([50133, 50173]);
  }
});

test('each resource of an app ends by itself', async () => {
  const s = await empty({ signIns: { continuousAccessInExchangeOnly: true } });
  const session = busy(s, { app: 'outlook' });
  s.tenant.revokeElsewhere(session.userId);
  const until = (id: string) => (session.aliveUntil(id) - s.clock.now) / minute;
  expect(until(signInResources.exchange.id)).toBeLessThanOrEqual(15);
  expect(until(signInResources.graph.id)).toBeGreaterThan(60);
  expect(session.canReach(signInResources.graph.id, s.clock.now + 59 * minute)).toBe(true);
  expect(session.canReach(signInResources.graph.id, s.clock.now + 91 * minute)).toBe(false);
});

test.each([
  ['changed', { native: true, browser: true, nativeKey: false, browserKey: false, server: false }],
  ['reset', { native: true, browser: true, nativeKey: true, browserKey: false, server: true }],
] as const)('a password that is %s ends what the table of Microsoft says', async (how, ended) => {
  const s = await empty();
  const passwordless = { authentication: 'passwordless' } as const;
  const made = {
    native: busy(s, { app: 'ledger' }),
    browser: busy(s, { app: 'portal' }),
    nativeKey: busy(s, { app: 'ledger', ...passwordless }),
    browserKey: busy(s, { app: 'portal', ...passwordless }),
    server: busy(s, { app: 'customers', ...passwordless }),
  };
  s.tenant.changePassword(ordinary(s.tenant).id, how);
  for (const [name, over] of Object.entries(ended))
    expect(made[name as keyof typeof made].aliveUntil() < Infinity, name).toBe(over);
});

test('an account that is disabled gets no tokens, and does again when it is enabled', async () => {
  const s = await empty();
  const user = ordinary(s.tenant);
  const [mail, ledger] = [busy(s, { app: 'outlookWeb' }), busy(s, { app: 'ledger' })];
  s.tenant.setEnabled(user.id, false);
  expect(mail.aliveUntil()).toBeLessThanOrEqual(s.clock.now + 15 * minute);
  expect(ledger.aliveUntil()).toBeLessThanOrEqual(s.clock.now + 90 * minute);
  expect(s.tenant.sessions.signInAgain(ledger)).toEqual({ errorCode: 50057 });
  const { body } = await s.send(`/users?$filter=accountEnabled eq false`.replaceAll(' ', '%20'));
  expect(body.value?.map(one => one['id'])).toContain(user.id);
  s.tenant.setEnabled(user.id, true);
  expect(ledger.aliveUntil()).toBe(Infinity);
});

test('a sign-in frequency ends a session when it is due, with continuous access too; report-only ends nothing', async () => {
  const frequency = { sessionControls: { signInFrequency: every(4, 'hours') } };
  const s = await empty({ policies: { conditionalAccess: [frequency] } });
  const startedAt = s.clock.now;
  const sessions = [busy(s, { app: 'ledger', startedAt }), busy(s, { app: 'outlookMobile', startedAt })];
  s.clock.now += 30 * hour;
  for (const session of sessions) {
    session.live(s.clock.now);
    expect(session.aliveUntil()).toBeGreaterThan(startedAt + 4 * hour);
    expect(session.aliveUntil()).toBeLessThanOrEqual(startedAt + 5.5 * hour);
  }
  expect(errorsOf(await logOf(s))).toContain(70043);
  s.tenant.setPolicies({
    conditionalAccess: [
      { ...frequency, state: 'enabledForReportingButNotEnforced' },
      { sessionControls: {} },
    ],
  });
  expect(busy(s, { app: 'ledger', startedAt: s.clock.now - 9 * hour }).aliveUntil()).toBe(Infinity);
  s.tenant.setPolicies({ conditionalAccess: [{ sessionControls: { signInFrequency: everyTime } }] });
  const often = busy(s, { app: 'ledger', startedAt: s.clock.now });
  s.clock.now += hour;
  expect(often.aliveUntil()).toBeLessThanOrEqual(often.plan.startedAt + 95 * minute);
});

test('token lifetimes: a default of the organisation beats the one of the resource, and neither counts with continuous access', async () => {
  const s = await empty();
  const resource = { accessTokenSeconds: 8 * 3600, appIds: [signInResources.ledger.id] };
  const left = (app: 'ledger' | 'portal' | 'outlookMobile') => {
    const session = busy(s, { app, startedAt: s.clock.now });
    s.tenant.revokeElsewhere(session.userId);
    return Math.round((session.aliveUntil() - s.clock.now) / minute);
  };
  s.tenant.setPolicies({ ...inUse, tokenLifetimes: [resource] });
  expect(left('ledger')).toBe(8 * 60);
  expect(left('portal')).toBeLessThanOrEqual(90);
  s.tenant.setPolicies({
    ...inUse,
    tokenLifetimes: [resource, { accessTokenSeconds: 1200, isOrganizationDefault: true }],
  });
  expect([left('ledger'), left('portal')]).toEqual([20, 20]);
  expect(left('outlookMobile')).toBeLessThanOrEqual(15);
});

test('without Conditional Access the clients of Microsoft 365 get tokens of two hours', async () => {
  const s = await empty({ policies: { conditionalAccess: [{ state: 'disabled' }] } });
  const session = busy(s, { app: 'teams', continuousAccess: false, startedAt: s.clock.now });
  s.tenant.revokeElsewhere(session.userId);
  expect(session.aliveUntil()).toBe(s.clock.now + 2 * hour);
});

test('continuous access can be switched off for some: their tokens live on', async () => {
  const s = await empty();
  const contractors = groupNamed(s.tenant, 'Contractors');
  s.tenant.setPolicies({
    conditionalAccess: [
      {
        conditions: { users: { includeGroups: [contractors.id] } },
        sessionControls: { continuousAccessEvaluation: { mode: 'disabled' } },
      },
    ],
  });
  const member = contractors.memberIds
    .map(id => s.tenant.users.find(u => u.id === id))
    .find(u => u && !u.external)!;
  const [theirs, others] = [
    busy(s, { app: 'outlookMobile', user: member.id }),
    busy(s, { app: 'outlookMobile' }),
  ];
  for (const { userId } of [theirs, others]) s.tenant.revokeElsewhere(userId);
  expect(theirs.aliveUntil() - s.clock.now).toBeGreaterThan(60 * minute);
  expect(others.aliveUntil() - s.clock.now).toBeLessThanOrEqual(15 * minute);
});

test('a guest signs in at home: a revocation here changes nothing', async () => {
  const s = await empty();
  const guest = s.tenant.users.find(user => user.external && user.accountEnabled)!;
  const session = busy(s, { app: 'teams', user: guest.id });
  await revoke(s, guest.id);
  s.clock.now += 5 * hour;
  expect(session.aliveUntil()).toBe(Infinity);
  const [entry] = await logOf(s, `sessionId eq '${session.id}'`);
  expect(entry).toMatchObject({ crossTenantAccessType: 'b2bCollaboration', homeTenantId: null });
});

test('a session that is older than the time from which sessions are valid has ended then', async () => {
  const s = await empty();
  const user = ordinary(s.tenant);
  const validFrom = Date.parse(user.signInSessionsValidFromDateTime);
  const session = busy(s, { app: 'ledger', startedAt: validFrom - hour });
  expect(session.aliveUntil()).toBeLessThanOrEqual(validFrom + 90 * minute);
});

test('whoever knows the password comes back, until it is changed or the account is disabled', async () => {
  const s = await empty();
  const stolen = busy(s, {
    app: 'outlookWeb',
    stolenAt: s.clock.now - 3 * hour,
    returnsAfterMs: 5 * minute,
    place: places.abroad,
  });
  await revoke(s, stolen.userId);
  const revokedAt = s.clock.now;
  s.clock.now += hour;
  const back = s.tenant.sessions.of(stolen.userId).find(session => session !== stolen)!;
  expect(back.plan.startedAt).toBe(stolen.refusedAt! + 5 * minute);
  expect(back.plan.startedAt).toBeGreaterThan(revokedAt);
  const seen = await logOf(s, `sessionId eq '${back.id}'`);
  expect(seen.at(-1)).toMatchObject({
    isInteractive: true,
    ipAddress: '192.0.2.66',
    status: { errorCode: 0 },
  });

  expect(s.tenant.sessions.signInAgain(stolen, { place: places.train }).session?.plan.place).toBe(
    places.train,
  );
  s.clock.now += minute;
  s.tenant.changePassword(stolen.userId);
  expect(s.tenant.sessions.signInAgain(stolen)).toEqual({ errorCode: 50126 });
  const own = busy(s, { app: 'ledger', startedAt: s.clock.now });
  expect(s.tenant.sessions.signInAgain(own).errorCode).toBe(0);
  s.tenant.sessions.tryToSignIn({ user: stolen.userId, app: 'imap' }, 50053);
  const [tried] = await logOf(s, `status/errorCode eq 50053`);
  expect(tried).toMatchObject({ clientAppUsed: 'IMAP4', isInteractive: true, sessionId: null });
});

test('while a revocation is being enforced an old session may still get tokens', async () => {
  const s = await empty({ signIns: { enforcementMs: { from: 4 * minute, to: 5 * minute } } });
  const session = busy(s, { app: 'ledger' });
  const mail = busy(s, { app: 'outlookMobile' });
  await revoke(s, session.userId);
  const at = s.clock.now;
  s.clock.now += hour;
  s.tenant.sessions.live();
  const after = session.lastIssued(signInResources.ledger.id)! - at;
  expect(after).toBeGreaterThan(2 * minute);
  expect(after).toBeLessThanOrEqual(5 * minute);
  expect(mail.aliveUntil()).toBeLessThanOrEqual(at + 15 * minute);
});

test('a rehearsal finds people at work, one with a stranger in the mailbox, and the stranger comes back', async () => {
  const s = await stage({ reportQuota: { limit: 1000, windowSeconds: 10 } });
  const megan = s.tenant.users.find(user => user.userPrincipalName.startsWith('meganb@'))!;
  const sales = s.tenant.users.filter(user => user.department === 'Sales' && user.accountEnabled);
  for (const user of sales) expect(s.tenant.sessions.of(user.id).length, user.displayName).toBeGreaterThan(1);
  const abroad = async () =>
    (await logOf(s, `userId eq '${megan.id}'`)).filter(e => e['ipAddress'] === '192.0.2.66');
  expect(new Set((await abroad()).map(entry => entry['sessionId'])).size).toBe(1);
  await revoke(s, megan.id);
  s.clock.now += 30 * minute;
  const sessions = new Set((await abroad()).map(entry => entry['sessionId']));
  expect(sessions.size).toBe(2);
});

test('the rehearsal has sign-ins of all four kinds, and somebody who tries a disabled account', async () => {
  const s = await stage({ reportQuota: { limit: 1000, windowSeconds: 10 } });
  for (const kind of ['servicePrincipal', 'managedIdentity']) {
    const query = encodeURIComponent(`signInEventTypes/any(t: t eq '${kind}')`);
    const { body } = await s.send(`/beta/auditLogs/signIns?$filter=${query}`, { as: auditor });
    expect(body.value?.length, kind).toBeGreaterThan(2);
  }
  const diego = s.tenant.users.find(user => user.mailNickname === 'diegos')!;
  const log = await logOf(s, `userId eq '${diego.id}'`);
  expect(errorsOf(log)).toEqual([50057]);
  expect(log.map(entry => entry['clientAppUsed'])).toEqual(['IMAP4', 'IMAP4', 'IMAP4']);
});
