import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { startBrowser } from '../../support/browser.ts';
import { claimsOf, type LoginStage, loginStage, scope } from './login-stage.ts';
import { runCredential } from './run-credential.ts';

const verifier = 'a-verifier-that-is-long-enough-for-everybody-0123456789';
const challenge = createHash('sha256').update(verifier).digest('base64url');

/** A credential that opens a browser, and the address that it opens. */
async function interactive(
  stage: LoginStage,
): Promise<{ url: string; result: ReturnType<typeof runCredential> }> {
  const folder = mkdtempSync(join(tmpdir(), 'usersession-browser-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const asked = join(folder, 'url');
  writeFileSync(join(folder, 'ca.pem'), stage.server.caCertificate!);
  writeFileSync(
    join(folder, 'browser'),
    `#!/bin/sh\nprintf %s "$1" > '${asked}.part' && mv '${asked}.part' '${asked}'\n`,
  );
  chmodSync(join(folder, 'browser'), 0o755);
  const options = { tenantId: stage.tenant.tenantId, clientId: stage.tenant.apps.public.appId, ...stage.at };
  const result = runCredential('browser', options, {
    BROWSER: join(folder, 'browser'),
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
  });
  while (!existsSync(asked))
    await Promise.race([delay(20), result.then(r => Promise.reject(new Error(r.error)))]);
  return { url: readFileSync(asked, 'utf8'), result };
}

/** The address of the sign-in page for a client of our own. */
function authorizeUrl(stage: LoginStage, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: stage.tenant.apps.public.appId,
    response_type: 'code',
    redirect_uri: 'http://localhost:1',
    scope: `${scope} openid profile offline_access`,
    state: 'the state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  });
  return `${stage.server.loginUrl}/${stage.tenant.tenantId}/oauth2/v2.0/authorize?${query}`;
}

const submit = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

/** What the app is told in the address that the browser is sent back to. */
const told = (response: Response) =>
  Object.fromEntries(new URL(response.headers.get('location') ?? '').searchParams);

async function openPage(url: string): Promise<Page> {
  const browser = await startBrowser();
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 900, height: 1100 },
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

test('the browser credential gets the tokens of whoever the page was told', async () => {
  const stage = await loginStage();
  const { url, result } = await interactive(stage);
  const user = stage.tenant.persona('globalAdministrator');
  const page = await (await fetch(url)).text();
  expect(page).toContain(user.displayName);
  const back = (await submit(url, { account: user.userPrincipalName })).headers.get('location')!;
  expect(back).toMatch(/^http:\/\/localhost:\d+\/\?code=/);
  // Not further: the credential closes its server as soon as it has its token.
  await fetch(back, { redirect: 'manual' });
  const { token, error } = await result;
  expect(error).toBeUndefined();
  expect(claimsOf(token!)).toMatchObject({ oid: user.id, xms_cc: ['cp1'] });
  expect((await stage.graph(token!, '/me')).body.id).toBe(user.id);
  expect(stage.tenant.signIns).toEqual([
    expect.objectContaining({ kind: 'authorizationCode', user, succeeded: true }),
  ]);
});

test('a person signs in with a real browser', async () => {
  const stage = await loginStage();
  const { url, result } = await interactive(stage);
  const page = await openPage(url);
  expect(await page.title()).toBe('Sign in (simulation)');
  expect(await page.getByRole('note').innerText()).toMatch(/^Simulation\. .*not Microsoft/);
  await page.getByRole('textbox', { name: 'or enter another' }).fill('nobody@contoso.example');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('alert').innerText()).toContain('AADSTS50034');
  await page.getByRole('textbox', { name: 'or enter another' }).fill('');
  await page.getByRole('radio', { name: 'Henk Delacroix' }).check();
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('alert').innerText()).toContain('AADSTS50126');
  expect(await page.getByRole('radio', { name: 'Henk Delacroix' }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Sign in' }).click();
  // What the page shows then is a race: the credential closes its server as soon as it has its token.
  const { token } = await result;
  expect(claimsOf(token!)['oid']).toBe(stage.tenant.persona('helpdeskAdministrator').id);
  expect(stage.tenant.signIns.map(one => one.errorCode)).toEqual([50034, 50126, 0]);
});

test('a person who cancels is a refusal that the credential hears of', async () => {
  const stage = await loginStage();
  const { url, result } = await interactive(stage);
  const page = await openPage(url);
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await result).error).toMatch(/access_denied|65004/);
});

