import { createServer } from 'node:http';
import type { TestTenant } from './tenant.ts';
import { listen } from './front.ts';

export interface HostileGraph {
  url: string;
  /** Environment of a command line that takes it for Graph. */
  env(persona?: Parameters<TestTenant['env']>[0]): Record<string, string>;
}

/**
 * Stands where Graph is: hands calls on to the simulated tenant and lets `rewrite` spoil each answer, those inside of a
 * batch as well. What `rewrite` gives back is sent instead.
 */
export async function startHostileGraph(
  { tenant, env }: TestTenant,
  rewrite: (path: string, answer: { status: number; body: unknown }) => { status: number; body: unknown },
): Promise<HostileGraph> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { method = 'GET', url: path = '/', headers } = request;
      const sent = Buffer.concat(chunks).toString();
      const answer = await tenant.handle({
        method,
        path,
        headers: headers as Record<string, string>,
        body: sent,
      });
      if (answer.kind === 'drop') return void response.destroy();
      const spoilt = spoil(path, sent, answer, rewrite);
      response.writeHead(spoilt.status, answer.headers);
      response.end(spoilt.body);
    });
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return { url, env: persona => ({ ...env(persona), USERSESSION_GRAPH_URL: url }) };
}

function spoil(
  path: string,
  sent: string,
  answer: { status: number; body: string },
  rewrite: Parameters<typeof startHostileGraph>[1],
): { status: number; body: string } {
  const body: unknown = answer.body === '' ? undefined : JSON.parse(answer.body);
  const items = (body as { responses?: { id: string; status: number; body: unknown }[] } | undefined)
    ?.responses;
  if (items) {
    const asked = (JSON.parse(sent) as { requests: { id: string; url: string }[] }).requests;
    for (const item of items)
      Object.assign(item, rewrite(asked.find(one => one.id === item.id)?.url ?? '', item));
    return { status: answer.status, body: JSON.stringify(body) };
  }
  const spoilt = rewrite(path, { status: answer.status, body });
  return { status: spoilt.status, body: spoilt.body === undefined ? '' : JSON.stringify(spoilt.body) };
}
