import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wallClock } from '../child.ts';
import type { InstantTenantOptions } from './instant-tenant.ts';

/** When what arrived; times by the wall clock in milliseconds, null for what never came. */
export interface Marks {
  requests: number;
  writes: number;
  reads: number;
  firstWriteAt: number | null;
  /** Of the last write and the last read that arrived. */
  lastWriteAt: number | null;
  lastReadAt: number | null;
  /** Most requests that were on the way at a time. */
  mostInFlight: number;
}

interface Item {
  id: string;
  method: string;
  url: string;
}

const { latencyMs = 0 } = JSON.parse(process.argv[2] ?? '{}') as InstantTenantOptions;
let marks = none();
let inFlight = 0;

function none(): Marks {
  return {
    requests: 0,
    writes: 0,
    reads: 0,
    firstWriteAt: null,
    lastWriteAt: null,
    lastReadAt: null,
    mostInFlight: 0,
  };
}

const accepted = '{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean","value":true}';

/** Whoever is named, is there; the stamp is always of now. Put together as text: it must cost next to nothing. */
function itemText(method: string, url: string, now: number, stamp: string): string {
  if (method === 'POST') {
    marks.writes += 1;
    marks.firstWriteAt ??= now;
    marks.lastWriteAt = now;
    return accepted;
  }
  marks.reads += 1;
  marks.lastReadAt = now;
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/i.exec(url)?.[0] ?? '00000000-0000-4000-8000-000000000000';
  return `{"id":"${id}","userPrincipalName":"${id}@contoso.example","displayName":"Adele Vance","accountEnabled":true,"userType":"Member","signInSessionsValidFromDateTime":"${stamp}"}`;
}

/** Does what was asked, and gives the answer's text. */
function carriedOut(method: string, url: string, body: string): string {
  const now = wallClock();
  const stamp = new Date(now).toISOString();
  if (!url.endsWith('/$batch')) return itemText(method, url, now, stamp);
  const { requests } = JSON.parse(body) as { requests: Item[] };
  const responses = requests.map(
    item =>
      `{"id":${JSON.stringify(item.id)},"status":200,"headers":{"Content-Type":"application/json"},"body":${itemText(item.method, item.url, now, stamp)}}`,
  );
  return `{"responses":[${responses.join(',')}]}`;
}

function send(text: string, response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'request-id': '5b1a7b0e-1c9b-4c57-9d55-0d1d3a6b9f10',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

const server = createServer((request, response) => {
  const { method = 'GET', url = '/' } = request;
  if (url === '/marks') {
    response.end(JSON.stringify(marks));
    marks = none();
    return;
  }
  marks.requests += 1;
  inFlight += 1;
  marks.mostInFlight = Math.max(marks.mostInFlight, inFlight);
  response.once('close', () => (inFlight -= 1));
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text: string) => (body += text));
  request.on('end', () => {
    if (latencyMs === 0) {
      send(carriedOut(method, url, body), response);
      return;
    }
    setTimeout(() => {
      const text = carriedOut(method, url, body);
      setTimeout(() => send(text, response), latencyMs / 2);
    }, latencyMs / 2);
  });
});
// A client that comes back after a pause shall not run into a connection that is just being closed.
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
