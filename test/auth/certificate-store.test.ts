import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificateStoreOut } from '../../build/paths.ts';
import { CertificateHome } from './certificate-home.ts';
import { probe } from './probe.ts';
import type { ProbeAnswer } from './store-probe.ts';

const home = new CertificateHome();
let scratch = '';
const named: Record<string, string> = {};

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'usersession probe \u00fc-'));
  const recipes = {
    plain: { subject: 'CN=Revoker, O=Contoso' },
    sooner: { subject: 'CN=Twice', until: 10 },
    later: { subject: 'CN=Twice', until: 20 },
    keyless: { subject: 'CN=Twice', until: 40, withoutKey: true },
    future: { subject: 'CN=Twice', from: 2, until: 50 },
    expired: { subject: 'CN=Old', from: -20, until: -10 },
    older: { subject: 'CN=Old', from: -40, until: -30 },
    withoutKey: { subject: 'CN=Public Only', withoutKey: true },
    elliptic: { subject: 'CN=Curve', kind: 'ECDSA' as const },
    tomorrow: { subject: 'CN=Tomorrow', from: 1 },
  };
  const thumbprints = await home.add(...Object.values(recipes));
  Object.keys(recipes).forEach((name, i) => (named[name] = thumbprints[i]!));
});
afterAll(() => {
  home.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const env = (changes: Record<string, string> = {}) => ({ ...process.env, HOME: home.folder, ...changes });

async function ask(...wanted: { thumbprint?: string; subjectName?: string }[]): Promise<ProbeAnswer[]> {
  const run = await probe({ folder: certificateStoreOut, wanted }, { env: env() });
  expect(run).toMatchObject({ code: 0, err: '' });
  return run.answers;
}

test('a certificate is found by its thumbprint as people copy it', async () => {
  const thumbprint = named['plain']!;
  const pairs = thumbprint.toLowerCase().match(/../g)!;
  const answers = await ask(
    { thumbprint },
    { thumbprint: `\u200e${pairs.join(' ')} ` },
    { thumbprint: pairs.join(':') },
  );
  for (const answer of answers)
    expect(answer).toMatchObject({ thumbprint, subject: 'CN=Revoker, O=Contoso' });
});

test('the assertion is what Entra asks for, and its signature fits the public key', async () => {
  const [answer] = await ask({ thumbprint: named['plain'] });
  expect(Object.keys(answer!).sort()).toEqual([
    'assertion',
    'certificate',
    'location',
    'notAfter',
    'notBefore',
    'subject',
    'thumbprint',
    'x5tS256',
  ]);
  const certificate = Buffer.from(answer!.certificate!, 'base64');
  const [header, claims, signature] = answer!.assertion!.split('.') as [string, string, string];
  const digest = createHash('sha256').update(certificate).digest('base64url');
  expect(json(header)).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': digest });
  const { nbf, exp, jti, ...others } = json(claims) as Record<string, string> & { nbf: number; exp: number };
  expect(others).toEqual({
    aud: 'https://login.example/tenant/oauth2/v2.0/token',
    iss: 'an-app',
    sub: 'an-app',
  });
  expect(jti).toMatch(/^[0-9a-f-]{36}$/);
  const now = Date.now() / 1000;
  expect(nbf).toBeLessThan(now - 60);
  expect(exp - now).toBeGreaterThan(500);
  expect(exp - now).toBeLessThanOrEqual(600);
  const key = new X509Certificate(certificate).publicKey;
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const fits = verify('sha256', Buffer.from(`${header}.${claims}`), pss, Buffer.from(signature, 'base64url'));
  expect(fits).toBe(true);
});

test('a name is the common name or the whole distinguished name, in any case, and nothing less', async () => {
  const names = ['revoker', 'cn=revoker,o=contoso', 'Revoke', 'Contoso', 'CN=Revoker'];
  const answers = await ask(...names.map(subjectName => ({ subjectName })));
  expect(answers.map(a => a.thumbprint ?? a.code)).toEqual([
    named['plain'],
    named['plain'],
    'NotFound',
    'NotFound',
    'NotFound',
  ]);
});

test('of several of one name the valid one with a key that ends last signs', async () => {
  const [answer] = await ask({ subjectName: 'Twice' });
  expect(answer?.thumbprint).toBe(named['later']);
});

test('what is wrong with a certificate is said, with what to do', async () => {
  const answers = await ask(
    { subjectName: 'Old' },
    { thumbprint: named['older'] },
    { subjectName: 'Tomorrow' },
    { thumbprint: named['withoutKey'] },
    { subjectName: 'Curve' },
    { thumbprint: 'A'.repeat(40) },
    { thumbprint: '12 34' },
  );
  const date = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  expect(answers.map(a => [a.code, a.message])).toEqual([
    ['Expired', expect.stringContaining(`ended on ${date(-10)}`)],
    ['Expired', expect.stringContaining(`ended on ${date(-30)}`)],
    ['NotYetValid', expect.stringContaining(`from ${date(1)}`)],
    ['NoPrivateKey', expect.stringContaining('from a PFX file')],
    ['NotRsa', expect.stringContaining('Entra takes RSA')],
    ['NotFound', expect.stringContaining('run as the account that has it')],
    ['InvalidThumbprint', expect.stringContaining('40 hexadecimal digits')],
  ]);
  for (const { message } of answers) expect(message).toContain('-CertificatePath');
});

test('a store that this account may not read is said to be so', async () => {
  const closed = new CertificateHome();
  try {
    const [thumbprint] = await closed.add({ subject: 'CN=Closed' });
    // The folder stays open to everybody, so that only the key's file is closed, also for the tests of root.
    for (const folder of ['.', '.dotnet', '.dotnet/corefx', '.dotnet/corefx/cryptography'])
      chmodSync(join(closed.folder, folder), 0o755);
    chmodSync(join(closed.files, '..'), 0o755);
    chmodSync(closed.files, 0o755);
    for (const file of readdirSync(closed.files)) chmodSync(join(closed.files, file), 0);
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const run = await probe(
      { folder: certificateStoreOut, wanted: [{ thumbprint }] },
      { env: env({ HOME: closed.folder }), ...nobody },
    );
    expect(run.answers).toEqual([
      {
        code: 'StoreNotReadable',
        message: expect.stringMatching(/as the account .*no access to .*x509stores/),
      },
    ]);
    expect(run).toMatchObject({ code: 0, err: '' });
  } finally {
    closed.remove();
  }
});

test('where .NET is missing the process lives on and says what to install', async () => {
  const run = await probe(
    { folder: certificateStoreOut, wanted: [{ subjectName: 'Revoker' }], places: [] },
    { env: env({ PATH: '/nowhere', DOTNET_ROOT: '', DOTNET_ROOT_X64: '' }) },
  );
  expect(run).toMatchObject({ code: 0, err: '' });
  expect(run.answers).toEqual([
    { code: 'DotNetMissing', message: expect.stringMatching(/\.NET runtime 8 or later.*DOTNET_ROOT/) },
  ]);
});

test('a package without the folder says so', async () => {
  const { answers, code } = await probe({ folder: '/nowhere', wanted: [{ subjectName: 'Revoker' }] });
  expect(code).toBe(0);
  expect(answers).toMatchObject([{ code: 'FolderMissing', message: expect.stringContaining('/nowhere') }]);
});

test('the folder works where it is copied to, blanks and umlauts in the path', async () => {
  const folder = join(scratch, 'M\u00fcller & S\u00f6hne', 'certificate-store');
  cpSync(certificateStoreOut, folder, { recursive: true });
  const run = await probe({ folder, wanted: [{ subjectName: 'Revoker' }] }, { env: env(), cwd: scratch });
  expect(run).toMatchObject({ code: 0, err: '', answers: [{ thumbprint: named['plain'] }] });
});

const json = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
