import { writeFileSync } from 'node:fs';
import type { SimulatedServer } from '../simulator/simulated-server.ts';
import type { SimulatedTenant } from '../simulator/simulated-tenant.ts';

/** Everything it takes to sign in at a simulated tenant. */
export interface SimulatedSignInGuide {
  loginUrl: string;
  apps: {
    /** Acts by itself. */
    confidential: { clientId: string; clientSecret: string };
    /** For device code and browser. */
    public: { clientId: string };
  };
  /** What App Service and the metadata service of a machine would give. */
  managedIdentity: {
    identityEndpoint: string;
    identityHeader: string;
    metadataHost: string;
    userAssignedClientId: string;
  };
  /** With TLS: PEM of the authority that has to be trusted. */
  caCertificate?: string;
  /** The file that it was written to. */
  caFile?: string;
  /** Variables with which the app signs in by its secret. */
  environment: Record<string, string>;
}

/** Writes the certificate of the authority to `caFile`, where there are both. Throws what writing throws. */
export function signInGuide(
  tenant: SimulatedTenant,
  server: SimulatedServer,
  caFile?: string,
): SimulatedSignInGuide {
  const { caCertificate, loginUrl } = server;
  if (caCertificate !== undefined && caFile !== undefined) writeFileSync(caFile, caCertificate);
  const { confidential, managedIdentities, identityHeader } = tenant.apps;
  const clientSecret = confidential.secrets[0]?.value ?? '';
  return {
    loginUrl,
    apps: {
      confidential: { clientId: confidential.appId, clientSecret },
      public: { clientId: tenant.apps.public.appId },
    },
    managedIdentity: {
      identityEndpoint: `${loginUrl}/msi/token`,
      identityHeader,
      metadataHost: loginUrl,
      userAssignedClientId: managedIdentities.find(one => one.kind === 'user')?.clientId ?? '',
    },
    caCertificate,
    caFile,
    environment: {
      USERSESSION_GRAPH_URL: server.url,
      USERSESSION_LOGIN_URL: loginUrl,
      AZURE_TENANT_ID: tenant.tenantId,
      AZURE_CLIENT_ID: confidential.appId,
      AZURE_CLIENT_SECRET: clientSecret,
      ...(caFile !== undefined && { NODE_EXTRA_CA_CERTS: caFile }),
    },
  };
}

/** The same for a human: lines for a shell, and what else there is. */
export function describedSignIn(guide: SimulatedSignInGuide): string {
  if (guide.caCertificate === undefined)
    return `The login endpoint is at ${guide.loginUrl}. Client libraries want TLS for it: start with --tls --ca-file FILE.
An app with a secret is ${guide.apps.confidential.clientId}; people sign in with ${guide.apps.public.clientId}.
`;
  const lines = Object.entries(guide.environment).map(([name, value]) => `  export ${name}=${quoted(value)}`);
  return `To sign in as an app, with its secret:

${lines.join('\n')}

People sign in, by device code or browser, at ${guide.loginUrl} with the app ${guide.apps.public.clientId}.
${guide.caFile === undefined ? 'Whoever connects has to trust its certificate: --ca-file FILE writes it down.\n' : ''}`;
}

const quoted = (text: string): string =>
  /^[\w:/.@%+=~[\]-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
