import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { SimulatedSignInGuide } from '../../src/cli/simulated-sign-in.ts';
import type { Command } from '../engines.ts';

/** The simulated tenant behind TLS, in a process of its own: whoever signs in there gets a token. */
export interface LoginEndpoint {
  url: string;
  tenantId: string;
  app: { clientId: string; clientSecret: string };
  /** PEM of the authority that has to be trusted. */
  caFile: string;
  close(): Promise<void>;
}

/** Resolves when it takes requests. */
export async function startLoginEndpoint(engine: Command, caFile: string): Promise<LoginEndpoint> {
  const [file, ...args] = engine;
  const child = spawn(file, [...args, 'simulate', '--tls', '--json', '--ca-file', caFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { loginUrl, tenantId, apps } = JSON.parse(line) as SimulatedSignInGuide & { tenantId: string };
  return {
    url: loginUrl,
    tenantId,
    app: apps.confidential,
    caFile,
    close: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
