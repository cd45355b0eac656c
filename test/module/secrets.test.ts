import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { token } from '../host/small-tenant.ts';
import { runModule, startModule } from './with-stub.ts';

const secret = 'Sesame-4711';
const secure = `(ConvertTo-SecureString $env:THE_SECRET -AsPlainText -Force)`;
const jwt = token({ tid: 'tenant-1', upn: 'a@x', salt: secret });

const ways: [parameters: string, secret: string][] = [
  [`-TenantId t -ClientSecretCredential ([pscredential]::new('app-1', ${secure}))`, secret],
  [`-TenantId t -ClientId app-1 -CertificatePath a.pfx -CertificatePassword ${secure}`, secret],
  [`-AccessToken ${secure}`, jwt],
];

/** Everything that a script can look at: streams, objects, errors with all that hangs on them, the command's own words. */
const look = `
  foreach ($record in $Error) { $record | Format-List * -Force; $record.InvocationInfo.BoundParameters; $record.Exception.ToString() }
  Get-History`;

test.each(ways)('the secret of %s is in nothing that is shown', async (parameters, hidden) => {
  for (const method of ['none', 'tenant/connect', 'run/begin'] as const) {
    const run = await runModule(
      `Connect-UserSessionTenant ${parameters} -Verbose -Debug
       Get-UserSessionTenant -Verbose; Test-UserSessionAccess -Verbose
       'notfound@x', 'a@x' | Revoke-UserSession -Verbose
       Disconnect-UserSessionTenant -Verbose ${look}`,
      {
        unconnected: true,
        env: { THE_SECRET: hidden, MG_STANDIN_TOKEN: null },
        stub: { refuse: { method, code: 'NotSignedIn', message: 'AADSTS7000215: wrong.' } },
      },
    );
    expect(JSON.stringify(run.messages)).toContain(hidden);
    expect(run.events.length).toBeGreaterThan(3);
    expect(JSON.stringify(run.events) + run.stderr).not.toContain(hidden);
  }
});

test('an engine that dies with the secret in hand does not make it visible', async () => {
  const run = await runModule(
    `$null = Connect-UserSessionTenant -AccessToken ${secure}; 'a@x' | Revoke-UserSession; ${look}`,
    { unconnected: true, env: { THE_SECRET: jwt }, stub: { dieAt: 1 } },
  );
  expect(run.errors.at(-1)!.fullyQualifiedErrorId).toBe('EngineStopped,Revoke-UserSession');
  expect(JSON.stringify(run.events) + run.stderr).not.toContain(jwt);
});

test('what was forgotten is gone from memory that a script can reach', async () => {
  const run = await runModule(
    `$null = Connect-UserSessionTenant -AccessToken ${secure}
     $kept = & (Get-Module UserSession) { $script:Connection.Secret }
     $null = Connect-UserSessionTenant -Identity
     try { $kept.Copy() } catch { $_.Exception.GetBaseException().GetType().Name }`,
    { unconnected: true, env: { THE_SECRET: jwt } },
  );
  expect(run.outputs.map(output => output.text)).toEqual(['ObjectDisposedException']);
});

test.runIf(process.platform === 'linux')('no process has a secret among its arguments', async () => {
  const running = startModule(
    `$null = Connect-UserSessionTenant -TenantId t -ClientSecretCredential ([pscredential]::new('app-1', (ConvertTo-SecureString ('${secret.slice(0, 6)}' + '${secret.slice(6)}') -AsPlainText -Force)))
     'a@x' | Revoke-UserSession`,
    { unconnected: true, stub: { delay: 1500 } },
  );
  for (let tries = 0; tries < 200 && running.pids().length === 0; tries += 1) await sleep(50);
  const seen = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
      } catch {
        // Another's, or gone.
        return '';
      }
    });
  const run = await running.finished;
  expect(run.errors).toEqual([]);
  expect(seen.join('\n')).toContain('stub-engine');
  expect(seen.join('\n')).not.toContain(secret);
});
