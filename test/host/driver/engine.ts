import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { testHostOut } from '../../../build/paths.ts';
import { buildTestHost, hasDotnet, testHostDll } from '../../../build/test-host.ts';

export type Engine = { kind: 'pwsh' | 'host'; file: string };

let engineFound: Engine | undefined;

/** Real pwsh where there is one new enough to load the runner, else the test host, which is built if need be. */
export function findEngine(): Engine {
  engineFound ??= lookForEngine();
  return engineFound;
}

function lookForEngine(): Engine {
  const named = process.env['USERSESSION_PWSH'];
  if (named && !existsSync(named)) throw new Error(`USERSESSION_PWSH names ${named}, where no file is.`);
  const pwsh = named ?? onPath();
  if (!existsSync(testHostDll)) buildOnce(pwsh);
  if (named || (pwsh && isNewEnough(pwsh))) return { kind: 'pwsh', file: pwsh! };
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { kind: 'host', file: join(testHostOut, `usersession-test-host${suffix}`) };
}

function onPath(): string | undefined {
  const name = process.platform === 'win32' ? 'pwsh.exe' : 'pwsh';
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(existsSync);
}

/** The runner is made for .NET 10, which pwsh has from 7.6 on. */
function isNewEnough(pwsh: string): boolean {
  const asked = spawnSync(pwsh, [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    '$PSVersionTable.PSVersion -ge [version]"7.6"',
  ]);
  return asked.stdout.toString().trim() === 'True';
}

/** Test files run in several processes: the first one builds, the others wait for it. */
function buildOnce(pwsh: string | undefined): void {
  if (!hasDotnet()) {
    throw new Error(
      pwsh
        ? 'The tests drive pwsh through a runner of ours, which needs a .NET 10 SDK to be built: install one.'
        : 'There is no PowerShell to test in: install pwsh 7.6 or a .NET 10 SDK, from which a test host is built.',
    );
  }
  const lock = `${testHostOut}.lock`;
  mkdirSync(dirname(lock), { recursive: true });
  for (const since = Date.now(); ;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (Date.now() - since > 300_000)
        throw new Error(`Another process builds the test host for ever: remove ${lock}.`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  try {
    if (!existsSync(testHostDll)) buildTestHost();
  } finally {
    rmdirSync(lock);
  }
}

/** How that engine is started on a request. */
export function argumentsFor(engine: Engine, requestFile: string): string[] {
  return engine.kind === 'host'
    ? [requestFile]
    : ['-NoProfile', '-NonInteractive', '-Command', inPwsh(requestFile)];
}

function inPwsh(requestFile: string): string {
  const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;
  return [
    `$runner = ${quoted(join(testHostOut, 'UserSession.TestHost.Runner.dll'))}`,
    '[void][System.Reflection.Assembly]::LoadFrom($runner)',
    `exit [UserSession.TestHost.Runner.Entry]::Run(${quoted(requestFile)})`,
  ].join('; ');
}
