import { createPrivateKey } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { takeSecrets } from '../../src/cli/secret-variables.ts';
import { appWithCertificate } from '../support/app-with-certificate.ts';
import { selfSigned } from '../support/certificates.ts';
import { type CommandRun, usersession } from '../support/command-line.ts';
import { openedPage } from '../support/opened-page.ts';
import { pfxFile } from '../support/pfx.ts';
import { type SignInStage, signInStage } from '../support/sign-in-stage.ts';
import { onTerminal } from '../support/terminal.ts';
import { rsaKeys, signJwt } from '../simulator/login/login-stage.ts';

const password = 'Sesame-4711-of-the-file';

interface Secretive {
  args: string[];
  env: Record<string, string>;
  /** None of these may be left anywhere. */
  secrets: string[];
}

/** A part of each secret that is long enough to be told by, should it be cut or wrapped somewhere. */
const marks = (secrets: readonly string[]): string[] =>
  secrets.flatMap(secret => (secret.length > 60 ? [secret.slice(20, 60), secret.slice(-40)] : [secret]));

const lines = (pem: string): string[] => pem.split('\n').filter(line => /^[\w+/=]{40,}$/.test(line));

const ways: [name: string, way: (stage: SignInStage) => Promise<Secretive>][] = [
  ['a client secret', async stage => ({ args: [], env: stage.secretEnv, secrets: [stage.secret] })],
  [
    'a wrong client secret',
    async stage => ({
      args: [],
      env: { ...stage.secretEnv, USERSESSION_CLIENT_SECRET: 'wrong~but-still-a-secret' },
      secrets: ['wrong~but-still-a-secret'],
    }),
  ],
  [
    'an access token',
    async ({ tenant }) => {
      const token = tenant.issueToken('app');
      return { args: [], env: { USERSESSION_ACCESS_TOKEN: token }, secrets: [token] };
    },
  ],
  [
    'an access token that Graph refuses',
    async ({ tenant }) => {
      const token = tenant.issueToken('app');
      tenant.expireTokens();
      return { args: [], env: { USERSESSION_ACCESS_TOKEN: token }, secrets: [token] };
    },
  ],
  [
    'a PFX file',
    async stage => {
      const {
        pair,
        app: { appId },
      } = await appWithCertificate(stage);
      const file = pfxFile(stage, pair, password);
      return {
        args: ['--tenant-id', stage.tenant.tenantId, '--client-id', appId, '--certificate-path', file],
        env: { USERSESSION_CERTIFICATE_PASSWORD: password },
        secrets: [password, ...lines(pair.privateKey)],
      };
    },
  ],
  [
    'a PEM file with a wrong password',
    async stage => {
      const { certificate, privateKey } = await selfSigned();
      const key = createPrivateKey(privateKey).export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: password,
      }) as string;
      const file = stage.file('app.pem', certificate + key);
      return {
        args: ['--tenant-id', stage.tenant.tenantId, '--client-id', 'app', '--certificate-path', file],
        env: { USERSESSION_CERTIFICATE_PASSWORD: 'not-the-password-of-it' },
        secrets: ['not-the-password-of-it', ...lines(key)],
      };
    },
  ],
  [
    'a federated token that is refused',
    async stage => {
      const { privateKey } = rsaKeys();
      const { appId } = stage.tenant.registerApp({ federated: [{ issuer: 'a', subject: 'b', keys: [] }] });
      const token = signJwt({ iss: 'https://elsewhere.example', sub: 'somebody' }, privateKey);
      return {
        args: ['--federated-token-file', stage.file('token.jwt', token)],
        env: { AZURE_TENANT_ID: stage.tenant.tenantId, AZURE_CLIENT_ID: appId },
        secrets: [token],
      };
    },
  ],
];

/** The folders that a run may leave something in, empty before. */
function folders(stage: SignInStage): Record<string, string> {
  const left = join(stage.folder, 'left');
  for (const name of ['home', 'state', 'tmp']) mkdirSync(join(left, name), { recursive: true });
  return { HOME: join(left, 'home'), USERSESSION_HOME: join(left, 'state'), TMPDIR: join(left, 'tmp') };
}

/** Everything in the files that were left, as one text. */
function leftBehind(stage: SignInStage): string {
  const left = join(stage.folder, 'left');
  const files = readdirSync(left, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return files.map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
}

/** What `ps` shows of every process that is running now. */
const processArguments = (): string =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        // Gone meanwhile.
        return '';
      }
    })
    .join('\n');

