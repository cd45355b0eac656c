import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SimulatedServer } from '../../src/simulator/simulated-server.ts';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';

/** Starts the engine with these arguments and variables, recorded under a name. */
export type Start = (
  name: string,
  args: readonly string[],
  env?: Record<string, string>,
) => ReturnType<typeof spawn>;

/** Lets the engine do what it is started for most, on the simulated tenant. `folder` takes what it takes. */
export async function playScenarios(start: Start, folder: string): Promise<void> {
  const tenant = new SimulatedTenant();
  const server = await SimulatedServer.start(tenant, { tls: true });
  try {
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, server.caCertificate ?? '');
    const env = {
      USERSESSION_HOME: join(folder, 'state'),
      USERSESSION_GRAPH_URL: server.url,
      USERSESSION_LOGIN_URL: server.loginUrl,
      NODE_EXTRA_CA_CERTS: caFile,
    };
    const token = tenant.issueToken('app');
    const [first, second, third] = tenant.users.filter(u => u.userType === 'Member' && u.roles.length === 0);
    if (!first || !second || !third) throw new Error('The simulated tenant has nobody to be signed out.');
    const { confidential } = tenant.apps;
    await ended(start('revoke', ['revoke', first.id], { ...env, USERSESSION_ACCESS_TOKEN: token }));
    await ended(
      start(
        'sign-in',
        ['revoke', second.id, '--tenant-id', tenant.tenantId, '--client-id', confidential.appId],
        {
          ...env,
          USERSESSION_CLIENT_SECRET: confidential.secrets[0]?.value ?? '',
        },
      ),
    );
    await serveOne(start('serve', ['serve'], env), { graphUrl: server.url, token, user: third.id });
    await ended(
      start('simulated', ['revoke', 'nobody@contoso.example', '--simulated', '--no-journal'], env),
      2,
    );
  } finally {
    await server.close();
  }
}

async function ended(child: ReturnType<typeof spawn>, expected = 0): Promise<void> {
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== expected) throw new Error(`The engine ended with ${code} while it was warmed up.`);
}

/** Plays the host for one user. */
async function serveOne(
  engine: ReturnType<typeof spawn>,
  { graphUrl, token, user }: { graphUrl: string; token: string; user: string },
): Promise<void> {
  const { stdin, stdout } = engine;
  if (!stdin || !stdout) throw new Error('The engine has no pipes.');
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  let id = 0;
  const ask = async (method: string, params: unknown): Promise<Record<string, unknown>> => {
    id += 1;
    stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    for (let line = await lines.next(); !line.done; line = await lines.next())
      for (const message of [JSON.parse(line.value)].flat())
        if (message.id === id && message.result) return message.result;
    throw new Error(`The engine did not answer ${method}.`);
  };
  const { runId } = await ask('run/begin', { tenant: { kind: 'host', graphUrl, token }, options: {} });
  await ask('user/revoke', { runId, user: { text: user } });
  await ask('run/end', { runId });
  stdin.end();
  await ended(engine);
}
