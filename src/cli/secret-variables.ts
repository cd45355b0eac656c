/** Variables that carry a secret of a sign-in. */
export const secretVariables: readonly string[] = [
  'USERSESSION_ACCESS_TOKEN',
  'USERSESSION_CLIENT_SECRET',
  'AZURE_CLIENT_SECRET',
  'USERSESSION_CERTIFICATE_PASSWORD',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
];

/**
 * Takes them out of `env`, which every program inherits that is started from here: the Azure CLI, a browser. Returns
 * what was in `env`, secrets included.
 */
export function takeSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // A copy does not know that Windows takes any case.
  const windows = process.platform === 'win32';
  const before = Object.entries(env).map(([name, value]) => [windows ? name.toUpperCase() : name, value]);
  for (const name of secretVariables) delete env[name];
  return Object.fromEntries(before) as NodeJS.ProcessEnv;
}
