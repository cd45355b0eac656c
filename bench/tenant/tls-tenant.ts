import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SimulatedRevocation } from '../../src/simulator/simulated-tenant.ts';

/** Whom the certificate of the tenant is for besides this machine: programs that can't be told another address. */
export const microsoftNames = ['login.microsoftonline.com', 'graph.microsoft.com'] as const;

/** What the process of the tenant says of itself. */
export interface SimulatedServiceAbout {
  port: number;
  /** PEM. */
  caCertificate: string;
  tenantId: string;
  /** Of an app that may revoke. */
  clientId: string;
  clientSecret: string;
  token: string;
  /** Id of a user who can be revoked. */
  member: string;
}

/** The simulated tenant in a process of its own, Graph and login behind TLS. */
export interface TlsTenant extends SimulatedServiceAbout {
  /** Where the certificate to trust is. */
  caFile: string;
  /** Runs something that revokes, and resolves with when its first revocation arrived, by the wall clock in milliseconds. */
  arrivalOf(action: () => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

/** Resolves when it takes requests. */
export async function startTlsTenant(): Promise<TlsTenant> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('simulated-service.ts', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [about] = (await once(child, 'message')) as [SimulatedServiceAbout];
  const folder = mkdtempSync(join(tmpdir(), 'usersession-bench-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, about.caCertificate);
  const record = async (): Promise<readonly SimulatedRevocation[]> => {
    const told = once(child, 'message');
    child.send('record');
    return ((await told) as [SimulatedRevocation[]])[0];
  };
  return {
    ...about,
    caFile,
    async arrivalOf(action) {
      const before = (await record()).length;
      await action();
      const first = (await record())[before];
      if (!first) throw new Error('No revocation arrived.');
      return first.at;
    },
    async close() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
