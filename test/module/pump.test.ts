import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runModule, sent } from './with-stub.ts';

test('while the engine does not read, users gather: a thousand of them travel in a few lines, each of at most 500', async () => {
  const readsAfter = join(mkdtempSync(join(tmpdir(), 'usersession-')), 'now');
  const { rows, messages, together } = await runModule(
    `$long = 'x' * 200
     & { foreach ($n in 1..1500) { "$long$n@x" }; [System.IO.File]::WriteAllText('${readsAfter}', '') } |
       Revoke-UserSession -Force`,
    { stub: { readsAfter } },
  );
  expect(rows).toHaveLength(1500);
  expect(sent(messages, 'user/revoke')).toHaveLength(1500);
  // What a pipe holds before it is full went one by one.
  const gathered = together.reduce((sum, count) => sum + count, 0);
  expect(gathered).toBeGreaterThan(1000);
  expect(Math.max(...together)).toBeLessThanOrEqual(500);
  expect(together.length).toBeLessThan(20);
});

test('a reply ends the waiting for it, however long that may last', async () => {
  const { outputs } = await runModule(`
    'a@x' | Revoke-UserSession
    & (Get-Module UserSession) {
      $clock = [System.Diagnostics.Stopwatch]::StartNew()
      $request = Send-EngineRequest $script:Engine 'tenant/describe' @{ tenant = @{ kind = 'simulated' } }
      while (-not $request.Reply) { Step-Engine $script:Engine 50000 }
      $clock.Elapsed.TotalSeconds
    }`);
  expect(Number(outputs.at(-1)!.text)).toBeLessThan(25);
});

test('rows that come in one line all come out, also when a command in the middle of the pipeline took one only before', async () => {
  const { rows } = await runModule(
    `$first = 1..50 | ForEach-Object { "u$_@x" } | Revoke-UserSession | Select-Object -First 1; $first
     1..50 | ForEach-Object { "v$_@x" } | Revoke-UserSession`,
    { stub: { delay: 50 } },
  );
  expect(rows).toHaveLength(51);
  expect(new Set(rows).size).toBe(51);
});
