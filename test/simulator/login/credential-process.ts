/**
 * Signs in with one credential of @azure/identity, in a process of its own: with an environment and trusted certificates
 * of its own. `node credential-process.ts KIND JSON` prints `{ "token": ... }` or `{ "error": ... }` as its last line.
 */
import {
  InteractiveBrowserCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';

const [, , kind, json = '{}'] = process.argv;
const options = JSON.parse(json);

const makers: Record<string, () => TokenCredential> = {
  managedIdentity: () => new ManagedIdentityCredential(options),
  browser: () => new InteractiveBrowserCredential(options),
};

try {
  const credential = makers[kind!]!();
  const { token } = (await credential.getToken('https://graph.microsoft.com/.default', { enableCae: true }))!;
  process.stdout.write(`${JSON.stringify({ token })}\n`);
} catch (error) {
  const { name, message } = error as Error;
  process.stdout.write(`${JSON.stringify({ error: `${name}: ${message}` })}\n`);
}