function expectNone(texts: readonly string[], secrets: readonly string[]): void {
  const all = texts.join('\n');
  expect(all.length).toBeGreaterThan(200);
  for (const mark of marks(secrets)) expect(all.includes(mark)).toBe(false);
}

test.each(ways)('%s is in nothing that a run leaves behind, also when it is killed', async (_name, way) => {
  const stage = await signInStage({ latencyMs: 100 });
  const { args, env, secrets } = await way(stage);
  const log = join(stage.folder, 'left', 'log.jsonl');
  const talkative = {
    ...env,
    ...folders(stage),
    AZURE_LOG_LEVEL: 'verbose',
    DEBUG: '*',
  };
  const texts: string[] = [];
  const note = ({ out, err }: CommandRun) => texts.push(out, err);
  note(await stage.revoke([...args, '--log', log, '--job', 'secrets'], talkative));
  note(
    await stage.revoke([...args, '--log', log], talkative, {
      during: child =>
        void delay(250).then(() => {
          texts.push(processArguments());
          child.kill('SIGKILL');
        }),
    }),
  );
  note(await usersession(['whoami', ...args], { env: { ...stage.env, ...talkative } }));
  note(
    await usersession(['revoke', 'x', ...args, '--no-such-option'], { env: { ...stage.env, ...talkative } }),
  );
  texts.push(leftBehind(stage));
  // The libraries have told what they do, where they were asked for something.
  expect(texts.some(text => text.includes('azure:'))).toBe(stage.tenant.signIns.length > 0);
  expectNone(texts, secrets);
  for (const { token } of tokensOf(stage)) expectNone(texts, [token]);
});

/** Tokens that the login endpoint gave out look like tokens of the tenant: none may be anywhere. */
function tokensOf(stage: SignInStage): { token: string }[] {
  const [header] = stage.tenant.issueToken('app').split('.');
  return [{ token: `${header}.` }];
}

const environmentSecrets = {
  USERSESSION_ACCESS_TOKEN: '',
  USERSESSION_CLIENT_SECRET: 'the-secret-of-the-app-1',
  AZURE_CLIENT_SECRET: 'the-secret-of-the-app-2',
  USERSESSION_CERTIFICATE_PASSWORD: 'the-password-of-the-file-1',
  AZURE_CLIENT_CERTIFICATE_PASSWORD: 'the-password-of-the-file-2',
};

test('the Azure CLI is started without the secrets in our environment, and with all the rest', async () => {
  const stage = await signInStage();
  const dumped = join(stage.folder, 'environment');
  const token = stage.tenant.issueToken('userAdministrator');
  const answer = JSON.stringify({ accessToken: token, expires_on: 4102444800, tokenType: 'Bearer' });
  const PATH = stage.program('az', `env > '${dumped}'; echo '${answer}'`);
  const run = await stage.revoke(['--azure-cli'], {
    ...environmentSecrets,
    PATH,
    AZURE_CONFIG_DIR: '/some/where',
  });
  expect(run.code).toBe(0);
  const environment = readFileSync(dumped, 'utf8');
  expect(environment).toContain('AZURE_CONFIG_DIR=/some/where');
  expectNone([environment, run.out, run.err], [...Object.values(environmentSecrets).filter(Boolean), token]);
});

test('a browser is started without the secrets in our environment', async () => {
  const stage = await signInStage();
  const opened = openedPage(stage);
  const running = onTerminal(['whoami', '--browser'], {
    env: {
      ...stage.env,
      ...environmentSecrets,
      PATH: opened.path,
      USERSESSION_TENANT_ID: stage.tenant.tenantId,
      USERSESSION_CLIENT_ID: stage.tenant.apps.public.appId,
    },
  });
  const back = await opened.signIn(stage.tenant.persona('userAdministrator').userPrincipalName);
  const { screen, code } = await running;
  expect(code).toBe(0);
  const redeemed = new URL(back).searchParams.get('code')!;
  expectNone(
    [opened.environment(), screen],
    [...Object.values(environmentSecrets).filter(Boolean), redeemed],
  );
});

test('what is taken out of the environment is still known to who took it', () => {
  const env: NodeJS.ProcessEnv = { ...environmentSecrets, OTHER: 'stays' };
  const before = takeSecrets(env);
  expect(env).toEqual({ OTHER: 'stays' });
  expect(before).toEqual({ ...environmentSecrets, OTHER: 'stays' });
});
