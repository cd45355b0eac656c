import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pemOfPfx } from '../../src/auth/pfx.ts';
import { selfSigned } from '../support/certificates.ts';

let folder: string;
let pair: { certificate: string; privateKey: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'usersession-pfx-'));
  pair = await selfSigned();
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A PFX without a MAC; of OpenSSL's options `-iter` brings it back, and `-nomac` takes the certificates' cipher away. */
function withoutMac(iterations: number, ...options: string[]): Buffer {
  const bytes = pfxOf('-iter', String(iterations), '-nomac', ...options);
  expect(forge.asn1.fromDer(bytes.toString('binary')).value).toHaveLength(2);
  return bytes;
}

/** A PFX as OpenSSL writes it with these options. */
function pfxOf(...options: string[]): Buffer {
  const [pem, target] = [join(folder, 'both.pem'), join(folder, 'a.pfx')];
  writeFileSync(pem, pair.certificate + pair.privateKey);
  const args = ['pkcs12', '-export', '-in', pem, '-out', target, '-passout', 'pass:secret', ...options];
  const made = spawnSync('openssl', args, { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  return readFileSync(target);
}

const aes = ['-certpbe', 'AES-256-CBC', '-keypbe', 'AES-256-CBC'];
const tripleDes = ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES'];
const tooMany = /^a\.pfx: the PFX file asks for more rounds of key derivation than any program writes\./;

test.each([
  ['certificates and key', 'AES', aes],
  ['certificates and key', 'Triple DES', tripleDes],
  ['its key', 'AES', ['-certpbe', 'NONE', '-keypbe', 'AES-256-CBC']],
])(
  'a PFX without a MAC that asks for more than a million rounds for %s (%s) is not read',
  async (_, __, options) => {
    const bytes = withoutMac(1_000_001, ...options);
    const start = performance.now();
    await expect(pemOfPfx(bytes, 'a.pfx', 'secret')).rejects.toThrow(tooMany);
    expect(performance.now() - start).toBeLessThan(1000);
  },
);

test('a PFX that asks for few rounds is read after one that asked for too many', async () => {
  await expect(pemOfPfx(withoutMac(1_000_001, ...aes), 'a.pfx', 'secret')).rejects.toThrow(tooMany);
  for (const bytes of [withoutMac(2048, ...aes), pfxOf(...tripleDes), pfxOf(...aes, '-iter', '10000')]) {
    const pem = await pemOfPfx(bytes, 'a.pfx', 'secret');
    expect(pem).toContain('PRIVATE KEY');
    expect(pem).toContain('BEGIN CERTIFICATE');
  }
});

test('rounds that are tolerable one by one are not when they are spent on many parts', async () => {
  const bytes = withoutMac(510_000, ...tripleDes);
  await expect(pemOfPfx(bytes, 'a.pfx', 'secret')).rejects.toThrow(tooMany);
}, 30_000);
