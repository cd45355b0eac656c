import { expect, test } from 'vitest';
import { RequestError } from '../../src/protocol/errors.ts';
import type { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const refusal = async (options: Parameters<typeof simulatedRun>[0]): Promise<RequestError> => {
  const error: unknown = await simulatedRun(options).then(
    () => null,
    e => e,
  );
  expect(error).toBeInstanceOf(RequestError);
  return error as RequestError;
};

test.each([
  ['a person', { persona: 'reader' as const }, /Connect-MgGraph -Scopes/],
  ['an app', { permissions: ['User.Read.All'], appOnly: true }, /application permission/],
])('%s without the permission to revoke is refused before anything is sent', async (_who, persona, how) => {
  let tenant: SimulatedTenant | undefined;
  const error = await refusal({ persona, onTenant: t => (tenant = t) });
  expect(error.code).toBe('NotAllowed');
  expect(error.message).toMatch(/lacks the permission User\.RevokeSessions\.All/);
  expect(error.message).toMatch(how);
  expect(tenant?.requests).toEqual([]);
});

test.each(['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'])(
  '%s is enough to revoke, whatever the tables say',
  async permission => {
    const { run, tenant } = await simulatedRun({ persona: { permissions: [permission], appOnly: true } });
    const [user] = tenant.users.filter(u => !u.userPrincipalName.includes('#EXT#'));
    await run.revoke({ text: user?.id ?? '' });
    expect(tenant.record.map(r => r.userId)).toEqual([user?.id]);
  },
);

test('-WhatIf without the permission to revoke warns and shows who it would be', async () => {
  const warnings: string[] = [];
  const { run, tenant } = await simulatedRun({
    persona: 'reader',
    run: { whatIf: true },
    onWarning: w => warnings.push(w),
  });
  const [user] = tenant.users;
  expect((await run.describe({ text: user?.id ?? '' })).text).toContain(user?.displayName);
  expect(warnings.join()).toMatch(/lacks the permission User\.RevokeSessions\.All/);
});

test('a sign-in that can not read the proof is told before, and is not when no proof is wanted', async () => {
  const warnings: string[] = [];
  const persona = { permissions: ['User.RevokeSessions.All'], appOnly: true };
  await simulatedRun({ persona, onWarning: w => warnings.push(w) });
  expect(warnings.join()).toMatch(/Unverified: the sign-in lacks the permission User\.Read\.All/);
  warnings.length = 0;
  await simulatedRun({ persona, run: { skipVerification: true }, onWarning: w => warnings.push(w) });
  expect(warnings).toEqual([]);
});

test('a person whose token shows no role that revokes anybody is told which ones do', async () => {
  const warnings: string[] = [];
  await simulatedRun({ persona: 'member', onWarning: w => warnings.push(w) });
  expect(warnings.join()).toMatch(
    /It takes one of: Helpdesk Administrator, .*Privileged Identity Management/,
  );
});

test.each([
  ['group', { kind: 'group', group: 'Sales Team' } as const, 'GroupMember.Read.All'],
  ['filter', { kind: 'filter', filter: "department eq 'Sales'" } as const, 'User.Read.All'],
])(
  'a %s that Graph does not show is explained by the permission that is missing',
  async (_what, source, name) => {
    const { run } = await simulatedRun({
      persona: { permissions: ['User.RevokeSessions.All'], appOnly: true },
    });
    await expect(run.find(source)).rejects.toThrow(new RegExp(`lacks the permission ${name}`));
  },
);
