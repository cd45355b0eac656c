import {
  generateKeyPairSync,
  type KeyObject,
  sign,
  constants,
  randomUUID,
  createHash,
  X509Certificate,
} from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { onTestFinished } from 'vitest';
import { SimulatedServer, type SimulatedServerOptions } from '../../../src/simulator/simulated-server.ts';
import { SimulatedTenant, type SimulatedTenantOptions } from '../../../src/simulator/simulated-tenant.ts';

/** A tenant behind TLS, whose certificate this process trusts from now on. */
export interface LoginStage {
  tenant: SimulatedTenant;
  server: SimulatedServer;
  /** Moves the tenant's clock ahead of the machine's, in milliseconds. */
  clock: { ahead: number };
  /** How a credential of @azure/identity finds it. */
  at: { authorityHost: string; disableInstanceDiscovery: true };
  /** GET with this token; path without version. */
  graph(token: string, path: string): Promise<{ status: number; headers: Headers; body: Body }>;
  /** Sends a form to the token endpoint, or another one of the tenant. */
  post(
    form: Record<string, string>,
    options?: { tenant?: string; to?: string },
  ): Promise<{ status: number; body: Body }>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Body = any;

export const scope = 'https://graph.microsoft.com/.default';
export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** What MSAL sends for a client that understands claims challenges. */
export const cp1 = JSON.stringify({ access_token: { xms_cc: { values: ['cp1'] } } });

export async function loginStage(
  options: SimulatedTenantOptions = {},
  server: SimulatedServerOptions = {},
): Promise<LoginStage> {
  const clock = { ahead: 0 };
  const tenant = new SimulatedTenant({ now: () => Date.now() + clock.ahead, ...options });
  const started = await SimulatedServer.start(tenant, { tls: true, ...server });
  onTestFinished(() => started.close());
  if (started.caCertificate !== undefined)
    setDefaultCACertificates([...getCACertificates('default'), started.caCertificate]);
  return {
    tenant,
    server: started,
    clock,
    at: { authorityHost: started.loginUrl, disableInstanceDiscovery: true },
    graph: async (token, path) => {
      const response = await fetch(`${started.url}/v1.0${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    post: async (form, { tenant: name = tenant.tenantId, to = 'oauth2/v2.0/token' } = {}) => {
      const body = new URLSearchParams(form);
      const response = await fetch(`${started.loginUrl}/${name}/${to}`, { method: 'POST', body });
      return { status: response.status, body: await response.json() };
    },
  };
}

export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** A pair of keys that can sign assertions. */
export const rsaKeys = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('rsa', { modulusLength: 2048 });

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs as a client library does. */
export function signJwt(
  claims: Record<string, unknown>,
  key: KeyObject,
  header: Record<string, unknown> = {},
): string {
  const full = { typ: 'JWT', alg: 'PS256', ...header };
  const content = `${encode(full)}.${encode(claims)}`;
  const padding = full.alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const signature = sign('sha256', Buffer.from(content), {
    key,
    padding,
    ...(full.alg === 'PS256' && { saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
  });
  return `${content}.${signature.toString('base64url')}`;
}

/** The claims of a good client assertion, to be bent. */
export function assertionClaims(stage: LoginStage, appId: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    aud: `${stage.server.loginUrl}/${stage.tenant.tenantId}/oauth2/v2.0/token`,
    iss: appId,
    sub: appId,
    jti: randomUUID(),
    nbf: now,
    exp: now + 600,
  };
}

/** `x5t#S256` of a certificate in PEM. */
export const thumbprint = (pem: string, algorithm = 'sha256'): string =>
  createHash(algorithm).update(new X509Certificate(pem).raw).digest('base64url');
