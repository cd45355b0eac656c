import type { BenchCase } from '../case.ts';
import { figure, median } from '../measuring.ts';
import { measuredInPowerShell, powerShellSubject } from '../power-shell.ts';
import { type InstantTenant, startInstantTenant } from '../tenant/instant-tenant.ts';
import { withHome } from '../tenant/with-home.ts';

const count = 20_000;
const processes = 5;

/** Times in milliseconds. */
interface Sample {
  first: number;
  second: number;
  firstRow: number;
}

/** What PowerShell itself costs: as many users as a university has, out of Get-MgUser. */
export const powerShellPipeline: BenchCase = {
  name: 'powershell-pipeline',
  title: '20,000 objects through the PowerShell pipeline',
  method: `\`$rows = $users | Revoke-UserSession -Force\`, record and proof on, signed in by Connect-MgGraph, to a tenant that answers at once; the ${count.toLocaleString('en-US')} objects have the 132 properties of Get-MgUser's and are made before the clock starts. Each of ${processes} fresh processes pipes them twice: the first time is with the start of the engine and all that PowerShell compiles then. The first row is that of a third pipeline of the same objects. Through the test host ConvertTo-Json, ConvertFrom-Json and ForEach-Object's neighbours are stand-ins of ours.`,
  async run() {
    const tenant = await startInstantTenant();
    const samples: Sample[] = [];
    await withHome(tenant, async home => {
      for (let n = 0; n < processes; n++) samples.push(await piped(tenant, home));
    });
    const first = samples.map(sample => perSecond(sample.first));
    const second = samples.map(sample => perSecond(sample.second));
    const firstRow = samples.map(sample => sample.firstRow);
    const subject = powerShellSubject();
    return {
      figures: [
        figure(subject, 'first pipeline of a process', 'users/s', first),
        figure(subject, 'second pipeline', 'users/s', second),
        figure(subject, 'first row, warm', 'ms', firstRow),
      ],
      verdicts: [
        { claim: 'first pipeline', value: median(first), unit: 'users/s', goal: { least: 1500 } },
        { claim: 'second pipeline', value: median(second), unit: 'users/s', goal: { least: 3000 } },
        { claim: 'first row, warm', value: median(firstRow), unit: 'ms', goal: { most: 300 } },
      ],
    };
  },
};

const perSecond = (ms: number): number => (count * 1000) / ms;

const script = `
  $users = foreach ($number in 1..$Count) {
    $user = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser]::new()
    $user.Id = [guid]::NewGuid().ToString()
    $user.UserPrincipalName = "adele$number@contoso.example"
    $user.DisplayName = "Adele Vance $number"
    $user.Mail = $user.UserPrincipalName
    $user
  }
  $times = foreach ($turn in 1, 2) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $rows = $users | Revoke-UserSession -Force
    $clock.Elapsed.TotalMilliseconds
    foreach ($row in $rows) { if ($row.Outcome -ne 'Revoked') { throw "$($row.Outcome): $($row.Detail)" } }
    if ($rows.Count -ne $Count) { throw "$($rows.Count) rows" }
  }
  $clock = [System.Diagnostics.Stopwatch]::StartNew()
  $firstRow = $users | Revoke-UserSession -Force | ForEach-Object { $clock.Elapsed.TotalMilliseconds } | Select-Object -First 1
  [pscustomobject]@{ first = $times[0]; second = $times[1]; firstRow = $firstRow }`;

async function piped(tenant: InstantTenant, home: string): Promise<Sample> {
  await tenant.marks();
  const [sample] = await measuredInPowerShell<Sample>(tenant, home, script, { Count: count });
  const { writes } = await tenant.marks();
  if (!sample || writes < 2 * count) throw new Error(`${writes} revocations arrived.`);
  return sample;
}
