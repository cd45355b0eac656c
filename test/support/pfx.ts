import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { SignInStage } from './sign-in-stage.ts';

/** AES as OpenSSL 3 and today's Windows write it, or Triple DES as older ones do. */
const ciphers = {
  modern: ['-certpbe', 'AES-256-CBC', '-keypbe', 'AES-256-CBC', '-macalg', 'sha256'],
  legacy: ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
} as const;

/** A PFX file of a certificate, its key and others, as OpenSSL writes it; returns its path. */
export function pfxFile(
  stage: SignInStage,
  pair: { certificate: string; privateKey: string },
  password: string,
  { cipher = 'modern', others = '' }: { cipher?: keyof typeof ciphers; others?: string } = {},
): string {
  const key = stage.file('pfx-key.pem', pair.privateKey);
  const certificate = stage.file('pfx-certificates.pem', pair.certificate + others);
  const target = stage.file('app.pfx', '');
  const names = ['-inkey', key, '-in', certificate, '-out', target];
  const args = ['pkcs12', '-export', ...ciphers[cipher], ...names, '-passout', 'env:PFX_PASSWORD'];
  const made = spawnSync('openssl', args, { env: { ...process.env, PFX_PASSWORD: password } });
  if (made.status !== 0) throw new Error(`openssl failed: ${made.stderr ?? made.error}`);
  if (readFileSync(target).length === 0) throw new Error('openssl wrote nothing');
  return target;
}
