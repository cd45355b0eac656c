import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ClientSecretCredential } from '@azure/identity';
import { expect, onTestFinished, test } from 'vitest';
import { cliOut } from '../../build/paths.ts';
import { usersession } from '../support/command-line.ts';

/** Starts the built simulator; `untilText` is the last thing that it is waited for. */
async function start(
  args: string[],
  untilText: RegExp,
): Promise<{ out: string; end: () => Promise<number | null> }> {
  const child = spawn(cliOut, ['simulate', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const end = () => {
    child.kill('SIGTERM');
    return exited;
  };
  onTestFinished(async () => void (await end()));
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (untilText.test(line)) break;
  }
  return { out: lines.join('\n'), end };
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'usersession simulate-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('with --tls --json one signs in with what it prints, and tokens live as long as they are told to', async () => {
  const file = join(scratch(), 'ca.pem');
  const { out, end } = await start(['--tls', '--ca-file', file, '--token-lifetime', '900', '--json'], /^\{/);
  const about = JSON.parse(out);
  expect(about.graphUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(about.loginUrl).toBe(about.graphUrl);
  expect(about.caFile).toBe(file);
  expect(readFileSync(file, 'utf8')).toBe(about.caCertificate);
  expect(about.environment).toEqual({
    USERSESSION_GRAPH_URL: about.graphUrl,
    USERSESSION_LOGIN_URL: about.loginUrl,
    AZURE_TENANT_ID: about.tenantId,
    AZURE_CLIENT_ID: about.apps.confidential.clientId,
    AZURE_CLIENT_SECRET: about.apps.confidential.clientSecret,
    NODE_EXTRA_CA_CERTS: file,
  });
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(file, 'utf8')]);
  const { clientId, clientSecret } = about.apps.confidential;
  const credential = new ClientSecretCredential(about.tenantId, clientId, clientSecret, {
    authorityHost: about.loginUrl,
    disableInstanceDiscovery: true,
  });
  const { token, expiresOnTimestamp } = await credential.getToken('https://graph.microsoft.com/.default');
  expect(Math.round((expiresOnTimestamp - Date.now()) / 60_000)).toBe(15);
  const heard = await fetch(`${about.graphUrl}/v1.0/users?$top=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(heard.status).toBe(200);
  expect(await end()).toBe(0);
});

test('with --json a machine finds the managed identities and the app that people use, without TLS as well', async () => {
  const about = JSON.parse((await start(['--json'], /^\{/)).out);
  expect(about.graphUrl).toMatch(/^http:/);
  expect(about).not.toHaveProperty('caFile');
  const { identityEndpoint, identityHeader, userAssignedClientId } = about.managedIdentity;
  const query = `api-version=2019-08-01&resource=${about.graphUrl}&client_id=${userAssignedClientId}`;
  const response = await fetch(`${identityEndpoint}?${query}`, {
    headers: { 'X-IDENTITY-HEADER': identityHeader },
  });
  expect(await response.json()).toMatchObject({ client_id: userAssignedClientId, token_type: 'Bearer' });
  const begun = await fetch(`${about.loginUrl}/${about.tenantId}/oauth2/v2.0/devicecode`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: about.apps.public.clientId, scope: 'openid' }),
  });
  expect(begun.status).toBe(200);
});

test('a person gets lines for the shell, which are quoted where they have to be', async () => {
  const file = join(scratch(), "it's.pem");
  const { out } = await start(['--tls', '--ca-file', file], /^People sign in/);
  for (const name of [
    'USERSESSION_GRAPH_URL',
    'USERSESSION_LOGIN_URL',
    'AZURE_TENANT_ID',
    'AZURE_CLIENT_ID',
    'AZURE_CLIENT_SECRET',
    'NODE_EXTRA_CA_CERTS',
  ])
    expect(out).toMatch(new RegExp(`^  export ${name}=\\S`, 'm'));
  const lines = out.split('\n').filter(line => line.startsWith('  export '));
  const shell = spawn('sh', ['-c', `${lines.join('\n')}\nprintf %s "$NODE_EXTRA_CA_CERTS"`]);
  let heard = '';
  shell.stdout.setEncoding('utf8').on('data', text => (heard += text));
  await once(shell, 'close');
  expect(heard).toBe(file);
});

test('without TLS it says what signing in takes', async () => {
  expect((await start([], /^An app with a secret/)).out).toContain('--tls --ca-file FILE');
});

test.each([
  [['--ca-file', 'x.pem'], /Without --tls/],
  [['--tls', '--ca-file', join(tmpdir(), 'no', 'such', 'folder', 'ca.pem')], /can't be written to .*ENOENT/],
  [['--token-lifetime', 'soon'], /whole number/],
])('%j is wrong use', async (args, words) => {
  const run = await usersession(['simulate', ...args]);
  expect(run.code).toBe(1);
  expect(run.err).toMatch(words);
  expect(run.out).toBe('');
});
