import { type Command, Option } from 'commander';
import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import { harmless, harmlessJson } from '../operations/harmless.ts';
import { testAccess } from '../operations/test-access.ts';
import type { AccessReport, FeatureAccess } from '../protocol/access.ts';
import { commandFailure } from './command-failure.ts';
import { exitCode } from './failure.ts';
import { wrapped } from './output/wrapped.ts';
import { personAtTerminal } from './person.ts';
import { shownLine } from './shown-line.ts';
import { connectionFrom, declareSignInOptions, type SignInOptions } from './sign-in-options.ts';

interface WhoamiOptions extends SignInOptions {
  output: 'table' | 'json';
}

/** `usersession whoami`. */
export function addWhoami(program: Command, env: NodeJS.ProcessEnv): void {
  const command = program
    .command('whoami')
    .description('Say who is signed in, in which tenant, what works, what will not, and how to get it');
  declareSignInOptions(command)
    .addOption(
      new Option('--output <format>', 'form of the answer').choices(['table', 'json']).default('table'),
    )
    .addHelpText(
      'after',
      '\nExit codes:\n  0 ready    1 wrong use    3 not signed in, or something that is needed is missing',
    )
    .action((options: WhoamiOptions) => whoami(options, env));
}

async function whoami(options: WhoamiOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const connector = new Connector(systemClock);
  try {
    const connection = await connector.connect(
      connectionFrom(options, env),
      async () => null,
      personAtTerminal(text => process.stderr.write(`${shownLine(text)}\n`)),
    );
    const report = await testAccess(connection, systemClock);
    process.stdout.write(
      options.output === 'json'
        ? `${harmlessJson(JSON.stringify(report, null, 1))}\n`
        : described(report, process.stdout.columns || 120),
    );
    process.exitCode = report.ready ? exitCode.done : exitCode.notSignedIn;
  } catch (error) {
    throw commandFailure(error);
  } finally {
    await connector.close();
  }
}

function described(report: AccessReport, width: number): string {
  const how = remedy(report);
  const optional = report.features.some(f => f.works === false);
  const ready = optional ? 'Ready, except for what is optional and does not work.' : 'Ready.';
  const lines = [
    ...factsOf(report).map(([label, text]) => wrapped(`${`${label}:`.padEnd(14)} ${text}`, width, 15)),
    '',
    'What works:',
    ...report.features.map(feature => featureLines(feature, width)),
    ...how.flatMap(line => ['', line]),
    '',
    report.ready ? ready : 'Not ready: see above.',
  ];
  return `${lines.map(line => line.split('\n').map(harmless).join('\n')).join('\n')}\n`;
}

function factsOf({ tenant, graph }: AccessReport): [label: string, text: string][] {
  const app = tenant.authType === 'AppOnly';
  const name = [tenant.name, tenant.tenantId].filter(Boolean).join(' / ') || '(unknown)';
  const who = app ? `app ${tenant.clientId ?? '(unknown)'}` : (tenant.account ?? '(unknown)');
  return [
    ['Tenant', `${tenant.simulated ? 'SIMULATED ' : ''}${name}`],
    ['Cloud', `${tenant.environment ?? 'none of Microsoft'} (${tenant.graphUrl})`],
    ['Signed in as', `${who} (${tenant.authType}, ${tenant.signIn})`],
    ['Permissions', tenant.permissions.join(', ') || '(the token does not tell)'],
    ['Roles', tenant.roles.join(', ') || (app ? '(an app needs none)' : '(none in the token)')],
    ['Token ends', tenant.expiresOn ?? '(unknown)'],
    ['Graph', saysGraph(graph)],
  ];
}

function saysGraph({ accepted, detail }: AccessReport['graph']): string {
  if (accepted === null) return `no answer: ${detail}`;
  return accepted ? 'accepts it' : `refuses it: ${detail}`;
}

function featureLines({ feature, works, required, purpose, detail }: FeatureAccess, width: number): string {
  const mark = works === null ? '  ?' : works ? 'yes' : ' no';
  const optional = required ? '' : ' (optional)';
  const first = wrapped(`  ${mark}  ${feature.padEnd(14)} ${purpose}${optional}`, width, 22);
  return detail ? `${first}\n${wrapped(' '.repeat(22) + detail, width, 22)}` : first;
}

/** Addresses and commands stay in one line each, so that they can be copied. */
function remedy({ tenant, consentUrl, commands, features }: AccessReport): string[] {
  const missing = features.filter(f => f.missing !== null);
  if (missing.length === 0) return [];
  const app = tenant.authType === 'AppOnly';
  const run = commands.map(command => `  ${command}`).join('\n');
  const found: string[] = [];
  if (app && run) found.push(`To get what is missing, an administrator runs:\n${run}`);
  if (consentUrl)
    found.push(
      app
        ? `Or adds it to the app registration, and then consents at:\n  ${consentUrl}`
        : `To get what is missing, an administrator consents at the address below; then sign in again.\n  ${consentUrl}`,
    );
  if (!app && run) found.push(`${consentUrl ? 'Or sign' : 'To get what is missing, sign'} in with:\n${run}`);
  return found;
}
