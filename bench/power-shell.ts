import { plain, runPowerShell } from '../test/module/power-shell.ts';
import { builtModule } from '../test/module/with-engine.ts';
import { powerShellName } from './rivals/power-shell-loop.ts';
import type { InstantTenant } from './tenant/instant-tenant.ts';

/** We as a table names us where PowerShell is part of what is measured. */
export const powerShellSubject = (): string => `UserSession in PowerShell (${powerShellName()})`;

/**
 * Runs a script in a fresh PowerShell with the built module, signed in to the tenant by Connect-MgGraph's stand-in; gives
 * the properties of each object that it puts out. @throws when it writes an error
 */
export async function measuredInPowerShell<Sample>(
  tenant: InstantTenant,
  home: string,
  script: string,
  variables: Record<string, unknown>,
): Promise<Sample[]> {
  const { outputs, errors } = await runPowerShell(`Import-Module '${builtModule}'\n${script}`, {
    variables,
    env: {
      MG_STANDIN_GRAPH_URL: tenant.url,
      MG_STANDIN_TOKEN: tenant.token,
      USERSESSION_HOME: home,
      USERSESSION_ENGINE: null,
    },
    freshProcess: true,
    timeoutMs: 10 * 60_000,
  });
  if (errors[0]) throw new Error(errors[0].message);
  return outputs.map(output => plain(output) as Sample);
}
