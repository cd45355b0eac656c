import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, testHostOut } from './paths.ts';

/** The file that runs the test host with `dotnet`. */
export const testHostDll = join(testHostOut, 'usersession-test-host.dll');

/** True when a .NET SDK is at hand. */
export const hasDotnet = (): boolean => spawnSync('dotnet', ['--version'], { stdio: 'ignore' }).status === 0;

/** Builds the PowerShell engine that tests and the demonstration use where there is no pwsh. */
export function buildTestHost(): void {
  const done = spawnSync(
    'dotnet',
    [
      'build',
      join(root, 'test', 'host', 'host'),
      '-c',
      'Release',
      '-o',
      testHostOut,
      '-v',
      'quiet',
      '--nologo',
      '-clp:ErrorsOnly;NoSummary',
    ],
    { stdio: ['ignore', 2, 2] },
  );
  if (done.status !== 0) throw new Error('The PowerShell test host could not be built; see above.');
}
