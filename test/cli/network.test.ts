import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { type Authority, type IssueOptions, makeAuthority } from '../support/certificates.ts';
import { usersession } from '../support/command-line.ts';
import { EngineProcess } from '../support/engine-process.ts';
import { startFront } from '../support/front.ts';
import { startProxy } from '../support/proxy.ts';
import { startTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'usersession-network-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

let corporate: Authority;
/** What a machine says that has no proxy, and whose store knows only a root that signs nothing here. */
let machine: Record<string, string>;
/** The root that signs what is shown here, as a file. */
let root: string;
beforeAll(async () => {
  corporate = await makeAuthority('Corporate Root');
  root = file('corporate.pem', corporate.root);
  const other = file('other.pem', (await makeAuthority('Somebody Else')).root);
  mkdirSync(join(folder, 'empty'));
  const proxies = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap(name => [name, name.toLowerCase()]);
  machine = {
    ...Object.fromEntries(proxies.map(name => [name, ''])),
    NODE_EXTRA_CA_CERTS: '',
    SSL_CERT_FILE: other,
    SSL_CERT_DIR: join(folder, 'empty'),
  };
});

/** A simulated tenant over TLS whose name only the proxy knows. */
async function inspectedTenant(options: IssueOptions & { name?: string } = {}) {
  const { tenant, url, env, connection, revoked } = await startTenant();
  const tls = await corporate.issue(options.name ?? 'graph.contoso.test', options);
  const port = await startFront(url, { tls });
  const graphUrl = 'https://graph.contoso.test';
  const user = tenant.users.find(u => !u.userPrincipalName.includes('#EXT#') && u.roles.length === 0);
  if (!user) throw new Error('no user');
  return {
    hosts: { 'graph.contoso.test': port },
    port,
    user,
    revoked,
    env: { ...env('app'), USERSESSION_GRAPH_URL: graphUrl },
    connection: { ...connection('app'), graphUrl },
  };
}

/** Environment of a machine whose DNS has these addresses for every name, the first one first. */
function knownAs(...addresses: string[]): Record<string, string> {
  const answer = addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }));
  const dns = `require('node:dns').lookup = (name, options, done) => process.nextTick(done, null, ${JSON.stringify(answer)});`;
  return { NODE_OPTIONS: `--require ${file('dns.cjs', dns)}` };
}

/** Revokes one user; the one row, and what was said. */
async function revoke(id: string, env: Record<string, string>) {
  const run = await usersession(['revoke', id, '--output', 'json'], { env: { ...machine, ...env } });
  const [row] = run.out ? (JSON.parse(run.out) as RevocationResult[]) : [];
  return { ...run, row };
}

test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])(
  'through HTTPS_PROXY that inspects TLS, its root in %s: user revoked, and the proxy was asked',
  async store => {
    const { hosts, user, revoked, env } = await inspectedTenant();
    const proxy = await startProxy({ hosts, credentials: 'me:s3cret' });
    const HTTPS_PROXY = `http://me:s3cret@127.0.0.1:${proxy.port}`;
    const run = await revoke(user.id, { ...env, HTTPS_PROXY, [store]: root });
    expect(run.err).toContain('1 of 1 revoked');
    expect(run.code).toBe(0);
    expect(revoked()).toEqual([user.id]);
    expect(new Set(proxy.asked)).toEqual(new Set(['graph.contoso.test:443']));
  },
);

test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])(
  'without a proxy, the root of the certificate in %s: user revoked',
  async store => {
    const { port, user, revoked, env } = await inspectedTenant({ name: 'localhost' });
    const graph = { USERSESSION_GRAPH_URL: `https://localhost:${port}` };
    const run = await revoke(user.id, { ...env, ...graph, [store]: root });
    expect(run.err).toContain('1 of 1 revoked');
    expect(revoked()).toEqual([user.id]);
  },
);

test('a proxy that speaks TLS itself is trusted by the same roots', async () => {
  const { hosts, user, revoked, env } = await inspectedTenant();
  const proxy = await startProxy({ hosts, tls: await corporate.issue('localhost') });
  const HTTPS_PROXY = `https://localhost:${proxy.port}`;
  await revoke(user.id, { ...env, HTTPS_PROXY, SSL_CERT_FILE: root });
  expect(revoked()).toEqual([user.id]);
  const { row } = await revoke(user.id, { ...env, HTTPS_PROXY });
  expect(row?.detail).toContain(`the proxy ${HTTPS_PROXY} (from HTTPS_PROXY) can't be used`);
});

test('the host hands its proxy over: the engine takes it, and the environment goes before it', async () => {
  const { hosts, user, revoked, connection } = await inspectedTenant();
  const proxy = await startProxy({ hosts });
  const engine = new EngineProcess({ ...machine, SSL_CERT_FILE: root });
  const runId = await engine.begin({ ...connection, proxy: proxy.url });
  expect((await engine.revoke(runId, { text: user.id })).outcome).toBe('Revoked');
  await engine.end(runId);
  expect(revoked()).toEqual([user.id]);
  const wrong = await engine.request('run/begin', { tenant: { ...connection, proxy: 'socks5://p:1080' } });
  expect(wrong.error).toMatchObject({ data: { code: 'EndpointUnusable' } });
  expect(wrong.error?.message).toContain('socks5 is not spoken here');
  expect(await engine.leave()).toBeLessThan(2000);
  const refusing = await startProxy({ refuse: 403 });
  const other = new EngineProcess({ ...machine, HTTPS_PROXY: refusing.url });
  const run = await other.begin({ ...connection, proxy: proxy.url });
  const row = await other.revoke(run, { text: user.id });
  expect(row.detail).toContain(`the proxy ${refusing.url} (from HTTPS_PROXY) forbids the way`);
  await other.leave();
});

