import { userInfo } from 'node:os';

/** Why the system's certificate store can't sign. From NotFound on it is build/certificate-signer that says so. */
export type CertificateStoreCode =
  | 'FolderMissing'
  | 'OtherPlatform'
  | 'OtherNode'
  | 'DotNetMissing'
  | 'OpenSslMissing'
  | 'LoadFailed'
  | 'InvalidThumbprint'
  | 'NotFound'
  | 'NoPrivateKey'
  | 'KeyNotAccessible'
  | 'Expired'
  | 'NotYetValid'
  | 'NotRsa'
  | 'PssNotSupported'
  | 'StoreNotReadable'
  | 'StoreFailed';

/** A certificate of the system's store that can't be used; the message says what to do, and what to use instead. */
export class CertificateStoreError extends Error {
  override name = 'CertificateStoreError';
  readonly code: CertificateStoreCode;

  /**
   * @param subject what it is about, as "the certificate 0A1B..."
   * @param reason what the system said, or a date
   */
  constructor(code: CertificateStoreCode, subject = '', reason = '') {
    const said = reason.replace(/[\s\p{Cc}]+/gu, ' ').trim();
    super(`${sentences[code](subject, said)} ${others}`);
    this.code = code;
  }
}

const others =
  'Other ways to sign in without a person: a certificate file (-CertificatePath), a managed identity (-Identity), a client secret.';

const windows = process.platform === 'win32';
const personal = `the personal .NET store (${process.platform === 'linux' ? '~/.dotnet/corefx/cryptography/x509stores/my' : 'keychain'})`;
const absent = windows
  ? 'neither in Cert:\\CurrentUser\\My nor in Cert:\\LocalMachine\\My'
  : `not in ${personal}`;

const dotNetNeeded = windows ? '.NET Framework 4.7.2 or later' : 'the .NET runtime 8 or later';

const sentences: Record<CertificateStoreCode, (subject: string, reason: string) => string> = {
  FolderMissing: folder =>
    `This copy of UserSession can't use certificates of the system's store: the folder ${folder} is missing. Install the full package, or copy the folder certificate-store of one beside the engine.`,
  OtherPlatform: (subject, reason) =>
    `${subject} is for ${reason}, not for ${process.platform}-${process.arch}. Install the package for this platform.`,
  OtherNode: (subject, reason) =>
    `${subject} needs Node ${reason}, and the engine runs on Node ${process.versions.node}. Use the Node that comes with UserSession.`,
  DotNetMissing: () =>
    `Certificates of the system's store need ${dotNetNeeded}, which was not found on this machine. Install the package dotnet-runtime-8.0 (or a later one), or let DOTNET_ROOT point at the folder that has it.`,
  OpenSslMissing: () =>
    `.NET needs OpenSSL here to use certificates, and libssl was not found. Install the package libssl3 (openssl-libs).`,
  LoadFailed: (_, reason) =>
    `.NET could not be started to use the system's certificate store (${reason}). It takes ${dotNetNeeded}; install it or repair it.`,
  InvalidThumbprint: subject =>
    `${subject} is no thumbprint: it has 40 hexadecimal digits. Copy it from the certificate's details, or name the subject (-CertificateSubjectName).`,
  NotFound: subject =>
    `${subject} is ${absent}, as the account ${account()} sees it. Install it there, or run as the account that has it.`,
  NoPrivateKey: subject =>
    `${subject} was found without its private key. Install it again from a PFX file, which has the key.`,
  KeyNotAccessible: (subject, reason) =>
    windows
      ? `${subject} was found, but the account ${account()} may not use its private key (${reason}). For a certificate of the machine: certlm.msc > Personal > Certificates > All Tasks > Manage Private Keys, and allow Read to the account that the job runs as (a service account or gMSA, too); otherwise install it in the store of that account.`
      : `${subject} was found, but the account ${account()} may not use its private key (${reason}). Install it in the store of the account that the job runs as.`,
  Expired: (subject, reason) =>
    `${subject} ended on ${reason}. Renew it, and upload the new public key to the app registration.`,
  NotYetValid: (subject, reason) =>
    `${subject} is valid only from ${reason}. Wait until then, or look whether this machine's clock is right.`,
  NotRsa: (subject, reason) =>
    `${subject} has a key of the kind ${reason}; Entra takes RSA. Make a certificate with an RSA key of 2048 bits or more.`,
  PssNotSupported: subject =>
    `The private key of ${subject} is in an old cryptographic provider that can't sign with PS256. Import the PFX again with: certutil -csp "Microsoft Software Key Storage Provider" -importpfx FILE.pfx.`,
  StoreNotReadable: (_, reason) =>
    `The certificate store could not be read as the account ${account()} (${reason}). Look at its permissions, and whether HOME or the profile is that of the account.`,
  StoreFailed: (subject, reason) => `${subject} could not be used (${reason}).`,
};

function account(): string {
  try {
    return userInfo().username;
  } catch {
    return 'of this process';
  }
}
