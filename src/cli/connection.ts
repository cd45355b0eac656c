import { globalGraph } from '../graph/endpoint.ts';
import type { TenantConnection } from '../protocol/tenant.ts';
import { CommandFailure, exitCode } from './failure.ts';

export interface ConnectionOptions {
  simulated?: boolean;
  graphUrl?: string;
}

/**
 * Where to work and with whose token, from options and environment. The token comes from the environment alone:
 * arguments are for everybody on the machine to read.
 */
export function connectionFrom(options: ConnectionOptions, env: NodeJS.ProcessEnv): TenantConnection {
  if (options.simulated) return { kind: 'simulated' };
  const token = env['USERSESSION_ACCESS_TOKEN']?.trim();
  if (!token) {
    throw new CommandFailure(
      exitCode.notSignedIn,
      'Not signed in. Put an access token for Microsoft Graph into the environment variable USERSESSION_ACCESS_TOKEN, or rehearse with --simulated.',
    );
  }
  return { kind: 'host', graphUrl: options.graphUrl ?? env['USERSESSION_GRAPH_URL'] ?? globalGraph, token };
}
