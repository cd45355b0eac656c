import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Marks } from './instant-service.ts';

/** A bare Graph in a process of its own that says yes to everything: what it costs is as good as nothing. */
export interface InstantTenant {
  url: string;
  /** What a program of ours needs to work in it. */
  env: NodeJS.ProcessEnv;
  token: string;
  /** What has arrived since the last call, which begins a new count. */
  marks(): Promise<Marks>;
  close(): Promise<void>;
}

export interface InstantTenantOptions {
  /** How long each request takes, half of it before anything is done; default 0. */
  latencyMs?: number;
}

/** Resolves when it takes requests. */
export async function startInstantTenant(options: InstantTenantOptions = {}): Promise<InstantTenant> {
  const service = fileURLToPath(new URL('instant-service.ts', import.meta.url));
  const child = spawn(process.execPath, [service, JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const url = `http://127.0.0.1:${port}`;
  const token = unsignedToken();
  return {
    url,
    token,
    env: { USERSESSION_GRAPH_URL: url, USERSESSION_ACCESS_TOKEN: token },
    marks: async () => (await (await fetch(`${url}/marks`)).json()) as Marks,
    close: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
}

/** An app's token that nobody checks; what is in it is what the engine looks at before it begins. */
function unsignedToken(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    aud: 'https://graph.microsoft.com',
    tid: '5a0cd1e6-4c3f-4f0c-9c1e-0f0a4f8f3b11',
    oid: '0d5b3f0a-2f0e-4a4b-8f0c-3a1d6f0b9c22',
    appid: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    idtyp: 'app',
    roles: ['User.RevokeSessions.All', 'User.Read.All', 'GroupMember.Read.All'],
    exp: Math.floor(Date.now() / 1000) + 86_400,
  };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}
