import { expect, test } from 'vitest';
import type { RevocationResult } from '../../src/protocol/row.ts';
import type { SimulatedTenantOptions } from '../../src/simulator/simulated-tenant.ts';
import { type CommandRun, usersession } from '../support/command-line.ts';
import { type SignInStage, signInStage } from '../support/sign-in-stage.ts';

const rowsOf = (run: CommandRun) => JSON.parse(run.out) as RevocationResult[];

const members = ({ tenant }: SignInStage, count: number): string[] =>
  tenant.users
    .filter(u => !u.userPrincipalName.includes('#EXT#') && u.roles.length === 0)
    .slice(0, count)
    .map(u => u.id);

/** Revokes many, and does something when so many were revoked. */
function revokeMany(
  stage: SignInStage,
  ids: readonly string[],
  env: Record<string, string>,
  [after, what]: [revoked: number, what: () => void],
): Promise<CommandRun> {
  const timer = setInterval(() => {
    if (stage.tenant.record.length < after) return;
    clearInterval(timer);
    what();
  }, 2);
  return usersession(['revoke', '--users-from', '-', '--force', '--output', 'json'], {
    env: { ...stage.env, ...env },
    input: ids.join('\n'),
  }).finally(() => clearInterval(timer));
}

/** Lets two hundred through at a time, so that a run of more has a middle. */
const many: SimulatedTenantOptions = {
  users: 700,
  latencyMs: 60,
  writeQuota: { limit: 200, windowSeconds: 2, model: 'sliding' },
};

test.each(['batch', 'item'] as const)(
  'a claims challenge (%s) in the middle of 500 users costs one or two tokens, and nobody is lost',
  async where => {
    const stage = await signInStage(many);
    const ids = members(stage, 500);
    const run = await revokeMany(stage, ids, stage.secretEnv, [
      150,
      () => stage.tenant.challenge({ appId: stage.app.appId, where }),
    ]);
    const rows = rowsOf(run);
    expect(run.err).toContain('500 of 500 revoked');
    expect(run.code).toBe(0);
    expect(rows.map(r => r.userId).sort()).toEqual([...ids].sort());
    expect(new Set(rows.map(r => r.outcome))).toEqual(new Set(['Revoked']));
    expect(stage.tenant.record.map(r => r.userId).sort()).toEqual([...ids].sort());
    const extra = stage.tenant.signIns.length - 1;
    expect(extra).toBeGreaterThanOrEqual(1);
    expect(extra).toBeLessThanOrEqual(2);
    expect(stage.tenant.signIns.every(one => one.succeeded)).toBe(true);
  },
);

/** The rows agree with what the tenant did, and there is one for everybody. */
function expectHonest(stage: SignInStage, ids: readonly string[], run: CommandRun): void {
  const rows = rowsOf(run);
  expect(rows.map(r => r.reference).sort()).toEqual([...ids].sort());
  const done = new Set(stage.tenant.record.map(r => r.userId));
  expect(done.size).toBeGreaterThan(0);
  expect(done.size).toBeLessThan(ids.length);
  for (const row of rows) {
    if (row.outcome === 'Revoked') expect(done).toContain(row.userId);
    if (row.outcome === 'Cancelled') expect(done).not.toContain(row.userId ?? row.reference);
  }
}

test.each(['batch', 'item'] as const)(
  'a token that can not be renewed ends the run at a claims challenge (%s), with a row for everybody',
  async where => {
    const stage = await signInStage(many);
    const ids = members(stage, 500);
    const run = await revokeMany(stage, ids, { USERSESSION_ACCESS_TOKEN: stage.tenant.issueToken('app') }, [
      150,
      () => stage.tenant.challenge({ where }),
    ]);
    expect(run.code).toBe(3);
    expect(run.err).toMatch(
      /error: Graph refuses the token \(.*\), and there is no other one: An access token that was given can not be renewed\. Get a fresh one\. Sign in again, then resume the run/,
    );
    expectHonest(stage, ids, run);
  },
);

test('a secret that expires in the middle of a run: the code of Entra stands in what stops it', async () => {
  const stage = await signInStage(many);
  const ids = members(stage, 500);
  const run = await revokeMany(stage, ids, stage.secretEnv, [
    150,
    () => {
      stage.tenant.registerApp({
        ...stage.app,
        secrets: [{ value: stage.secret, expiresAt: Date.now() - 1 }],
      });
      stage.tenant.challenge();
    },
  ]);
  expect(run.code).toBe(3);
  expect(run.err).toMatch(
    /there is no other one: AADSTS7000222: The client secret has expired\. Make a new one/,
  );
  expectHonest(stage, ids, run);
  // Refused once, and not for each of the batches that were on the way.
  expect(stage.tenant.signIns.filter(one => !one.succeeded).length).toBeLessThanOrEqual(3);
});

test('a run of 20 seconds with tokens of eight loses nobody', async () => {
  const stage = await signInStage({
    users: 700,
    accessTokenLifetimeSeconds: 8,
    latencyMs: 30,
    writeQuota: { limit: 20, windowSeconds: 1, model: 'bucket' },
  });
  const ids = members(stage, 400);
  const start = Date.now();
  const run = await usersession(['revoke', '--users-from', '-', '--force', '--output', 'json'], {
    env: stage.secretEnv,
    input: ids.join('\n'),
  });
  expect(Date.now() - start).toBeGreaterThan(16_000);
  expect(run.err).toContain('400 of 400 revoked');
  expect(run.code).toBe(0);
  expect(stage.tenant.record.map(r => r.userId).sort()).toEqual([...ids].sort());
  expect(stage.tenant.signIns.length).toBeGreaterThanOrEqual(3);
  expect(stage.tenant.signIns.length).toBeLessThanOrEqual(12);
});
