import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatedAnswer } from './answer.ts';
import type { SimulatedTenant } from './simulated-tenant.ts';

/** Graph's own limit for a request. */
const largestBody = 4 * 1024 * 1024;

export interface SimulatedServerOptions {
  /** The system picks one unless it is given. */
  port?: number;
  /** Https instead of http, with a certificate that is made now. MSAL signs in over nothing else. */
  tls?: boolean;
  /** Names besides loopback's that the certificate is for: programs that know nothing but Microsoft's can be sent here. */
  names?: readonly string[];
  /** Default `127.0.0.1`. At `::1` @azure/identity can't sign in: it looks `[::1]` up as if it were a name. */
  host?: '127.0.0.1' | '::1';
}

/** Puts a simulated tenant on loopback, where nobody but this machine reaches it. */
export class SimulatedServer {
  /** Of Graph, without version: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Of the login endpoint, without tenant: the same port, since the paths differ. */
  readonly loginUrl: string;
  /** PEM of the authority that clients have to trust; undefined without TLS. */
  readonly caCertificate: string | undefined;
  readonly #server: Server;

  private constructor(server: Server, caCertificate: string | undefined) {
    const { port, address, family } = server.address() as AddressInfo;
    this.#server = server;
    this.caCertificate = caCertificate;
    // By address, since `localhost` may be another address, with another server on the same port.
    this.url = `${caCertificate === undefined ? 'http' : 'https'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
    this.loginUrl = this.url;
  }

  /** Resolves when the port takes requests; rejects when it cannot be had. */
  static async start(
    tenant: SimulatedTenant,
    options: SimulatedServerOptions = {},
  ): Promise<SimulatedServer> {
    const secure = options.tls ?? false;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      serve(tenant, secure, request, response).catch(() => response.destroy());
    };
    const { server, caCertificate } = secure
      ? await createSecureServer(listener, options.names)
      : { server: createServer(listener), caCertificate: undefined };
    // Clients that come back after a pause shall not run into a connection that is just being closed.
    server.keepAliveTimeout = 65_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new SimulatedServer(server, caCertificate);
  }

  /** Ends all connections at once, idle ones and those with a request in progress; resolves when the port is free. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Loaded only when asked for: a server without TLS is up sooner without all this. */
async function createSecureServer(
  listener: RequestListener,
  names?: readonly string[],
): Promise<{ server: Server; caCertificate: string }> {
  const [{ createServer: create }, { makeServerCertificate }] = await Promise.all([
    import('node:https'),
    import('./login/server-certificate.ts'),
  ]);
  const { certificate, privateKey, caCertificate } = await makeServerCertificate(names);
  return { server: create({ cert: certificate, key: privateKey }, listener), caCertificate };
}

async function serve(
  tenant: SimulatedTenant,
  secure: boolean,
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
  const { method = 'GET', url: path = '/' } = request;
  send(await tenant.handle({ method, path, headers, body, secure }), response);
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
