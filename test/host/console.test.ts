import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { argumentsFor } from './driver/engine.ts';
import { requestFile } from './driver/request.ts';
import { findEngine } from '../module/power-shell.ts';

function show(script: string): { status: number | null; stdout: string; stderr: string } {
  const engine = findEngine();
  const { file, remove } = requestFile(JSON.stringify({ script, console: true, format: { width: 60 } }));
  const done = spawnSync(engine.file, argumentsFor(engine, file), { encoding: 'utf8' });
  remove();
  return done;
}

test('a console shows tables, warnings and host text, and progress on stderr', () => {
  const script = `[pscustomobject]@{ Name = 'Zoë'; Outcome = 'Revoked' } | Out-Host
    Write-Warning 'careful'; $host.UI.WriteLine('plain'); Write-Progress -Activity 'Revoking' -Status '1 of 2'`;
  const { status, stdout, stderr } = show(script);
  expect(stdout.split('\n').filter(line => line !== '')).toEqual([
    'Name Outcome',
    '---- -------',
    'Zoë  Revoked',
    'WARNING: careful',
    'plain',
  ]);
  expect(stderr).toBe('Revoking: 1 of 2\n');
  expect(status).toBe(0);
});

test('a script that fails is an exit code of 1, and exit gives its own', () => {
  expect(show(`throw 'bad'`)).toMatchObject({ status: 1, stdout: 'Exception: bad\n' });
  expect(show('exit 4').status).toBe(4);
});
