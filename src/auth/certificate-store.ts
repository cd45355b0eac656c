import { dirname, join } from 'node:path';
import { isSea } from 'node:sea';
import { type CertificateSigner, loadCertificateSigner } from './certificate-signer.ts';
import { type CertificateStoreCode, CertificateStoreError } from './certificate-store-error.ts';
import { unreadablePartOfStore } from './unreadable-store.ts';

/** Which certificate is meant; exactly one of the two. */
export interface WantedCertificate {
  /** SHA-1 as people copy it: any case, blanks, colons, invisible characters. */
  thumbprint?: string;
  /** The common name or the whole distinguished name; of several valid ones the one that ends last. */
  subjectName?: string;
}

/** A certificate that can sign. Its private key stays where it is. */
export interface StoreCertificate {
  thumbprint: string;
  /** SHA-256 of the certificate as base64url, as in a JWT's header (RFC 7515, 4.1.8). */
  x5tS256: string;
  subject: string;
  /** ISO 8601, UTC. */
  notBefore: string;
  notAfter: string;
  location: 'CurrentUser' | 'LocalMachine';
  /** The public certificate, DER. */
  certificate: Buffer;
}

/** The folder beside the running executable, or beside the bundle that Node runs. */
export function certificateStoreFolder(): string {
  const bundle = typeof __dirname === 'string' ? __dirname : dirname(process.argv[1] ?? '');
  return join(isSea() ? dirname(process.execPath) : bundle, 'certificate-store');
}

/**
 * The personal certificate stores of the account and of the machine: Windows' own, the keychain, .NET's on Linux.
 * Nothing is loaded before one is opened.
 */
export class CertificateStore {
  readonly #signer: CertificateSigner;

  /**
   * @param places where to look for .NET besides the environment
   * @throws CertificateStoreError when what it takes is missing here
   */
  constructor(folder: string = certificateStoreFolder(), places?: readonly string[]) {
    this.#signer = loadCertificateSigner(folder, places);
  }

  /** @throws CertificateStoreError when there is none that can sign now */
  async find(wanted: WantedCertificate): Promise<StoreCertificate> {
    const thumbprint = wanted.thumbprint === undefined ? undefined : cleanThumbprint(wanted.thumbprint);
    const subjectName = thumbprint === undefined ? wanted.subjectName : undefined;
    const name = thumbprint ?? `"${(subjectName ?? '').replace(/\p{C}/gu, '')}"`;
    return (await this.#ask(name, {
      action: 'find',
      thumbprint,
      subjectName,
    })) as unknown as StoreCertificate;
  }

  /**
   * Signs with the key in the store: RSASSA-PSS, SHA-256 (PS256).
   * @throws CertificateStoreError when the certificate can't sign any more
   */
  async sign({ thumbprint, location }: StoreCertificate, data: Buffer): Promise<Buffer> {
    const answer = await this.#ask(thumbprint, { action: 'sign', thumbprint, location, data });
    return answer['signature'] as Buffer;
  }

  async #ask(name: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const answer = await this.#signer(given).catch((error: Error) => ({
      code: 'StoreFailed',
      reason: error.message,
    }));
    if (!('code' in answer)) return answer;
    const { code, reason } = answer as { code: CertificateStoreCode; reason: string };
    const closed = code === 'NotFound' ? unreadablePartOfStore() : null;
    if (closed) throw new CertificateStoreError('StoreNotReadable', '', closed);
    throw new CertificateStoreError(code, `The certificate ${name}`, reason);
  }
}

/** @throws CertificateStoreError when it is none */
function cleanThumbprint(text: string): string {
  const digits = text.replace(/[\s\p{C}:-]/gu, '').toUpperCase();
  if (/^[0-9A-F]{40}$/.test(digits)) return digits;
  throw new CertificateStoreError('InvalidThumbprint', `"${text.replace(/\p{C}/gu, '')}"`);
}
