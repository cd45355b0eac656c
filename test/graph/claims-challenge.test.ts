import { expect, test } from 'vitest';
import { claimsOf } from '../../src/graph/claims-challenge.ts';

const claims = '{"access_token":{"nbf":{"essential":true, "value":"1657834417"}}}';
const encoded = Buffer.from(claims).toString('base64');
const bearer = (value: string) =>
  `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="${value}", error_description="Continuous access evaluation resulted in claims challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp"`;

test('the claims of a challenge are decoded', () => {
  expect(claimsOf({ 'www-authenticate': bearer(encoded) })).toBe(claims);
});

test.each([
  ['without padding', bearer(encoded.replace(/=+$/, ''))],
  ['in base64url', bearer(Buffer.from(claims).toString('base64url'))],
  ['behind a PoP challenge', `PoP nonce="abc", claims="bm90aGluZw==", ${bearer(encoded)}`],
])('%s, too', (_how, header) => {
  expect(claimsOf({ 'www-authenticate': header })).toBe(claims);
});

test.each([
  ['no header', undefined],
  ['a plain refusal', 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/"'],
  ['claims that are no JSON', bearer('bm90IGpzb24=')],
  ['claims that are no object', bearer(Buffer.from('7').toString('base64'))],
  ['claims of another scheme alone', 'PoP claims="e30="'],
])('%s asks for nothing', (_what, header) => {
  expect(claimsOf(header === undefined ? {} : { 'www-authenticate': header })).toBeUndefined();
});
