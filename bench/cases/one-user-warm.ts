import type { BenchCase, Verdict } from '../case.ts';
import { figure, ratio } from '../measuring.ts';
import { measuredInPowerShell, powerShellSubject } from '../power-shell.ts';
import { startInstantTenant } from '../tenant/instant-tenant.ts';
import { withHome } from '../tenant/with-home.ts';

const users = 20;
const rounds = 5;
const latencyMs = 80;

/** Milliseconds a user. */
interface Round {
  bare: number;
  borrowed: number;
  own: number;
}

/** The loop of an administrator who signs out one after the other. */
export const oneUserWarm: BenchCase = {
  name: 'one-user-warm',
  title: 'One user, warm, in a PowerShell loop',
  method: `\`foreach ($id in $ids) { Revoke-UserSession $id }\` of ${users} users in a session that has done it before, each with record and proof, a tenant that takes ${latencyMs} ms for each request. By turns with the bare calls: a POST and a GET with an HttpClient that keeps its connection, in the same PowerShell. Time for one user, measured over ${users}; signed in by Connect-MgGraph, whose token costs a request once a minute, and by Connect-UserSessionTenant.`,
  async run() {
    const tenant = await startInstantTenant({ latencyMs });
    return withHome(tenant, async home => {
      const variables = { Count: users, Rounds: rounds, GraphUrl: tenant.url, Token: tenant.token };
      const samples = await measuredInPowerShell<Round>(tenant, home, script, variables);
      const of = (subject: keyof Round) => samples.map(sample => sample[subject]);
      const over = (subject: keyof Round, signedIn: string): Verdict => ({
        claim: `a user over POST + GET, signed in by ${signedIn}`,
        value: ratio(of(subject), of('bare')),
        unit: 'x',
        goal: { most: 1.3 },
      });
      const subject = powerShellSubject();
      return {
        figures: [
          figure('POST + GET with HttpClient', 'a user', 'ms', of('bare')),
          figure(`${subject}, Connect-MgGraph`, 'a user, proven', 'ms', of('borrowed')),
          figure(`${subject}, Connect-UserSessionTenant`, 'a user, proven', 'ms', of('own')),
        ],
        verdicts: [over('borrowed', 'Connect-MgGraph'), over('own', 'Connect-UserSessionTenant')],
      };
    });
  },
};

const script = `
  $ids = foreach ($number in 1..$Count) { [guid]::NewGuid().ToString() }
  $client = [System.Net.Http.HttpClient]::new()
  $client.DefaultRequestHeaders.Authorization = [System.Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', $Token)
  $secret = [securestring]::new()
  foreach ($letter in $Token.ToCharArray()) { $secret.AppendChar($letter) }
  function Invoke-Bare($id) {
    $answer = $client.PostAsync("$GraphUrl/v1.0/users/$id/revokeSignInSessions", $null).GetAwaiter().GetResult()
    $null = $answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync().GetAwaiter().GetResult()
    $null = $client.GetStringAsync("$GraphUrl/v1.0/users/\${id}?\`$select=id,signInSessionsValidFromDateTime").GetAwaiter().GetResult()
  }
  function Measure-Each($work) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    foreach ($id in $ids) { & $work }
    $clock.Elapsed.TotalMilliseconds / $Count
  }
  $revoke = { $row = Revoke-UserSession $id; if ($row.Outcome -ne 'Revoked') { throw "$($row.Outcome): $($row.Detail)" } }
  foreach ($round in 0..$Rounds) {
    $bare = Measure-Each { Invoke-Bare $id }
    $borrowed = Measure-Each $revoke
    $null = Connect-UserSessionTenant -AccessToken $secret -GraphUrl $GraphUrl
    $own = Measure-Each $revoke
    Disconnect-UserSessionTenant
    # The first round warms up what can be warm.
    if ($round -gt 0) { [pscustomobject]@{ bare = $bare; borrowed = $borrowed; own = $own } }
  }`;
