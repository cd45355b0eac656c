import { expect, test } from 'vitest';
import { startHostileGraph } from '../support/hostile-graph.ts';
import { hostileShown, hostileText } from '../support/hostile-text.ts';
import { startTenant } from '../support/tenant.ts';
import { runPowerShell } from './power-shell.ts';
import { inTenant, rowsOf } from './with-engine.ts';

const local = hostileText.replaceAll(/[@\s]/g, '');

async function hostileSession() {
  const t = await startTenant();
  const [first, second, third] = t.tenant.users.filter(
    u => u.accountEnabled && !u.external && u.roles.length === 0,
  );
  const ids = [first!.id, second!.id];
  const graph = await startHostileGraph(t, (path, { status, body }) => {
    if (path.includes('revokeSignInSessions') && path.includes(second!.id))
      return { status: 418, body: { error: { code: hostileText, message: hostileText } } };
    if (path.includes('revokeSignInSessions') && path.includes(third!.id))
      return { status: 200, body: { value: true } };
    const one = (raw: unknown): unknown => {
      const { id } = (raw ?? {}) as { id?: string };
      if (path.includes('organization')) return { ...(raw as object), displayName: hostileText };
      return id !== undefined && [...ids, third!.id].includes(id)
        ? {
            ...(raw as object),
            displayName: hostileText,
            userPrincipalName: `${local}@contoso.example`,
            signInSessionsValidFromDateTime:
              id === third!.id
                ? null
                : (raw as { signInSessionsValidFromDateTime?: string }).signInSessionsValidFromDateTime,
          }
        : raw;
    };
    const list = (body as { value?: unknown } | undefined)?.value;
    return { status, body: Array.isArray(list) ? { ...(body as object), value: list.map(one) } : one(body) };
  });
  const run = (script: string, more = {}) =>
    runPowerShell(...inTenant({ ...t, url: graph.url }, script, { persona: 'app', ...more }));
  return { run, ids: [...ids, third!.id].map(id => `'${id}'`).join(',') };
}

/** Everything that a person reads, except the objects, which hold names as they are. */
const shown = (run: Awaited<ReturnType<typeof runPowerShell>>): string =>
  [
    ...run.errors.map(error => error.message),
    ...run.warnings,
    ...run.verbose,
    ...run.information,
    ...run.whatIf,
    ...run.progress.map(progress => JSON.stringify(progress)),
    ...run.prompts.map(prompt => `${prompt.message}`),
    run.hostText,
  ].join('\n');

test('a hostile tenant steers no console through errors, warnings, verbose lines and the summary, and rows hold its names as they are', async () => {
  const { run, ids } = await hostileSession();
  const done = await run(`${ids}, ([char]27 + '[2Jx') | Revoke-UserSession -Verbose -VerificationTime 1`);
  expect(
    rowsOf(done.outputs)
      .map(row => row['Outcome'])
      .sort(),
  ).toEqual(['Failed', 'InvalidReference', 'Revoked', 'Unverified']);
  const revoked = rowsOf(done.outputs).find(row => row['Outcome'] === 'Revoked');
  expect(revoked?.['DisplayName']).toBe(hostileText.toWellFormed());
  expect(done.errors).toHaveLength(2);
  expect(done.warnings.length).toBeGreaterThan(0);
  expect(hostileShown.exec(shown(done))).toBeNull();
});

test('neither through -WhatIf, -Confirm and questions', async () => {
  const { run, ids } = await hostileSession();
  const what = await run(`${ids} | Revoke-UserSession -WhatIf`);
  expect(what.whatIf).toHaveLength(3);
  const asked = await run(`${ids} | Revoke-UserSession -Confirm`, { confirm: ['no', 'no', 'no'] });
  const limited = await run(`${ids} | Revoke-UserSession -MaxUsers 1`, { confirm: ['no'] });
  for (const one of [what, asked, limited]) expect(hostileShown.exec(shown(one))).toBeNull();
});

test.each([
  'IDS | Revoke-UserSession -VerificationTime 1 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue',
  'Get-UserSessionTenant',
  'Get-UserSessionTenant | Format-Table',
  'Test-UserSessionAccess',
  '(Test-UserSessionAccess).Checks',
])('nor through what the console shows of the objects that come from %s', async command => {
  const { run, ids } = await hostileSession();
  const done = await run(command.replace('IDS', ids), { format: { width: 200 } });
  expect(done.errors).toEqual([]);
  expect(done.text).toMatch(/title|Simulated|Revoke/);
  expect(hostileShown.exec(done.text)).toBeNull();
});
