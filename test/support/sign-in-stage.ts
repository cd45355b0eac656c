import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RevocationResult } from '../../src/protocol/row.ts';
import type { RegisteredApp } from '../../src/simulator/login/app-registration.ts';
import type { SimulatedTenantOptions, SimulatedUser } from '../../src/simulator/simulated-tenant.ts';
import { type LoginStage, loginStage } from '../simulator/login/login-stage.ts';
import { type CommandOptions, type CommandRun, usersession } from './command-line.ts';

export interface SignInStage extends LoginStage {
  /** Gone when the test ends. */
  folder: string;
  /** The app that has a client secret. */
  app: RegisteredApp;
  secret: string;
  /** Somebody whom the app can sign out. */
  user: SimulatedUser;
  /** What another process needs to find the tenant; `app` and tenant are to be named besides. */
  env: Record<string, string>;
  /** The same with the app's secret. */
  secretEnv: Record<string, string>;
  /** Writes a file into the folder, and returns its path. */
  file(name: string, content: string | Buffer): string;
  /** Puts a program for `/bin/sh` on a PATH, and returns that. */
  program(name: string, script: string): string;
  /** Revokes the user through the command line. */
  revoke(
    args: readonly string[],
    env?: Record<string, string>,
    options?: CommandOptions,
  ): Promise<CommandRun & { row: RevocationResult | undefined }>;
  /** Tells whether exactly this user was signed out. */
  revoked(): boolean;
}

/** A tenant behind TLS, and what it takes to sign in there from another process. */
export async function signInStage(options: SimulatedTenantOptions = {}): Promise<SignInStage> {
  const stage = await loginStage(options);
  const { tenant, server } = stage;
  const folder = mkdtempSync(join(tmpdir(), 'usersession-sign-in-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const user = tenant.users.find(u => u.userType === 'Member' && u.roles.length === 0);
  if (!user) throw new Error('The tenant has nobody to sign out.');
  const app = tenant.apps.confidential;
  const secret = app.secrets[0]?.value ?? '';
  const env = {
    USERSESSION_GRAPH_URL: server.url,
    USERSESSION_LOGIN_URL: server.loginUrl,
    NODE_EXTRA_CA_CERTS: file('ca.pem', server.caCertificate ?? ''),
  };
  const secretEnv = {
    ...env,
    USERSESSION_TENANT_ID: tenant.tenantId,
    USERSESSION_CLIENT_ID: app.appId,
    USERSESSION_CLIENT_SECRET: secret,
  };
  return {
    ...stage,
    folder,
    app,
    secret,
    user,
    env,
    secretEnv,
    file,
    program: (name, script) => {
      chmodSync(file(name, `#!/bin/sh\n${script}\n`), 0o755);
      return `${folder}${delimiter}${process.env['PATH']}`;
    },
    revoke: async (args, more = {}, commandOptions = {}) => {
      const run = await usersession(['revoke', user.id, '--output', 'json', ...args], {
        ...commandOptions,
        env: { ...env, ...more },
      });
      const [row] = run.out.startsWith('[') ? (JSON.parse(run.out) as RevocationResult[]) : [];
      return { ...run, row };
    },
    revoked: () => tenant.record.length === 1 && tenant.record[0]?.userId === user.id,
  };
}
