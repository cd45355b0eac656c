import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificateStoreOut } from '../../build/paths.ts';
import { CertificateHome } from './certificate-home.ts';
import { probe } from './probe.ts';

/** What .NET in our process must not change. */
const home = new CertificateHome();
const folder = certificateStoreOut;
const wanted = [{ subjectName: 'Revoker' }];

beforeAll(async () => void (await home.add({ subject: 'CN=Revoker' })));
afterAll(() => home.remove());

const env = (changes: NodeJS.ProcessEnv = {}) => ({ ...process.env, HOME: home.folder, ...changes });

test.each(['SIGINT', 'SIGTERM'] as const)('%s still reaches who listened before .NET came', async name => {
  const request = { folder, wanted, signal: { name, listen: true } };
  const run = await probe(request, { env: env() }, child => child.kill(name));
  expect(run.answers.at(-1)).toEqual({ code: 'SignalSeen' });
  expect(run).toMatchObject({ code: 0, err: '' });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s still ends a process that does not listen', async name => {
  const request = { folder, wanted, signal: { name, listen: false } };
  const run = await probe(request, { env: env() }, child => child.kill(name));
  expect(run).toMatchObject({ signal: name, err: '' });
});

test('.NET is found in another place than the PATH, and says nothing even when tracing is on', async () => {
  const run = await probe(
    { folder, wanted },
    { env: env({ PATH: '/nowhere', EDGE_DEBUG: '1', COREHOST_TRACE: '1' }) },
  );
  expect(run.answers).toMatchObject([{ subject: 'CN=Revoker' }]);
  expect(run).toMatchObject({ code: 0, err: '' });
});

test('no socket of a debugger is left in the folder for temporary files', async () => {
  const sockets = () => readdirSync(tmpdir()).filter(f => /^(dotnet-diagnostic|clr-debug-pipe)/.test(f));
  let own: string[] = [];
  const request = { folder, wanted, signal: { name: 'SIGTERM' as const, listen: true } };
  await probe(request, { env: env() }, child => {
    own = sockets().filter(f => f.includes(`-${child.pid}-`));
    child.kill('SIGTERM');
  });
  expect(own).toEqual([]);
});

test('a process that has used .NET ends as usual, every time', async () => {
  for (let i = 0; i < 8; i += 1) {
    const run = await probe({ folder, wanted }, { env: env() });
    expect(run).toMatchObject({ code: 0, signal: null, err: '' });
  }
});
