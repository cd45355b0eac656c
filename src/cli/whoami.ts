import { type Command, Option } from 'commander';
import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import { harmless, harmlessJson } from '../operations/harmless.ts';
import { testAccess } from '../operations/test-access.ts';
import type { AccessReport } from '../protocol/access.ts';
import { commandFailure } from './command-failure.ts';
import { exitCode } from './failure.ts';
import { personAtTerminal } from './person.ts';
import { shownLine } from './shown-line.ts';
import { connectionFrom, declareSignInOptions, type SignInOptions } from './sign-in-options.ts';

interface WhoamiOptions extends SignInOptions {
  output: 'table' | 'json';
}

/** `usersession whoami`. */
export function addWhoami(program: Command): void {
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
    .action(whoami);
}

async function whoami(options: WhoamiOptions): Promise<void> {
  const connector = new Connector(systemClock);
  try {
    const connection = await connector.connect(
      connectionFrom(options, process.env),
      async () => null,
      personAtTerminal(text => process.stderr.write(`${shownLine(text)}\n`)),
    );
    const report = await testAccess(connection, systemClock);
    process.stdout.write(
      options.output === 'json' ? `${harmlessJson(JSON.stringify(report, null, 1))}\n` : described(report),
    );
    process.exitCode = report.ready ? exitCode.done : exitCode.notSignedIn;
  } catch (error) {
    throw commandFailure(error);
  } finally {
    await connector.close();
  }
}

function described(report: AccessReport): string {
  const { tenant, graph, features } = report;
  const name = [tenant.name, tenant.tenantId].filter(Boolean).join(' / ') || '(unknown)';
  const who =
    tenant.authType === 'AppOnly' ? `app ${tenant.clientId ?? '(unknown)'}` : (tenant.account ?? '(unknown)');
  const facts: [string, string][] = [
    ['Tenant', `${tenant.simulated ? 'SIMULATED ' : ''}${name}`],
    ['Cloud', `${tenant.environment ?? 'none of Microsoft'} (${tenant.graphUrl})`],
    ['Signed in as', `${who} (${tenant.authType}, ${tenant.signIn})`],
    ['Permissions', tenant.permissions.join(', ') || '(the token does not tell)'],
    [
      'Roles',
      tenant.roles.join(', ') ||
        (tenant.authType === 'AppOnly' ? '(an app needs none)' : '(none in the token)'),
    ],
    ['Token ends', tenant.expiresOn ?? '(unknown)'],
    [
      'Graph',
      graph.accepted === null
        ? `no answer: ${graph.detail}`
        : graph.accepted
          ? 'accepts it'
          : `refuses it: ${graph.detail}`,
    ],
  ];
  const works = features.map(f => {
    const mark = f.works === null ? '  ?' : f.works ? 'yes' : ' no';
    return `  ${mark}  ${f.feature.padEnd(14)} ${f.purpose}${f.detail ? `\n       ${f.detail}` : ''}`;
  });
  const how = [
    ...(report.consentUrl ? [`An administrator consents at:\n  ${report.consentUrl}`] : []),
    ...(report.commands.length > 0 ? [`Or:\n${report.commands.map(c => `  ${c}`).join('\n')}`] : []),
  ];
  const lines = [
    ...facts.map(([label, text]) => `${`${label}:`.padEnd(14)} ${text}`),
    '',
    'What works:',
    ...works,
    ...(how.length > 0 ? ['', ...how] : []),
    '',
    report.ready ? 'Ready.' : 'Not ready: see above.',
  ];
  return `${lines.map(line => line.split('\n').map(harmless).join('\n')).join('\n')}\n`;
}
