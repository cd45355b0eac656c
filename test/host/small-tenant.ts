import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was asked of the small tenant. */
export interface Asked {
  method: string;
  url: string;
  authorization: string | undefined;
}

const page = 100;

/** A Graph of 250 users and one mixed group, just enough to test the stand-ins by themselves. */
export class SmallTenant {
  readonly asked: Asked[] = [];
  /** What it tells of itself; null: the caller may not read it. */
  organization: { id: string; displayName: string } | null = null;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const { status, body, headers } = this.answer(request);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === null ? undefined : JSON.stringify(body));
    });
  }

  static async start(): Promise<SmallTenant> {
    const made = new SmallTenant();
    await new Promise<void>(resolve => made.server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Environment in which the stand-ins are signed in here. */
  get env(): Record<string, string> {
    return {
      MG_STANDIN_GRAPH_URL: this.url,
      MG_STANDIN_TOKEN: token({ tid: 'tenant-1', upn: 'admin@small.test', scp: 'User.Read.All' }),
    };
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage): {
    status: number;
    body: unknown;
    headers?: Record<string, string>;
  } {
    const { authorization } = request.headers;
    this.asked.push({ method: request.method ?? '', url: request.url ?? '', authorization });
    const url = new URL(request.url ?? '/', this.url);
    const path = url.pathname.replace('/v1.0', '');
    if (!authorization)
      return { status: 401, body: fault('InvalidAuthenticationToken', 'Access token is empty.') };
    if (path === '/organization' && this.organization)
      return { status: 200, body: { value: [this.organization] } };
    if (path === '/users') return { status: 200, body: this.list(url) };
    if (path === '/groups/g1/members') return { status: 200, body: { value: members } };
    if (path === '/groups/g1/members/microsoft.graph.user')
      return { status: 200, body: { value: [user(1)] } };
    if (path === '/users/busy')
      return { status: 429, body: fault('TooManyRequests', 'Slow down.'), headers: { 'retry-after': '0' } };
    if (path === '/users/u1') return { status: 200, body: { '@odata.context': 'ctx', ...user(1) } };
    return { status: 404, body: fault('Request_ResourceNotFound', `Resource '${path}' does not exist.`) };
  }

  private list(url: URL): unknown {
    const from = Number(url.searchParams.get('$skiptoken') ?? 0);
    const size = Number(url.searchParams.get('$top') ?? page);
    const value = Array.from({ length: Math.min(size, 250 - from) }, (_, i) => user(from + i + 1));
    const next =
      from + size < 250
        ? { '@odata.nextLink': `${this.url}/v1.0/users?$top=${size}&$skiptoken=${from + size}` }
        : {};
    return { '@odata.count': 250, ...next, value };
  }
}

/** A token that says of itself what is given, signed by nobody. */
export function token(claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.${part('')}`;
}

const user = (n: number): Record<string, unknown> => ({
  id: `u${n}`,
  userPrincipalName: `user${n}@small.test`,
  displayName: `User ${n}`,
  mail: null,
  businessPhones: [],
});

const members = [
  {
    '@odata.type': '#microsoft.graph.user',
    id: 'u1',
    userPrincipalName: 'user1@small.test',
    displayName: 'User 1',
  },
  { '@odata.type': '#microsoft.graph.device', id: 'd1', displayName: 'Laptop' },
];

const fault = (code: string, message: string): unknown => ({ error: { code, message } });
