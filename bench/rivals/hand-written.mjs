// The best that a good engineer writes by hand in an afternoon: users from standard input, an id a line, in batches of
// twenty with so many of them on the way, Retry-After obeyed, and with --proof each user read again until it shows.
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { 'in-flight': { type: 'string' }, proof: { type: 'boolean' } } });
const { GRAPH_URL, TOKEN } = process.env;

async function sendBatch(requests) {
  for (;;) {
    const response = await fetch(`${GRAPH_URL}/v1.0/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ requests }),
    });
    if (response.status !== 429 && response.status !== 503) {
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()).responses;
    }
    await sleep(1000 * Number(response.headers.get('retry-after') ?? 10));
  }
}

/** The answer for each user, in order; whoever is throttled is asked for again. */
async function forEach(users, request) {
  const answers = new Map();
  while (answers.size < users.length) {
    const open = users.filter(user => !answers.has(user));
    const responses = await sendBatch(open.map((user, i) => ({ id: `${i}`, ...request(user) })));
    let wait = 0;
    for (const { id, status, headers, body } of responses) {
      if (status === 429) wait = Math.max(wait, Number(headers?.['Retry-After'] ?? 10));
      else answers.set(open[id], { status, body });
    }
    if (wait > 0) await sleep(1000 * wait);
  }
  return users.map(user => answers.get(user));
}

const revoke = user => ({
  method: 'POST',
  url: `/users/${user}/revokeSignInSessions`,
  headers: { 'Content-Type': 'application/json' },
  body: {},
});
const read = user => ({ method: 'GET', url: `/users/${user}?$select=id,signInSessionsValidFromDateTime` });

async function prove(users, since) {
  let open = users;
  for (let wait = 500; ; wait *= 2) {
    const answers = await forEach(open, read);
    open = open.filter((_, i) => !(Date.parse(answers[i].body?.signInSessionsValidFromDateTime) >= since));
    if (open.length === 0 || wait > 8000) break;
    await sleep(wait);
  }
  for (const user of open) console.error(`${user}: not proven`);
}

const users = (await text(process.stdin)).split('\n').filter(line => line !== '');
const groups = Array.from({ length: Math.ceil(users.length / 20) }, (_, i) =>
  users.slice(20 * i, 20 * i + 20),
);
const proofs = [];
const worker = async () => {
  for (let group = groups.shift(); group; group = groups.shift()) {
    const since = Date.now() - 5000;
    const answers = await forEach(group, revoke);
    const accepted = group.filter(
      (user, i) => answers[i].status < 300 || console.error(`${user}: ${answers[i].status}`),
    );
    if (values.proof) proofs.push(prove(accepted, since));
  }
};
await Promise.all(Array.from({ length: Number(values['in-flight']) }, worker));
await Promise.all(proofs);
