import { type Command, Option } from 'commander';
import { cloudNames, clouds } from '../graph/clouds.ts';
import type { CloudName, Credential, TenantConnection } from '../protocol/tenant.ts';
import { CommandFailure, exitCode } from './failure.ts';

export interface SignInOptions {
  simulated?: boolean;
  tenantId?: string;
  clientId?: string;
  certificatePath?: string;
  certificateThumbprint?: string;
  certificateSubjectName?: string;
  identity?: boolean;
  federatedTokenFile?: string;
  azureCli?: boolean;
  deviceCode?: boolean;
  browser?: boolean;
  environment?: CloudName;
  graphUrl?: string;
  loginUrl?: string;
}

/** Declares how to sign in, in the words of Connect-MgGraph where the thing is the same. */
export function declareSignInOptions(command: Command): Command {
  return command
    .optionsGroup('Which tenant, and how to sign in:')
    .option('--simulated', 'rehearse on the simulated tenant: nobody is signed out')
    .option(
      '--tenant-id <tenant>',
      "the tenant's id or domain (environment: USERSESSION_TENANT_ID, AZURE_TENANT_ID)",
    )
    .option(
      '--client-id <app>',
      'the app; with --identity the user-assigned identity (USERSESSION_CLIENT_ID, AZURE_CLIENT_ID)',
    )
    .option('--certificate-path <file>', "PEM or PFX with the app's key (AZURE_CLIENT_CERTIFICATE_PATH)")
    .option('--certificate-thumbprint <hex>', 'a certificate in the store of the user or the machine')
    .option('--certificate-subject-name <name>', 'the same by subject: the valid one that ends last')
    .option('--identity', 'the managed identity of this machine or service')
    .option(
      '--federated-token-file <file>',
      'a token of GitHub, Azure Pipelines, ... (AZURE_FEDERATED_TOKEN_FILE)',
    )
    .option('--azure-cli', 'whoever az login signed in')
    .option('--device-code', 'a person, with a code on another device')
    .option('--browser', "a person, with this machine's browser")
    .addOption(new Option('--environment <cloud>', 'the cloud (default: Global)').choices(cloudNames))
    .option('--graph-url <url>', 'another Graph endpoint (USERSESSION_GRAPH_URL)')
    .option('--login-url <url>', 'another login endpoint (USERSESSION_LOGIN_URL, AZURE_AUTHORITY_HOST)');
}

/**
 * Where to work and how to sign in, from options and environment; an option goes before the environment. Secrets come
 * from the environment alone: arguments are for everybody on the machine to read.
 * @throws CommandFailure when nothing, or more than one thing, says how
 */
export function connectionFrom(options: SignInOptions, env: NodeJS.ProcessEnv): TenantConnection {
  if (options.simulated) return { kind: 'simulated' };
  const said = valuesOf(env);
  const asked = optionCredentials(options, said);
  if (asked.length > 1) {
    throw new CommandFailure(
      exitCode.usage,
      'Say in one way how to sign in: a certificate, --identity, --federated-token-file, --azure-cli, --device-code or --browser.',
    );
  }
  const credential = asked[0] ?? environmentCredential(said);
  if (!credential) throw new CommandFailure(exitCode.notSignedIn, nobody);
  const environment = options.environment ?? environmentName(said('USERSESSION_ENVIRONMENT'));
  const graphUrl = options.graphUrl ?? said('USERSESSION_GRAPH_URL');
  // Whoever signs in as a person or as the machine has not said so by variables that other tools use, too.
  const shared = !['azureCli', 'deviceCode', 'browser', 'managedIdentity', 'accessToken'].includes(
    credential.method,
  );
  return withoutNothing({
    kind: 'credential',
    credential,
    tenantId:
      options.tenantId ?? said('USERSESSION_TENANT_ID') ?? (shared ? said('AZURE_TENANT_ID') : undefined),
    clientId:
      options.clientId ?? said('USERSESSION_CLIENT_ID') ?? (shared ? said('AZURE_CLIENT_ID') : undefined),
    environment,
    graphUrl,
    loginUrl:
      options.loginUrl ??
      said('USERSESSION_LOGIN_URL') ??
      knownCloudOnly(said('AZURE_AUTHORITY_HOST'), environment),
  });
}

