import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CredentialConnection } from '../../src/protocol/tenant.ts';
import { CertificateHome } from '../auth/certificate-home.ts';
import { EngineProcess } from '../support/engine-process.ts';
import { type SignInStage, signInStage } from '../support/sign-in-stage.ts';
import { lettingAHundredThrough } from '../support/tenant.ts';

const home = new CertificateHome();
let thumbprint = '';
beforeAll(async () => {
  thumbprint = (await home.add({ subject: 'CN=usersession engine' }))[0]!;
});
afterAll(() => home.remove());

/** An engine that has loaded .NET to sign in, with a run that is open. */
async function engineWithDotNet(stage: SignInStage): Promise<{ engine: EngineProcess; runId: string }> {
  const certificates = [await home.pem(thumbprint)];
  const app = stage.tenant.registerApp({ ...stage.app, appId: undefined, certificates });
  const tenant: CredentialConnection = {
    kind: 'credential',
    credential: { method: 'certificateStore', thumbprint },
    tenantId: stage.tenant.tenantId,
    clientId: app.appId,
    graphUrl: stage.server.url,
    loginUrl: stage.server.loginUrl,
  };
  const NODE_EXTRA_CA_CERTS = stage.env['NODE_EXTRA_CA_CERTS'];
  const engine = new EngineProcess({ HOME: home.folder, NODE_EXTRA_CA_CERTS });
  return { engine, runId: await engine.begin(tenant) };
}

test('a run is cancelled and the engine leaves with its host, although .NET was loaded', async () => {
  const stage = await signInStage({ latencyMs: 300, ...lettingAHundredThrough });
  const { tenant } = stage;
  const { engine, runId } = await engineWithDotNet(stage);
  expect(tenant.signIns).toMatchObject([{ kind: 'clientCertificate', succeeded: true }]);
  const ids = tenant.users.slice(0, 190).map(u => u.id);
  const rows = ids.map(text => engine.revoke(runId, { text }));
  while (tenant.record.length === 0) await delay(5);
  engine.write(`${JSON.stringify({ jsonrpc: '2.0', method: '$/cancelRequest', params: { runId } })}\n`);
  const reached = await Promise.all(rows).then(all => all.filter(row => row.outcome !== 'Cancelled'));
  expect(reached.map(row => row.userId).sort()).toEqual(tenant.record.map(r => r.userId).sort());
  expect(reached.length).toBeLessThan(ids.length);
  await engine.end(runId);
  expect(await engine.leave()).toBeLessThan(2000);
});

test('the end of stdin in the middle of a run ends the engine in time, although .NET was loaded', async () => {
  const stage = await signInStage({ latencyMs: 300, ...lettingAHundredThrough });
  const { engine, runId } = await engineWithDotNet(stage);
  for (const { id } of stage.tenant.users.slice(0, 190))
    void engine.request('user/revoke', { runId, user: { text: id } });
  while (stage.tenant.record.length === 0) await delay(5);
  expect(await engine.leave()).toBeLessThan(2500);
  expect(stage.tenant.record.length).toBeLessThan(190);
});
