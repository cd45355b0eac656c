import forge from 'node-forge';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCertificate } from '../../src/auth/certificate-file.ts';
import { SignInError } from '../../src/auth/sign-in-error.ts';
import { selfSigned } from '../support/certificates.ts';
import { fuzz } from '../support/fuzz.ts';

/** A PFX that takes no time to open. */
function pfxOf(
  { certificate, privateKey }: { certificate: string; privateKey: string },
  password: string,
): Buffer {
  const key = forge.pki.privateKeyFromPem(privateKey);
  const bags = forge.pkcs12.toPkcs12Asn1(key, [forge.pki.certificateFromPem(certificate)], password, {
    algorithm: '3des',
    count: 1,
  });
  return Buffer.from(forge.asn1.toDer(bags).getBytes(), 'binary');
}

test('a damaged certificate file, PEM or PFX, is refused in a sentence', async () => {
  const pair = await selfSigned();
  const pem = Buffer.from(pair.certificate + pair.privateKey);
  const pfx = pfxOf(pair, 'secret');
  expect(await readCertificate(pem, 'a.pem', undefined)).toContain('BEGIN CERTIFICATE');
  expect(await readCertificate(pfx, 'a.pfx', 'secret')).toContain('BEGIN PRIVATE KEY');

  const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), cut: fc.boolean() });
  const damaged = fc
    .record({
      whole: fc.constantFrom(pem, pfx),
      changes: fc.array(change, { minLength: 1, maxLength: 4 }),
    })
    .map(({ whole, changes }) => {
      let bytes = Buffer.from(whole);
      for (const { at, byte, cut } of changes) {
        const place = at % Math.max(1, bytes.length);
        if (cut && byte > 200) bytes = bytes.subarray(0, place);
        else bytes[place] = byte;
      }
      return bytes;
    });
  const made = fc.oneof(
    { weight: 8, arbitrary: damaged },
    fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array)),
    fc
      .integer({ min: 1, max: 20_000 })
      .map(times => Buffer.from('-----BEGIN CERTIFICATE-----'.repeat(times))),
    fc.integer({ min: 1, max: 100_000 }).map(times => Buffer.alloc(times, Buffer.from([0x30, 0x80]))),
  );
  await fuzz(
    'certificate files',
    fc.tuple(made, fc.constantFrom(undefined, 'secret', 'x')),
    async ([bytes, password]) => {
      try {
        expect(await readCertificate(bytes, 'x.pfx', password)).toContain('PRIVATE KEY');
      } catch (error) {
        expect(error).toBeInstanceOf(SignInError);
      }
    },
  );
});

test('a PFX that asks for billions of rounds is refused before one is spent', async () => {
  const pfx = pfxOf(await selfSigned(), 'secret');
  const asn1 = forge.asn1.fromDer(forge.util.createBuffer(pfx.toString('binary')));
  const mac = (asn1.value as forge.asn1.Asn1[])[2]?.value as forge.asn1.Asn1[];
  const rounds = forge.asn1.create(
    forge.asn1.Class.UNIVERSAL,
    forge.asn1.Type.INTEGER,
    false,
    '\x7f\xff\xff\xff',
  );
  mac.splice(2, 1, rounds);
  const bytes = Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
  await expect(readCertificate(bytes, 'x.pfx', 'secret')).rejects.toThrow(SignInError);
});
