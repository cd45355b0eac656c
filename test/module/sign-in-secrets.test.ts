import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { appWithCertificate } from '../support/app-with-certificate.ts';
import { pfxFile } from '../support/pfx.ts';
import { type SignInStage, signInStage } from '../support/sign-in-stage.ts';
import { startPowerShell } from './power-shell.ts';
import { builtModule, childrenOf } from './with-engine.ts';

const password = 'Sesame-4711-of-the-file';

/** Parameters in which a secret stands in `$env:THE_SECRET`, that secret, and others that the engine reads or gets. */
type Secretive = [parameters: string, secret: string, others: string[]];

const credential = ({ tenant, app, server }: SignInStage, secret: string): Secretive => [
  `-TenantId ${tenant.tenantId} -ClientSecretCredential ([pscredential]::new('${app.appId}', $secret)) -LoginUrl ${server.loginUrl}`,
  secret,
  [],
];

const ways: [name: string, way: (stage: SignInStage) => Promise<Secretive>][] = [
  ['a client secret', async stage => credential(stage, stage.secret)],
  ['a wrong client secret', async stage => credential(stage, 'wrong~but-still-a-secret')],
  ['an access token', async ({ tenant }) => ['-AccessToken $secret', tenant.issueToken('app'), []]],
  [
    'a PFX file',
    async stage => {
      const {
        pair,
        app: { appId },
      } = await appWithCertificate(stage);
      const file = pfxFile(stage, pair, password);
      return [
        `-TenantId ${stage.tenant.tenantId} -ClientId ${appId} -CertificatePath '${file}' -CertificatePassword $secret -LoginUrl ${stage.server.loginUrl}`,
        password,
        pair.privateKey.split('\n').filter(line => line.length === 64),
      ];
    },
  ],
];

/** What every process below this one was started with. */
function startedWith(pid: number): string {
  const read = (name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8');
    } catch {
      // Gone meanwhile.
      return '';
    }
  };
  return [read('cmdline'), read('environ'), ...childrenOf(pid).map(startedWith)].join('\n');
}

test.each(ways)(
  '%s is in no stream, no error and no child of a session with the real engine, also when that is killed',
  async (_name, way) => {
    const stage = await signInStage({ latencyMs: 150 });
    const [parameters, secret, others] = await way(stage);
    const running = startPowerShell(
      `$secret = ConvertTo-SecureString $env:THE_SECRET -AsPlainText -Force; $env:THE_SECRET = $null
       Import-Module '${builtModule}'
       Connect-UserSessionTenant ${parameters} -GraphUrl ${stage.server.url} -Verbose -Debug
       '${stage.user.id}', 'nobody@contoso.example' | Revoke-UserSession -Verbose -Debug
       Test-UserSessionAccess -Verbose; Get-UserSessionTenant -Verbose
       (& (Get-Module UserSession) { $script:Engine.Process }).Kill()
       '${stage.user.id}' | Revoke-UserSession -Verbose
       foreach ($record in $Error) { $record | Format-List * -Force; $record.Exception.ToString(); $record.ScriptStackTrace }`,
      {
        env: {
          NODE_EXTRA_CA_CERTS: stage.env['NODE_EXTRA_CA_CERTS'],
          USERSESSION_ENGINE: null,
          MG_STANDIN_TOKEN: null,
          AZURE_LOG_LEVEL: 'verbose',
          THE_SECRET: secret,
        },
      },
    );
    const seen: string[] = [];
    const over = running.finished.then(() => true);
    while (!(await Promise.race([over, delay(100, false)])))
      seen.push(...childrenOf(running.pid).map(startedWith));
    const run = await running.finished;
    const texts = [JSON.stringify(run.events), run.stderr, ...seen].join('\n');
    expect(seen.join('\n')).toContain('serve');
    expect(run.errors.length).toBeGreaterThan(0);
    for (const hidden of [secret, ...others])
      expect(texts.includes(hidden.length > 60 ? hidden.slice(20, 60) : hidden)).toBe(false);
    const [header] = stage.tenant.issueToken('app').split('.');
    expect(texts.includes(`${header}.`)).toBe(false);
  },
);
