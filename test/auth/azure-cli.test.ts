import { expect, test } from 'vitest';
import { SignIn } from '../../src/auth/sign-in.ts';
import { openNetwork } from '../../src/graph/network.ts';
import { shownLine } from '../../src/cli/shown-line.ts';

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';

function azureCli(): SignIn {
  return new SignIn({ kind: 'credential', credential: { method: 'azureCli' } }, openNetwork({ env: {} }));
}

test('a claims challenge that the Azure CLI must answer is told with the command that answers it', async () => {
  const error = await azureCli()
    .token({ claims })
    .catch((e: unknown) => e as Error);
  const { message } = error as Error;
  expect(message).toContain(
    `az login --claims-challenge ${btoa(claims)} --scope https://graph.microsoft.com/.default`,
  );
  expect(message).not.toContain('Nobody is signed in');
  expect(shownLine(message)).toBe(message);
});

test('a claims challenge that is much too long is told without it', async () => {
  const error = await azureCli()
    .token({ claims: `{"a":"${'x'.repeat(10_000)}"}` })
    .catch((e: unknown) => e as Error);
  expect((error as Error).message).toMatch(/^Graph wants a new sign-in .* Run: az logout, then: az login$/);
});

test('a claims challenge with commands in it is told as base64, which steers no terminal and no shell', async () => {
  const error = await azureCli()
    .token({ claims: '{"a":"\u001b[2J\u202e $(id) `id` ; \u{1f600}"}' })
    .catch((e: unknown) => e as Error);
  const { message } = error as Error;
  expect(message).toMatch(/ Run: az login --claims-challenge [\w+/=]+ --scope [\w:/.]+$/);
  expect(shownLine(message)).toBe(message);
});
