import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cliOut } from '../../build/paths.ts';
import { permissionsOf } from '../../src/simulator/personas.ts';
import { SimulatedServer } from '../../src/simulator/simulated-server.ts';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { selfSigned } from './certificates.ts';

export interface ManyTenants {
  tenants: SimulatedTenant[];
  /** Signs in at all of them. */
  app: { clientId: string; secret: string; certificate: string };
  /** Where the work is done; gone when the test ends. */
  folder: string;
  /** A PATH on which `usersession` is the command line as built, which finds each tenant by its id. */
  path: string;
}

/** So many simulated tenants behind TLS that trust the same app. */
export async function manyTenants(count: number): Promise<ManyTenants> {
  const folder = mkdtempSync(join(tmpdir(), 'usersession-tenants-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { certificate, privateKey } = await selfSigned();
  const clientId = '11111111-2222-3333-4444-555555555555';
  const secret = 'secret-of-all-tenants';
  const app = {
    appId: clientId,
    secrets: [{ value: secret }],
    certificates: [certificate],
    permissions: permissionsOf.app,
  };
  const tenants = Array.from(
    { length: count },
    (_, i) => new SimulatedTenant({ seed: 101 + i, apps: [app] }),
  );
  const addresses: Record<string, Record<string, string>> = {};
  for (const tenant of tenants) {
    const server = await SimulatedServer.start(tenant, { tls: true });
    onTestFinished(() => server.close());
    const authority = join(folder, `${tenant.tenantId}.pem`);
    writeFileSync(authority, server.caCertificate ?? '');
    addresses[tenant.tenantId] = {
      USERSESSION_GRAPH_URL: server.url,
      USERSESSION_LOGIN_URL: server.loginUrl,
      NODE_EXTRA_CA_CERTS: authority,
    };
  }
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = join(bin, 'usersession');
  writeFileSync(
    program,
    `#!${process.execPath}
const { spawnSync } = require('node:child_process');
const args = process.argv.slice(2);
const address = ${JSON.stringify(addresses)}[args[args.indexOf('--tenant-id') + 1]];
const run = spawnSync(${JSON.stringify(cliOut)}, args, { stdio: 'inherit', env: { ...process.env, ...address } });
process.exitCode = run.status;
`,
  );
  chmodSync(program, 0o755);
  const pem = join(folder, 'certificate.pem');
  writeFileSync(pem, `${certificate}${privateKey}\n`);
  return {
    tenants,
    app: { clientId, secret, certificate: pem },
    folder,
    path: `${bin}${delimiter}${process.env['PATH']}`,
  };
}

/** The runs on record below a folder of the page's, by tenant: how many rows of revoked users each log has. */
export const revokedOnRecord = (records: string, tenantId: string): number =>
  readFileSync(join(records, tenantId, 'log.jsonl'), 'utf8').split('"outcome":"Revoked"').length - 1;
