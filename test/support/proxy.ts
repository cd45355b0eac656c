import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ServerCertificate } from './certificates.ts';
import { listen } from './front.ts';

export interface ProxyOptions {
  /** Where the names of the world lead to: host to port on loopback. Others can't be reached (502). */
  hosts?: Readonly<Record<string, number>>;
  /** `user:password` that it wants. */
  credentials?: string;
  /** The ways to sign in that it offers, one header each. */
  challenges?: readonly string[];
  /** Answers everything with this status. */
  refuse?: number;
  /** Speaks TLS itself. */
  tls?: ServerCertificate;
}

export interface TestProxy {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  /** What it was asked to connect to, as `host:port`. */
  asked: string[];
}

/** A proxy on loopback that connects (CONNECT) names it alone knows; gone when the test ends. */
export async function startProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const server = options.tls ? createTlsServer(options.tls) : createServer();
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(request.url ?? '');
    socket.on('error', () => {});
    const port = options.hosts?.[new URL(`https://${request.url}`).hostname];
    if (options.refuse) return end(socket, options.refuse);
    if (!allowed(request, options)) return end(socket, 407, options.challenges ?? ['Basic realm="proxy"']);
    if (port === undefined) return end(socket, 502);
    const far = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.destroy());
    socket.on('close', () => far.destroy());
    onTestFinished(() => {
      far.destroy();
    });
  });
  const port = await listen(server);
  return { url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`, port, asked };
}

function allowed({ headers }: IncomingMessage, { credentials, challenges }: ProxyOptions): boolean {
  if (challenges) return false;
  if (credentials === undefined) return true;
  return headers['proxy-authorization'] === `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function end(socket: Socket, status: number, challenges: readonly string[] = []): void {
  const headers = challenges.map(challenge => `Proxy-Authenticate: ${challenge}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} No\r\n${headers}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}
