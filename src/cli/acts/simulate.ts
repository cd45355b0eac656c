import { resolve } from 'node:path';
import { rehearsalCaller } from '../../auth/embedded-tenant.ts';
import { SimulatedServer } from '../../simulator/simulated-server.ts';
import { SimulatedTenant } from '../../simulator/simulated-tenant.ts';
import { CommandFailure, exitCode } from '../failure.ts';
import { describedSignIn, type SimulatedSignInGuide, signInGuide } from '../simulated-sign-in.ts';

export interface SimulateOptions {
  port: number;
  users?: number;
  seed?: number;
  tls?: boolean;
  caFile?: string;
  tokenLifetime?: number;
  json?: boolean;
}

/** What `usersession simulate` does. */
export async function simulate(options: SimulateOptions): Promise<void> {
  if (options.caFile !== undefined && !options.tls)
    throw new CommandFailure(exitCode.usage, 'Without --tls there is no certificate for --ca-file.');
  const tenant = new SimulatedTenant({
    users: options.users,
    seed: options.seed,
    accessTokenLifetimeSeconds: options.tokenLifetime,
  });
  const { port, tls } = options;
  const server = await SimulatedServer.start(tenant, { port, tls }).catch((error: Error) => {
    throw new CommandFailure(
      exitCode.usage,
      `The simulated tenant can't listen on port ${options.port}: ${error.message}.`,
    );
  });
  const tokens = {
    userAdministrator: tenant.issueToken(rehearsalCaller),
    helpdeskAdministrator: tenant.issueToken('helpdeskAdministrator'),
    globalAdministrator: tenant.issueToken('globalAdministrator'),
    app: tenant.issueToken('app'),
    reader: tenant.issueToken('reader'),
  };
  const { tenantId, domain } = tenant;
  const about = { graphUrl: server.url, tenantId, domain, tokens, ...(await guide(tenant, server, options)) };
  process.stdout.write(options.json ? `${JSON.stringify(about)}\n` : described(about, tenant.users.length));
  const leave = () => void server.close();
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
}

async function guide(
  tenant: SimulatedTenant,
  server: SimulatedServer,
  { caFile }: SimulateOptions,
): Promise<SimulatedSignInGuide> {
  try {
    return signInGuide(tenant, server, caFile === undefined ? undefined : resolve(caFile));
  } catch (error) {
    await server.close();
    throw new CommandFailure(
      exitCode.usage,
      `The certificate can't be written to ${caFile}: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

function described(
  about: SimulatedSignInGuide & { graphUrl: string; domain: string; tokens: { userAdministrator: string } },
  users: number,
): string {
  return `Simulated tenant ${about.domain} with ${users} people at ${about.graphUrl}; Ctrl+C ends it.

  export USERSESSION_GRAPH_URL=${about.graphUrl}
  export USERSESSION_ACCESS_TOKEN=${about.tokens.userAdministrator}

Then, in another shell: usersession revoke meganb@${about.domain}

${describedSignIn(about)}`;
}
