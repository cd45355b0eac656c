import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from '../../build/install.mjs';
import { root } from '../../build/paths.ts';
import { run } from '../child.ts';
import { microsoftNames, type TlsTenant } from '../tenant/tls-tenant.ts';

/** CLI for Microsoft 365: the command line that administrators have today, one process for each user. */
export interface Microsoft365Cli {
  /** The name that results have it by. */
  subject: string;
  /** Revokes one user; resolves with the milliseconds from the start of its process to the arrival of the revoke. */
  untilArrival(): Promise<number>;
  close(): void;
}

const bench = join(root, 'bench');
const packageFolder = join(bench, 'node_modules', '@pnp', 'cli-microsoft365');

/**
 * Brings it from npm where it is not there yet, and signs it in at the tenant by an app's secret: what it keeps of that is
 * in a temporary folder. It has a token from then on, and looks neither for a newer version of itself nor anybody to
 * report its use to, both of which would cost it time. @throws when npm can't bring it, or it can't sign in
 */
export async function startMicrosoft365Cli(tenant: TlsTenant): Promise<Microsoft365Cli> {
  if (!installDependencies(bench)) throw new Error('npm ci failed in bench; see above.');
  const home = mkdtempSync(join(tmpdir(), 'usersession-m365-'));
  const env = environment(home, tenant);
  const m365 = (...args: string[]) =>
    run(process.execPath, [join(packageFolder, 'dist', 'index.js'), ...args], { env });
  await m365('cli', 'config', 'set', '--key', 'disableTelemetry', '--value', 'true');
  const { clientId, tenantId, clientSecret, member } = tenant;
  await m365(
    'login',
    '--authType',
    'secret',
    '--appId',
    clientId,
    '--tenant',
    tenantId,
    '--secret',
    clientSecret,
  );
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return {
    subject: `CLI for Microsoft 365 ${version}`,
    async untilArrival() {
      let startedAt = 0;
      const arrivedAt = await tenant.arrivalOf(async () => {
        ({ startedAt } = await m365('entra', 'user', 'session', 'revoke', '--userId', member, '--force'));
      });
      return arrivedAt - startedAt;
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Nothing of whoever runs the bench: no proxy, no settings, no sign-in. */
function environment(home: string, { port, caFile }: TlsTenant): NodeJS.ProcessEnv {
  const preload = fileURLToPath(new URL('to-loopback.cjs', import.meta.url));
  const { PATH, SystemRoot } = process.env;
  return {
    PATH,
    SystemRoot,
    HOME: home,
    USERPROFILE: home,
    APPDATA: home,
    XDG_CONFIG_HOME: home,
    CLIMICROSOFT365_NOUPDATE: '1',
    NODE_EXTRA_CA_CERTS: caFile,
    NODE_OPTIONS: `--require=${JSON.stringify(preload)}`,
    BENCH_TENANT_PORT: `${port}`,
    BENCH_TENANT_NAMES: microsoftNames.join(' '),
  };
}
