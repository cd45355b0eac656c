import { findEngine, runPowerShell } from '../../test/module/power-shell.ts';
import { wallClock } from '../child.ts';
import type { InstantTenant } from '../tenant/instant-tenant.ts';
import { timed, type Timed } from './timed.ts';

const client = `
  $client = [System.Net.Http.HttpClient]::new()
  $client.DefaultRequestHeaders.Authorization = [System.Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', $Token)`;

/** The loop that everybody writes. HttpClient stands for Invoke-RestMethod, which the test host does not have. */
const loop = `${client}
  foreach ($id in $Users) {
    $answer = $client.PostAsync("$GraphUrl/v1.0/users/$id/revokeSignInSessions", $null).GetAwaiter().GetResult()
    if (-not $answer.IsSuccessStatusCode) { throw "$id $($answer.StatusCode)" }
  }`;

/** The same by whoever has no time: ten at once, and nothing keeps them from running into the quota. */
const tenWorkers = `${client}
  $Users | ForEach-Object -ThrottleLimit 10 -Parallel {
    $answer = ($using:client).PostAsync("$using:GraphUrl/v1.0/users/$_/revokeSignInSessions", $null).GetAwaiter().GetResult()
    if (-not $answer.IsSuccessStatusCode) { throw "$_ $($answer.StatusCode)" }
  }`;

/** The PowerShell that scripts run in here, for a table. */
export const powerShellName = (): string => (findEngine().kind === 'pwsh' ? 'pwsh' : 'test host');

/** How long a script of everybody's takes; the start of PowerShell itself is not in it. */
export const powerShellLoop =
  (tenant: InstantTenant, users: readonly string[], workers: 1 | 10) => (): Promise<Timed> =>
    timed(tenant, users.length, async () => {
      const startedAt = wallClock();
      const { errors } = await runPowerShell(workers === 1 ? loop : tenWorkers, {
        variables: { Users: users, GraphUrl: tenant.url, Token: tenant.token },
      });
      if (errors[0]) throw new Error(errors[0].message);
      return { startedAt, ms: wallClock() - startedAt };
    });
