import type { AnswerHeaders } from './answer.ts';

/**
 * The claims that Graph wants a new token to satisfy: the decoded `claims` of the Bearer challenge in `WWW-Authenticate`
 * of a 401, as JSON; undefined when there is none. A PoP challenge may stand before the Bearer one, and the value is
 * base64, with or without padding. Source: entra-docs, claims-challenge.md (graph-facts 5.2).
 */
export function claimsOf(headers: AnswerHeaders): string | undefined {
  const challenge = headers['www-authenticate'] ?? '';
  const bearer = challenge.search(/\bBearer\b/i);
  const encoded = bearer < 0 ? undefined : /\bclaims="([^"]{1,8192})"/i.exec(challenge.slice(bearer))?.[1];
  if (encoded === undefined) return undefined;
  const claims = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    const parsed: unknown = JSON.parse(claims);
    return typeof parsed === 'object' && parsed !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}
