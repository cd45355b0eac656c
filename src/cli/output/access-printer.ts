import { harmless } from '../../operations/harmless.ts';
import type { AccessReport, FeatureAccess } from '../../protocol/access.ts';
import { wrapped } from './wrapped.ts';

/** Who is signed in and what works, for a screen of so many columns. */
export function described(report: AccessReport, width: number): string {
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