test('a person enters a device code with a real browser', async () => {
  const stage = await loginStage();
  const client = { client_id: stage.tenant.apps.public.appId, scope };
  const { body } = await stage.post(client, { to: 'oauth2/v2.0/devicecode' });
  const page = await openPage(body.verification_uri);
  await page.getByLabel('Code').fill('WRONG');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('alert').innerText()).toContain('AADSTS70018');
  await page.getByLabel('Code').fill(body.user_code);
  await page.getByRole('radio', { name: 'Rosa Lindqvist' }).check();
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('heading').innerText()).toBe('You are signed in');
  const answer = await stage.post({ grant_type: 'device_code', device_code: body.device_code, ...client });
  expect(claimsOf(answer.body.access_token)['oid']).toBe(stage.tenant.persona('reader').id);
});

test('a person can decline a device code', async () => {
  const stage = await loginStage({}, { tls: false });
  const client = { client_id: stage.tenant.apps.public.appId, scope };
  const { body } = await stage.post(client, { to: 'oauth2/v2.0/devicecode' });
  const page = await submit(body.verification_uri, { user_code: body.user_code, action: 'cancel' });
  expect(await page.text()).toContain('Nothing was signed in');
  const answer = await stage.post({ grant_type: 'device_code', device_code: body.device_code, ...client });
  expect([answer.body.error, answer.body.error_codes]).toEqual(['authorization_declined', [65004]]);
});

test('a code is good once, for the verifier and the address that it was made for, and for ten minutes', async () => {
  const stage = await loginStage({}, { tls: false });
  const { userPrincipalName } = stage.tenant.persona('member');
  const sign = async () => told(await submit(authorizeUrl(stage), { account: userPrincipalName }));
  const redeem = async (code: string, more: Record<string, string> = {}) => {
    const { status, body } = await stage.post({
      grant_type: 'authorization_code',
      client_id: stage.tenant.apps.public.appId,
      code,
      redirect_uri: 'http://localhost:1',
      code_verifier: verifier,
      scope: `${scope} openid`,
      ...more,
    });
    return status === 200 ? 'accepted' : body.error_codes[0];
  };
  const first = await sign();
  expect(first['state']).toBe('the state');
  expect(await redeem(first['code']!, { code_verifier: 'another' })).toBe(501481);
  expect(await redeem(first['code']!, { redirect_uri: 'http://localhost:2' })).toBe(70000);
  expect(await redeem(first['code']!, { client_id: stage.tenant.registerApp({}).appId })).toBe(70000);
  expect(await redeem(first['code']!)).toBe('accepted');
  expect(await redeem(first['code']!)).toBe(54005);
  const second = await sign();
  stage.clock.ahead = 600_000;
  expect(await redeem(second['code']!)).toBe(70008);
});

