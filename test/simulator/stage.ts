import { onTestFinished } from 'vitest';
import { SimulatedServer } from '../../src/simulator/simulated-server.ts';
import {
  type PersonaName,
  SimulatedTenant,
  type SimulatedTenantOptions,
  type TokenOptions,
} from '../../src/simulator/simulated-tenant.ts';

/** What came back over HTTP. */
export interface Heard {
  status: number;
  headers: Headers;
  text: string;
  body: GraphBody;
}

/** The parts of Graph's answers that the tests look at. */
export interface GraphBody {
  value?: GraphItem[];
  error?: { code: string; message: string; innerError: Record<string, string> };
  responses?: { id: string; status: number; headers: Record<string, string>; body: GraphBody }[];
  [property: string]: unknown;
}

export type GraphItem = Record<string, unknown>;

export interface SendOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  as?: PersonaName | TokenOptions;
}

/** A tenant on loopback with a clock of its own that moves only when told. */
export interface Stage {
  tenant: SimulatedTenant;
  server: SimulatedServer;
  clock: { now: number; slept: number[] };
  /** Path without version. */
  send(path: string, options?: SendOptions): Promise<Heard>;
  batch(requests: unknown, options?: SendOptions): Promise<Heard>;
}

export const startOfTime = Date.parse('2026-11-23T10:00:00.400Z');
export const eventual = { ConsistencyLevel: 'eventual' };

export async function stage(options: SimulatedTenantOptions = {}): Promise<Stage> {
  const clock = { now: startOfTime, slept: [] as number[] };
  const tenant = new SimulatedTenant({
    now: () => clock.now,
    sleep: async ms => {
      clock.slept.push(ms);
      clock.now += ms;
    },
    ...options,
  });
  const server = await SimulatedServer.start(tenant);
  onTestFinished(() => server.close());

  const send = async (
    path: string,
    { method = 'GET', body, headers = {}, as = 'userAdministrator' }: SendOptions = {},
  ): Promise<Heard> => {
    const versioned = /^\/(v1\.0|beta)\//.test(path) ? path : `/v1.0${path}`;
    const response = await fetch(server.url + versioned, {
      method,
      headers: {
        authorization: `Bearer ${tenant.issueToken(as)}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  const batch: Stage['batch'] = (requests, sendOptions) =>
    send('/$batch', { method: 'POST', body: { requests }, ...sendOptions });
  return { tenant, server, clock, send, batch };
}

function parsed(text: string): GraphBody {
  try {
    return JSON.parse(text) as GraphBody;
  } catch {
    return {};
  }
}

/** An ordinary employee of whom nothing is special. */
export function ordinary(tenant: SimulatedTenant, index = 0): SimulatedTenant['users'][number] {
  const user = tenant.users.filter(
    one => one.department === 'Engineering' && !one.external && one.accountEnabled && one.roles.length === 0,
  )[index];
  if (!user) throw new Error('There is no such ordinary user.');
  return user;
}

export const revokeItem = (id: string, user: string): unknown => ({
  id,
  method: 'POST',
  url: `/users/${user}/revokeSignInSessions`,
  headers: { 'Content-Type': 'application/json' },
  body: {},
});

export function groupNamed(tenant: SimulatedTenant, name: string): SimulatedTenant['groups'][number] {
  const group = tenant.groups.find(one => one.displayName === name);
  if (!group) throw new Error(`There is no group ${name}.`);
  return group;
}