const nobody =
  'Not signed in. Use --identity, --certificate-path, --certificate-thumbprint, --federated-token-file, --azure-cli, --device-code or --browser; or put a client secret into USERSESSION_CLIENT_SECRET, or an access token for Microsoft Graph into USERSESSION_ACCESS_TOKEN. To rehearse: --simulated.';

type Said = (name: string) => string | undefined;

const valuesOf =
  (env: NodeJS.ProcessEnv): Said =>
  name =>
    env[name]?.trim() || undefined;

function optionCredentials(options: SignInOptions, said: Said): Credential[] {
  const found: Credential[] = [];
  if (options.certificatePath) found.push(certificateFile(options.certificatePath, said));
  if (options.certificateThumbprint || options.certificateSubjectName) {
    found.push({
      method: 'certificateStore',
      ...(options.certificateThumbprint && { thumbprint: options.certificateThumbprint }),
      ...(options.certificateSubjectName && { subjectName: options.certificateSubjectName }),
    });
  }
  if (options.identity) found.push({ method: 'managedIdentity' });
  if (options.federatedTokenFile)
    found.push({ method: 'federatedToken', tokenFile: options.federatedTokenFile });
  if (options.azureCli) found.push({ method: 'azureCli' });
  if (options.deviceCode) found.push({ method: 'deviceCode' });
  if (options.browser) found.push({ method: 'browser' });
  return found;
}

/** Our own variables go before those that Azure's tools share. */
function environmentCredential(said: Said): Credential | null {
  const token = said('USERSESSION_ACCESS_TOKEN');
  if (token) return { method: 'accessToken', token };
  const secret = said('USERSESSION_CLIENT_SECRET') ?? said('AZURE_CLIENT_SECRET');
  if (secret) return { method: 'clientSecret', clientSecret: secret };
  const thumbprint = said('USERSESSION_CERTIFICATE_THUMBPRINT');
  if (thumbprint) return { method: 'certificateStore', thumbprint };
  const path = said('USERSESSION_CERTIFICATE_PATH') ?? said('AZURE_CLIENT_CERTIFICATE_PATH');
  if (path) return certificateFile(path, said);
  const tokenFile = said('AZURE_FEDERATED_TOKEN_FILE');
  return tokenFile ? { method: 'federatedToken', tokenFile } : null;
}

function certificateFile(path: string, said: Said): Credential {
  const password = said('USERSESSION_CERTIFICATE_PASSWORD') ?? said('AZURE_CLIENT_CERTIFICATE_PASSWORD');
  return { method: 'certificateFile', path, ...(password !== undefined && { password }) };
}

function environmentName(text: string | undefined): CloudName | undefined {
  if (text === undefined) return undefined;
  const name = cloudNames.find(n => n.toLowerCase() === text.toLowerCase());
  if (!name)
    throw new CommandFailure(
      exitCode.usage,
      `USERSESSION_ENVIRONMENT is ${text}; it takes ${cloudNames.join(', ')}.`,
    );
  return name;
}

/** What other tools are told with this variable is usually the cloud that we know by name already. */
function knownCloudOnly(host: string | undefined, environment: CloudName | undefined): string | undefined {
  const url = host?.replace(/\/+$/, '');
  return url === undefined || url === clouds[environment ?? 'Global'].login ? undefined : url;
}

const withoutNothing = (connection: TenantConnection): TenantConnection =>
  Object.fromEntries(
    Object.entries(connection).filter(([, value]) => value !== undefined),
  ) as unknown as TenantConnection;
