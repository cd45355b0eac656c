import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { ServerCertificate } from './certificates.ts';

export interface FrontOptions {
  /** Loopback of which kind it listens on. */
  host?: '127.0.0.1' | '::1';
  /** Speaks TLS with this certificate. */
  tls?: ServerCertificate;
}

/** Stands in front of a server on loopback and hands its bytes on; resolves to its port. Gone when the test ends. */
export async function startFront(url: string, options: FrontOptions = {}): Promise<number> {
  const target = Number(new URL(url).port);
  const hand = (socket: Socket) => join(socket, connect(target, '127.0.0.1'));
  const server = options.tls
    ? createTlsServer(options.tls, hand).on('tlsClientError', () => {})
    : createServer(hand);
  return listen(server, options.host ?? '127.0.0.1');
}

/** Listens on a port that the system picks, until the test ends. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', socket => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise(resolve => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** Both ends as one connection: what ends or breaks here ends there. */
export function join(a: Socket, b: Socket): void {
  a.on('error', () => b.destroy());
  b.on('error', () => a.destroy());
  a.pipe(b).pipe(a);
  onTestFinished(() => {
    a.destroy();
    b.destroy();
  });
}
