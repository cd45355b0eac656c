import { selfSigned } from './certificates.ts';
import type { SignInStage } from './sign-in-stage.ts';

/** An app like that of the stage, which signs in with a certificate of its own, and that certificate with its key. */
export async function appWithCertificate({ tenant, app }: SignInStage) {
  const pair = await selfSigned();
  return {
    pair,
    app: tenant.registerApp({ ...app, appId: undefined, certificates: [pair.certificate] }),
  };
}