test.each([
  ['a policy', 53003, { conditionalAccess: { block: ['milo.brandt@contoso.example'] } }, {}],
  ['a second factor', 50076, { conditionalAccess: { mfa: ['milo.brandt@contoso.example'] } }, {}],
  ['no consent', 65001, {}, { scope: 'https://graph.microsoft.com/Mail.Read' }],
  ['no challenge', 50147, {}, { code_challenge: '' }],
  ['a plain challenge', 50147, {}, { code_challenge_method: 'plain' }],
  ['another answer than a code', 700054, {}, { response_type: 'token' }],
  ['another resource', 500011, {}, { scope: 'https://vault.azure.net/.default' }],
])('%s goes back to the app as an error that has its number', async (_what, code, options, more) => {
  const stage = await loginStage(options, { tls: false });
  const result = told(await submit(authorizeUrl(stage, more), { account: 'milo.brandt@contoso.example' }));
  expect(result['error_description']).toMatch(new RegExp(`^AADSTS${code}: `));
  expect(result['state']).toBe('the state');
  expect(result['code']).toBeUndefined();
  expect(stage.tenant.signIns).toEqual([expect.objectContaining({ succeeded: false, errorCode: code })]);
});

test.each([
  ['https://evil.example/', 50011],
  ['http://localhost.evil.example:80/', 50011],
  ['http://localhost:1/elsewhere', 50011],
  ['no address', 50011],
])('nobody is sent back to %s, which is not registered', async (redirect, code) => {
  const stage = await loginStage({}, { tls: false });
  const url = authorizeUrl(stage, { redirect_uri: redirect });
  for (const response of [
    await fetch(url, { redirect: 'manual' }),
    await submit(url, { account: 'milo.brandt@contoso.example' }),
  ]) {
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(await response.text()).toContain(`AADSTS${code}`);
  }
});

test('an unknown app is told on a page, too', async () => {
  const stage = await loginStage({}, { tls: false });
  const response = await fetch(authorizeUrl(stage, { client_id: 'nobody' }));
  expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  expect(await response.text()).toContain('AADSTS700016');
});

test('the answer goes into the fragment, or as a form, if the app wants that', async () => {
  const stage = await loginStage({}, { tls: false });
  const account = { account: 'milo.brandt@contoso.example' };
  const fragment = await submit(authorizeUrl(stage, { response_mode: 'fragment' }), account);
  expect(new URL(fragment.headers.get('location')!).hash).toMatch(/^#code=/);

  const posted = new Promise<string>(resolve => {
    const app = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', part => (text += part));
      request.on('end', () => {
        response.end('done');
        if (request.method === 'POST') resolve(text);
      });
    }).listen(0, '127.0.0.1', async () => {
      onTestFinished(() => void app.close());
      const { port } = app.address() as AddressInfo;
      const more = { response_mode: 'form_post', redirect_uri: `http://localhost:${port}` };
      const page = await openPage(authorizeUrl(stage, more));
      await page.getByRole('button', { name: 'Sign in' }).click();
    });
  });
  const result = Object.fromEntries(new URLSearchParams(await posted));
  expect(result).toMatchObject({ state: 'the state', code: expect.stringContaining('simulated-code') });
});

test('whatever is in the request or the directory, the pages hold it as text', async () => {
  const evil = `"><img src=x onerror=alert(1)>'&<script>alert(1)</script>`;
  const stage = await loginStage({ apps: [{ appId: 'evil', displayName: evil }] }, { tls: false });
  const url = authorizeUrl(stage, { client_id: 'evil', state: evil, login_hint: evil, nonce: evil });
  const { body } = await stage.post({ client_id: 'evil', scope }, { to: 'oauth2/v2.0/devicecode' });
  const account = { account: 'milo.brandt@contoso.example' };
  const pages = [
    await fetch(url),
    await submit(url, { other: evil, password: evil }),
    await fetch(authorizeUrl(stage, { redirect_uri: evil })),
    await fetch(authorizeUrl(stage, { client_id: evil })),
    await submit(body.verification_uri, { user_code: evil, other: evil }),
    await submit(body.verification_uri, { user_code: body.user_code, ...account }),
    await submit(authorizeUrl(stage, { state: evil, response_mode: 'form_post' }), account),
  ];
  for (const page of pages) {
    const text = await page.text();
    expect(text).toContain('Simulation.');
    expect(text).not.toMatch(/<img|<script>alert|onerror=alert\(1\)>/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
  }
});
