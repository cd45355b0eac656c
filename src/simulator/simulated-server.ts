import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatedAnswer } from './answer.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** Graph's own limit for a request. */
const largestBody = 4 * 1024 * 1024;

/** Puts a simulated tenant on loopback http, where nobody but this machine reaches it. */
export class SimulatedServer {
  /** Without version: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Resolves when the port takes requests; rejects when it cannot be had. The system picks one unless it is given. */
  static async start(tenant: SimulatedTenant, options: { port?: number } = {}): Promise<SimulatedServer> {
    const server = createServer((request, response) => {
      serve(tenant, request, response).catch(() => response.destroy());
    });
    // Clients that come back after a pause shall not run into a connection that is just being closed.
    server.keepAliveTimeout = 65_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port: options.port ?? 0 }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new SimulatedServer(server);
  }

  /** Ends all connections at once, idle ones and those with a request in progress; resolves when the port is free. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function serve(
  tenant: SimulatedTenant,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBody) {
      response.writeHead(413, { Connection: 'close' }).end();
      return;
    }
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  const body = Buffer.concat(chunks).toString('utf8');
  send(
    await tenant.handle({ method: request.method ?? 'GET', path: request.url ?? '/', headers, body }),
    response,
  );
}

function send(answer: SimulatedAnswer, response: ServerResponse): void {
  if (answer.kind === 'drop') {
    if (answer.reset) response.socket?.resetAndDestroy();
    else response.socket?.destroy();
    return;
  }
  const body = Buffer.from(answer.body, 'utf8');
  // The tenant's clock dates the answers, not the machine's.
  response.sendDate = false;
  response.writeHead(answer.status, {
    ...answer.headers,
    'Content-Length': answer.cut ? body.length * 2 + 1 : body.length,
  });
  if (answer.cut) response.write(body, () => response.socket?.destroy());
  else response.end(body);
}
