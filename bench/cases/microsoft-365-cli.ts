import { cliOut } from '../../build/paths.ts';
import type { BenchCase } from '../case.ts';
import { run } from '../child.ts';
import { alternating, figure, ratio } from '../measuring.ts';
import { startMicrosoft365Cli } from '../rivals/microsoft-365-cli.ts';
import { startTlsTenant, type TlsTenant } from '../tenant/tls-tenant.ts';
import { withHome } from '../tenant/with-home.ts';

/** How long one user takes with the command line that is there already. */
export const microsoft365Cli: BenchCase = {
  name: 'microsoft-365-cli',
  title: 'One user, cold, against CLI for Microsoft 365',
  method:
    'From the start of the process to the arrival of the revoke at the simulated tenant behind TLS. `m365 entra user session revoke --userId GUID --force`, installed from npm and signed in before, so that it has its token on disk, without its search for updates and its telemetry; `usersession revoke GUID` with record and proof and its token in the environment.',
  async run() {
    const tenant = await startTlsTenant();
    return withHome(tenant, async home => {
      const rival = await startMicrosoft365Cli(tenant);
      const samples = await alternating(7, {
        rival: () => rival.untilArrival(),
        ours: () => ourArrival(tenant, home),
      });
      rival.close();
      const measure = 'process start to arrival of the revoke';
      return {
        figures: [
          figure(rival.subject, measure, 'ms', samples.rival),
          figure('UserSession, launcher of the source tree', measure, 'ms', samples.ours),
        ],
        verdicts: [
          {
            claim: 'times faster than CLI for Microsoft 365',
            value: ratio(samples.rival, samples.ours),
            unit: 'x',
            goal: { least: 5 },
          },
        ],
      };
    });
  },
};

async function ourArrival(tenant: TlsTenant, home: string): Promise<number> {
  const env = {
    ...process.env,
    USERSESSION_HOME: home,
    USERSESSION_GRAPH_URL: `https://127.0.0.1:${tenant.port}`,
    USERSESSION_ACCESS_TOKEN: tenant.token,
    NODE_EXTRA_CA_CERTS: tenant.caFile,
  };
  let startedAt = 0;
  const arrivedAt = await tenant.arrivalOf(async () => {
    ({ startedAt } = await run(cliOut, ['revoke', tenant.member], { env }));
  });
  return arrivedAt - startedAt;
}