test('NO_PROXY keeps a call from the proxy', async () => {
  const { user, port, revoked, env } = await inspectedTenant();
  const proxy = await startProxy();
  const run = await revoke(user.id, {
    ...env,
    ...knownAs('127.0.0.1'),
    USERSESSION_GRAPH_URL: `https://graph.contoso.test:${port}`,
    SSL_CERT_FILE: root,
    HTTPS_PROXY: proxy.url,
    NO_PROXY: 'contoso.test',
  });
  expect(run.err).toContain('1 of 1 revoked');
  expect(revoked()).toEqual([user.id]);
  expect(proxy.asked).toEqual([]);
});

test.each([
  ['whose root nobody knows', {}, 'is not trusted: something in between inspects TLS'],
  ['that has expired', { fromDay: -30, toDay: -1 }, 'check the clock of this machine, it says 20'],
  ['that is not valid yet', { fromDay: 2 }, 'check the clock of this machine, it says 20'],
  ['of another name', { name: 'portal.hotel.test' }, 'is for another name'],
])(
  'a certificate %s: nothing sent, no waiting, a sentence that says what to do',
  async (kind, options, sentence) => {
    const { hosts, user, revoked, env } = await inspectedTenant(options);
    const proxy = await startProxy({ hosts });
    const trust: Record<string, string> = kind === 'whose root nobody knows' ? {} : { SSL_CERT_FILE: root };
    const run = await revoke(user.id, { ...env, ...trust, HTTPS_PROXY: proxy.url });
    expect(run.code).toBe(2);
    expect(run.row).toMatchObject({ outcome: 'Failed' });
    expect(run.row?.detail).toContain(sentence);
    expect(run.row?.detail).toContain(`through proxy ${proxy.url} (from HTTPS_PROXY)`);
    // Node's own advice, which is of no use here.
    expect(run.row?.detail).not.toContain('--use-system-ca');
    // With Node's roots and with the system's, and no more: who comes again changes nothing.
    expect(proxy.asked).toHaveLength(2);
    expect(revoked()).toEqual([]);
  },
);

test('a proxy that wants the Windows sign-in: a row that says so and what to do, and no password anywhere', async () => {
  const { user, env } = await inspectedTenant();
  const proxy = await startProxy({ challenges: ['Negotiate', 'NTLM'] });
  const HTTPS_PROXY = `http://me:s3cret@127.0.0.1:${proxy.port}`;
  const run = await revoke(user.id, { ...env, HTTPS_PROXY });
  expect(run.code).toBe(2);
  expect(run.row?.detail).toContain('offers Negotiate, NTLM, and the Windows-integrated ways');
  expect(run.out + run.err).not.toContain('s3cret');
});

test('what is no proxy is wrong use: exit code 1, nothing sent, nothing of it shown', async () => {
  const { user, env } = await inspectedTenant();
  const run = await revoke(user.id, { ...env, HTTPS_PROXY: 'http://me:s3c#ret@proxy:8080' });
  expect(run.code).toBe(1);
  expect(run.err).toContain("The proxy that HTTPS_PROXY names can't be used");
  expect(run.err).not.toMatch(/s3c|me:/);
});

test('Graph at an IPv6 address', async () => {
  const { tenant, url, env, revoked } = await startTenant();
  const port = await startFront(url, { host: '::1' });
  const user = tenant.users.find(u => !u.userPrincipalName.includes('#EXT#') && u.roles.length === 0);
  const graph = { USERSESSION_GRAPH_URL: `http://[::1]:${port}` };
  const run = await revoke(user?.id ?? '', { ...env('app'), ...graph, HTTPS_PROXY: 'http://127.0.0.1:1' });
  expect(run.err).toContain('1 of 1 revoked');
  expect(revoked()).toEqual([user?.id]);
});

test.each(['127.0.0.1', '::1'] as const)(
  'of a name with both kinds of address only %s answers: user revoked',
  async host => {
    const { tenant, url, env, revoked } = await startTenant();
    const tls = await corporate.issue('graph.contoso.test');
    const port = await startFront(url, { tls, host });
    const run = await revoke(tenant.users.find(u => u.roles.length === 0)?.id ?? '', {
      ...env('app'),
      USERSESSION_GRAPH_URL: `https://graph.contoso.test:${port}`,
      SSL_CERT_FILE: root,
      ...knownAs(host === '::1' ? '127.0.0.1' : '::1', host),
    });
    expect(run.err).toContain('1 of 1 revoked');
    expect(revoked()).toHaveLength(1);
  },
);
