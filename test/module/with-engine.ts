import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { moduleOut } from '../../build/paths.ts';
import type { TestTenant } from '../support/tenant.ts';
import { type PowerShellObject, type PowerShellOptions, plain } from './power-shell.ts';

/** The module as `npm run build` leaves it, engine inside. */
export const builtModule = join(moduleOut, 'UserSession.psd1');

/** A script in a session that has the built module and is signed in to `tenant` by the stand-in of Graph PowerShell. */
export function inTenant(
  tenant: TestTenant,
  script: string,
  options: PowerShellOptions & { persona?: Parameters<TestTenant['connection']>[0] } = {},
): [script: string, options: PowerShellOptions] {
  const { persona, ...others } = options;
  const env = {
    MG_STANDIN_GRAPH_URL: tenant.url,
    MG_STANDIN_TOKEN: tenant.connection(persona).token,
    USERSESSION_ENGINE: null,
    ...options.env,
  };
  return [`Import-Module '${builtModule}'; ${script}`, { ...others, env }];
}

/** The rows among what a script put out, as plain values. */
export const rowsOf = (outputs: PowerShellObject[]): Record<string, unknown>[] =>
  outputs.filter(o => o.typeNames[0] === 'UserSession.RevocationResult').map(plain);

/** The processes that a process has started and that still live. */
export function childrenOf(pid: number): number[] {
  const list = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)]).stdout.toString();
  return list.split(/\s+/).filter(Boolean).map(Number);
}
