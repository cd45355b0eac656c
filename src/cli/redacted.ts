import { secretVariables } from './secret-variables.ts';

/** Shorter ones are no secrets, and blanking them would blank half of the text. */
const shortestSecret = 6;

/** Takes out of a text what looks like a token, and the secrets that the environment carries. */
export function withoutSecrets(text: string, env: NodeJS.ProcessEnv): string {
  let left = text.replace(/\beyJ[\w-]{8,}\.[\w-]*(\.[\w-]*)?/g, '(token)');
  for (const name of secretVariables) {
    const secret = env[name]?.trim() ?? '';
    if (secret.length >= shortestSecret) left = left.replaceAll(secret, '(secret)');
  }
  return left;
}

/** Takes user and password out of the addresses in a text, as a proxy may have them. */
export const withoutUserInfo = (text: string): string =>
  text.replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s"']{0,2000}@/gi, '$1');
