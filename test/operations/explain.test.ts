import { expect, test } from 'vitest';
import { simulatedRun, type SimulatedRunOptions } from '../support/simulated-run.ts';
import { revokingPermissions } from '../support/simulated-reading.ts';

const hourMs = 3_600_000;
const persona = { persona: 'app', permissions: revokingPermissions } as const;

const opened = (options: SimulatedRunOptions = {}) =>
  simulatedRun({
    persona,
    signIns: { cast: false, mostAlternatives: 50 },
    run: { explain: true },
    ...options,
  });

test('a row says until when the last session lasts, and why', async () => {
  const { run, tenant, clock } = await opened();
  const users = tenant.users.filter(user => user.accountEnabled && !user.external).slice(0, 4);
  const [mail, ledger, web, none] = users.map(user => user.id);
  const { apps } = tenant.sessions;
  tenant.sessions.open({ user: mail!, app: apps.outlookMobile, continuousAccess: true });
  tenant.sessions.open({ user: ledger!, app: apps.outlookMobile, continuousAccess: true });
  tenant.sessions.open({ user: ledger!, app: apps.ledger });
  tenant.sessions.open({ user: web!, app: apps.outlookMobile });
  tenant.sessions.open({ user: web!, app: apps.travel });
  await clock.sleep(60_000);
  const rows = await Promise.all([mail, ledger, web, none].map(id => run.revoke({ text: id! })));
  const summary = await run.end();
  expect(summary.outcomes).toEqual({ Revoked: 4 });
  const hours = rows.map(row =>
    row.accessUntil ? (Date.parse(row.accessUntil) - Date.parse(row.sessionsValidFrom!)) / hourMs : null,
  );
  expect(hours.map(one => one && Math.round(one * 100) / 100)).toEqual([0.25, 8, null, 8]);
  expect(rows.map(row => row.confidence)).toEqual(['Known', 'Known', 'Inferred', 'Inferred']);
  expect(rows[2]?.because).toContain('SAML');
  expect(rows[3]?.because).toContain('shows no sign-in');
});

test('what the proof read of somebody counts: continuous access was switched off for a guest who signs in here', async () => {
  const { run, tenant, clock } = await opened({ policies: {} });
  const guest = tenant.users.find(user => user.userPrincipalName.startsWith('intern.guest'))!;
  tenant.sessions.open({ user: guest.id, app: tenant.sessions.apps.outlookMobile, continuousAccess: true });
  await clock.sleep(60_000);
  tenant.setPolicies({
    conditionalAccess: [
      {
        displayName: 'No continuous access for guests',
        conditions: { users: { includeUsers: ['GuestsOrExternalUsers'] } },
        sessionControls: { continuousAccessEvaluation: { mode: 'disabled' } },
      },
    ],
  });
  const row = await run.revoke({ text: guest.id });
  await run.end();
  expect(row).toMatchObject({ outcome: 'Revoked', confidence: 'Inferred' });
  expect((Date.parse(row.accessUntil!) - Date.parse(row.sessionsValidFrom!)) / hourMs).toBeCloseTo(1.5, 2);
});

test('hundreds of rows are read together: a request for fifty, and the policies once', async () => {
  const { run, tenant } = await opened();
  const users = tenant.users.filter(user => !user.external).slice(0, 200);
  const rows = await Promise.all(users.map(user => run.revoke({ text: user.id })));
  await run.end();
  expect(rows.every(row => row.because !== undefined)).toBe(true);
  const asked = (part: string) => tenant.requests.filter(({ path }) => path.includes(part));
  expect(asked('/auditLogs/signIns').length).toBeLessThanOrEqual(12);
  expect(asked('conditionalAccess')).toHaveLength(1);
  expect(tenant.requests.filter(({ status }) => status === 429)).toEqual([]);
});

test('what can not be read is a warning of the run, once, and the rows tell the worst case', async () => {
  const warnings: string[] = [];
  const { run, tenant } = await opened({
    persona: { persona: 'app', permissions: ['User.RevokeSessions.All', 'User.Read.All'] },
    onWarning: warning => warnings.push(warning),
  });
  const users = tenant.users.filter(user => !user.external).slice(0, 2);
  const rows = await Promise.all(users.map(user => run.revoke({ text: user.id })));
  await run.end();
  expect(rows).toMatchObject([{ outcome: 'Revoked', confidence: 'Inferred' }, { confidence: 'Inferred' }]);
  expect(warnings.filter(one => one.includes('Policy.Read.All'))).toHaveLength(1);
  expect(warnings.filter(one => one.includes('AuditLog.Read.All'))).toHaveLength(1);
});

test('external users have no end here, and whoever was not revoked has no explanation', async () => {
  const { run, tenant } = await opened({ run: { explain: true, excludeUsers: [] } });
  const guest = tenant.users.find(user => user.external)!;
  const rows = await Promise.all([
    run.revoke({ text: guest.id }),
    run.revoke({ text: tenant.deletedUsers[0]!.id }),
  ]);
  await run.end();
  expect(rows[0]).toMatchObject({ outcome: 'NoEffect', accessUntil: null, confidence: 'Known' });
  expect(rows[1]).toMatchObject({ outcome: 'NotFound' });
  expect(rows[1]).not.toHaveProperty('because');
});

test('without being asked nothing is read and no row has more in it', async () => {
  const { run, tenant } = await opened({ run: {} });
  const row = await run.revoke({ text: tenant.users[0]!.id });
  await run.end();
  expect(Object.keys(row)).not.toContain('because');
  expect(tenant.requests.some(({ path }) => path.includes('signIns'))).toBe(false);
});

test('a run that is stopped does not wait for explanations', async () => {
  const { run, tenant, clock } = await opened({ latencyMs: 100 });
  const users = tenant.users.filter(user => !user.external).slice(0, 250);
  const work = users.map(user => run.revoke({ text: user.id }));
  await Promise.race(work);
  const stoppedAt = clock.now();
  run.stop({ code: 'Stopped', message: 'stop' });
  const rows = await Promise.all(work);
  await run.end();
  expect(clock.now() - stoppedAt).toBeLessThan(2000);
  expect(rows.filter(row => row.outcome === 'Revoked')).toHaveLength(tenant.record.length);
});
