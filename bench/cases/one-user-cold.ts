import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../build/paths.ts';
import type { BenchCase, Findings } from '../case.ts';
import { run } from '../child.ts';
import { builtEngines, type Command, type Engines } from '../engines.ts';
import { alternating, figure, ratio } from '../measuring.ts';
import { type InstantTenant, startInstantTenant } from '../tenant/instant-tenant.ts';
import { startLoginEndpoint } from '../tenant/login-endpoint.ts';

const user = '6f1c2a90-5d0b-4c58-9e0f-0c1a7f3e9b21';
const rounds = 15;

/** Somebody who revokes one user from a cold start. */
interface Contender {
  subject: string;
  command: Command;
  env: NodeJS.ProcessEnv;
}

/** How long an emergency waits for its first and only call. */
export const oneUserCold: BenchCase = {
  name: 'one-user-cold',
  title: 'One user, cold',
  method:
    'From the start of the process to the arrival of the revoke at the tenant, which answers at once. `usersession revoke GUID` with record and proof, against `node -e` with `fetch` and nothing else: with a token in the environment, and with the secret of an app, for which a login endpoint behind TLS is asked.',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'usersession-bench-'));
    const engines = await builtEngines();
    const tenant = await startInstantTenant();
    const login = await startLoginEndpoint(engines.bundle, join(folder, 'ca.pem'));
    try {
      const common = { ...bareEnvironment(), USERSESSION_HOME: join(folder, 'state') };
      const withSecret = { ...common, NODE_EXTRA_CA_CERTS: login.caFile };
      return joined(
        await compared(
          'token',
          tenant,
          bare('bare-revoke.cjs', {
            ...common,
            GRAPH_URL: tenant.url,
            TOKEN: tenant.token,
            USER_ID: user,
          }),
          ours(engines, { ...common, ...tenant.env }),
        ),
        await compared(
          'app and secret',
          tenant,
          bare('bare-sign-in-revoke.cjs', {
            ...withSecret,
            LOGIN_URL: login.url,
            TENANT_ID: login.tenantId,
            CLIENT_ID: login.app.clientId,
            CLIENT_SECRET: login.app.clientSecret,
            GRAPH_URL: tenant.url,
            USER_ID: user,
          }),
          ours(
            engines,
            {
              ...withSecret,
              USERSESSION_GRAPH_URL: tenant.url,
              USERSESSION_LOGIN_URL: login.url,
              USERSESSION_CLIENT_SECRET: login.app.clientSecret,
            },
            ['--tenant-id', login.tenantId, '--client-id', login.app.clientId],
          ),
        ),
      );
    } finally {
      await login.close();
      await tenant.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The environment without what would sign in somewhere else. */
const bareEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(USERSESSION|AZURE)_/.test(name)));

/** A script of bench/rivals, as somebody would type it. */
const bare = (script: string, env: NodeJS.ProcessEnv): Contender => ({
  subject: 'bare `node -e`',
  command: [process.execPath, '-e', readFileSync(join(root, 'bench', 'rivals', script), 'utf8')],
  env,
});

const ours = (engines: Engines, env: NodeJS.ProcessEnv, options: readonly string[] = []): Contender[] =>
  (['bundle', 'launcher', 'executable'] as const).map(form => ({
    subject: `UserSession, ${form}`,
    command: [...engines[form], 'revoke', user, ...options],
    env,
  }));

/** Measures all of them by turns, and holds each against the rival. */
async function compared(
  signIn: string,
  tenant: InstantTenant,
  rival: Contender,
  others: readonly Contender[],
): Promise<Findings> {
  const all = [rival, ...others];
  const samples = await alternating(
    rounds,
    Object.fromEntries(all.map(one => [one.subject, () => untilArrival(tenant, one)])),
  );
  const times = ({ subject }: Contender) => samples[subject] ?? [];
  const measure = `${signIn}: process start to arrival of the revoke`;
  return {
    figures: all.map(one => figure(one.subject, measure, 'ms', times(one))),
    verdicts: others.map(one => ({
      claim: `${signIn}: ${one.subject} over ${rival.subject}`,
      value: ratio(times(one), times(rival)),
      unit: 'x',
      goal: { most: 1.5 },
    })),
  };
}

async function untilArrival(tenant: InstantTenant, { command, env, subject }: Contender): Promise<number> {
  const [file, ...args] = command;
  const { startedAt } = await run(file, args, { env });
  const { firstWriteAt, writes } = await tenant.marks();
  if (firstWriteAt === null || writes !== 1) throw new Error(`${subject} sent ${writes} revocations.`);
  return firstWriteAt - startedAt;
}

const joined = (...all: Findings[]): Findings => ({
  figures: all.flatMap(one => one.figures),
  verdicts: all.flatMap(one => one.verdicts),
});
