import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SignIn } from '../../src/auth/sign-in.ts';
import { openNetwork } from '../../src/graph/network.ts';
import type { CredentialConnection } from '../../src/protocol/tenant.ts';

let folder: string;
const network = openNetwork({ env: {} });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'usersession-small-file-'));
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'large'), 'x'.repeat(1024 * 1024 + 1));
  if (process.platform !== 'win32') spawnSync('mkfifo', [join(folder, 'pipe')]);
});

afterAll(async () => {
  await network.close();
  rmSync(folder, { recursive: true });
});

const ways: Record<string, (path: string) => CredentialConnection['credential']> = {
  certificate: path => ({ method: 'certificateFile', path }),
  'federated token': tokenFile => ({ method: 'federatedToken', tokenFile }),
};

/** What a sign-in with this file says; nothing is sent, since no file here is good. */
async function said(kind: string, path: string): Promise<string> {
  const connection: CredentialConnection = {
    kind: 'credential',
    credential: ways[kind]!(path),
    tenantId: '6f1d1f4c-6d0a-4d4b-9d5b-0f3f1e0c0a01',
    clientId: '6f1d1f4c-6d0a-4d4b-9d5b-0f3f1e0c0a02',
    loginUrl: 'https://127.0.0.1:9',
  };
  const error = await new SignIn(connection, network).token().catch((e: unknown) => e as Error);
  return (error as Error).message;
}

test.runIf(process.platform !== 'win32').each(Object.keys(ways))(
  'a pipe that nobody writes to is no %s file, which is told at once',
  async kind => {
    const path = join(folder, 'pipe');
    expect(await said(kind, path)).toBe(
      `${path}: this is no ${kind} file, but a pipe or a device, which can be larger than 1 MiB.`,
    );
  },
);

test.runIf(process.platform !== 'win32').each(Object.keys(ways))(
  'a device without an end is no %s file',
  async kind => {
    expect(await said(kind, '/dev/zero')).toBe(
      `/dev/zero: this is no ${kind} file, but a pipe or a device, which can be larger than 1 MiB.`,
    );
  },
);

test.each(Object.keys(ways))('a file of more than 1 MiB is no %s file', async kind => {
  const path = join(folder, 'large');
  expect(await said(kind, path)).toBe(`${path}: this is no ${kind} file, it is larger than 1 MiB.`);
});

test.each(Object.keys(ways))('a folder is no %s file', async kind => {
  const path = join(folder, 'folder');
  expect(await said(kind, path)).toBe(`${path}: this is a folder, not a ${kind} file.`);
});

test.each(Object.keys(ways))('a %s file that is not there is told by its path', async kind => {
  const path = join(folder, 'nowhere');
  expect(await said(kind, path)).toBe(`${path}: there is no such ${kind} file.`);
});
