import { CertificateStoreError } from '../../src/auth/certificate-store-error.ts';
import { CertificateStore, type WantedCertificate } from '../../src/auth/certificate-store.ts';
import { signAssertion } from '../../src/auth/store-assertion.ts';

/** What a test asks of this process: .NET can't be unloaded, so each test has one of its own. */
export interface ProbeRequest {
  folder: string;
  wanted: WantedCertificate[];
  /** Where to look for .NET besides the environment. */
  places?: string[];
  /** After the last answer: wait for this signal, with a listener (from before .NET was loaded) or without. */
  signal?: { name: 'SIGINT' | 'SIGTERM'; listen: boolean };
}

export interface ProbeAnswer {
  thumbprint?: string;
  subject?: string;
  certificate?: string;
  assertion?: string;
  code?: string;
  message?: string;
}

const request = JSON.parse(process.argv[2] ?? '') as ProbeRequest;
if (request.signal?.listen) process.on(request.signal.name, () => say({ code: 'SignalSeen' }, true));

for (const wanted of request.wanted) say(await answer(wanted));
if (request.signal) setInterval(() => {}, 1000);

async function answer(wanted: WantedCertificate): Promise<ProbeAnswer> {
  try {
    const store = new CertificateStore(request.folder, request.places);
    const { certificate, ...about } = await store.find(wanted);
    const claims = { audience: 'https://login.example/tenant/oauth2/v2.0/token', clientId: 'an-app' };
    const assertion = await signAssertion(store, { ...about, certificate }, claims);
    return { ...about, certificate: certificate.toString('base64'), assertion };
  } catch (error) {
    if (!(error instanceof CertificateStoreError)) throw error;
    return { code: error.code, message: error.message };
  }
}

function say(line: ProbeAnswer, last = false): void {
  process.stdout.write(`${JSON.stringify(line)}\n`, () => last && process.exit(0));
}
