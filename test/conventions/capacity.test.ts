import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { appWritesPerSecond, tenantsOfOneApp, tenantWritesPerSecond } from '../../bench/report/capacity.ts';
import { version } from '../../build/version.ts';
import { root } from '../../build/paths.ts';
import { type ManyTenants, manyTenants, revokedOnRecord } from '../support/many-tenants.ts';
import { blocksIn } from '../support/scheduled-doc.ts';

const page = readFileSync(join(root, 'docs', 'capacity.md'), 'utf8');
const section = (heading: string): string =>
  page.split(/^##+ /m).find(text => text.startsWith(heading)) ?? '';
const [list = ''] = blocksIn(section('Spread'), 'text');
const [script = ''] = blocksIn(section('Spread'), 'sh');
const listed = list.trimEnd().split('\n').length;

interface Step {
  name?: string;
  env?: Record<string, string>;
  run?: string;
}

const [manifest] = blocksIn(section('Kubernetes'), 'yaml').map(text => parse(text));
const [workflow] = blocksIn(section('GitHub'), 'yaml').map(text => parse(text));

/** The list and the script of the page, for as many tenants as its list has, in a folder of their own. */
async function stage(name: string) {
  const many = await manyTenants(listed);
  const work = join(many.folder, name);
  mkdirSync(work);
  writeFileSync(join(work, 'tenants.txt'), many.tenants.map(tenant => `${tenant.tenantId}\n`).join(''));
  writeFileSync(join(work, 'one-tenant.sh'), script);
  return { ...many, work, records: join(many.folder, 'records') };
}

/** Runs a command line in a shell, with nothing of the environment of the tests that could sign in. */
async function shell(command: string, cwd: string, env: Record<string, string>, path: string) {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', command], {
    cwd,
    env: { HOME: cwd, PATH: path, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, err };
}

/** Everybody who is revoked is so once, in each of the tenants, and each tenant has its record. */
function expectEachDoneOnce({ tenants }: ManyTenants, records: string) {
  for (const { record, tenantId } of tenants) {
    const users = record.map(revocation => revocation.userId);
    expect(users.length).toBeGreaterThan(0);
    expect(new Set(users).size).toBe(users.length);
    expect(revokedOnRecord(records, tenantId)).toBe(record.filter(one => one.effective).length);
    expect(existsSync(join(records, tenantId, 'runs'))).toBe(true);
  }
}

test('the limits in it are those that the measurement is divided by', () => {
  expect(page).toContain(`| 3,000 in 150 s | ${tenantWritesPerSecond} |`);
  expect(page).toContain(`| 35,000 in 5 minutes | ${Math.floor(appWritesPerSecond)} |`);
  expect(page).toContain(`${tenantsOfOneApp} tenants at a time have their whole quota`);
  expect(manifest.spec.parallelism).toBe(tenantsOfOneApp);
  expect(workflow.jobs.leavers.strategy['max-parallel']).toBe(tenantsOfOneApp);
});

test('the Indexed Job does each tenant of the list once', async () => {
  const { spec, kind, apiVersion } = manifest;
  expect([apiVersion, kind, spec.completionMode]).toEqual(['batch/v1', 'Job', 'Indexed']);
  expect(spec.completions).toBe(listed);
  const { containers, volumes, restartPolicy } = spec.template.spec;
  expect(restartPolicy).toBe('Never');
  const [engine] = containers;
  expect(engine.image).toBe(`usersession:${version}`);
  expect(spec.podFailurePolicy.rules[1].onExitCodes.containerName).toBe(engine.name);
  const names = (all: { name: string }[]) => all.map(one => one.name).sort();
  expect(names(engine.volumeMounts)).toEqual(names(volumes));

  const { work, app, path, records, ...many } = await stage('config-map');
  // What Kubernetes mounts lies in folders of the test.
  const mounted = (text: string) =>
    text.replace('/run/usersession/certificate.pem', app.certificate).replace('/records', records);
  const env = Object.fromEntries(
    engine.env.map((one: { name: string; value: string }) => [one.name, mounted(one.value)]),
  );
  const [sh, c, command] = engine.command;
  expect([sh, c]).toEqual(['/bin/sh', '-c']);
  for (let index = 0; index < spec.completions; index++) {
    const run = await shell(command, work, { ...env, JOB_COMPLETION_INDEX: `${index}` }, path);
    expect(run).toMatchObject({ code: expect.toBeOneOf([0, 2]), err: expect.stringMatching(/ revoked in /) });
  }
  expectEachDoneOnce({ ...many, app, path }, records);
});

test('an index that the list does not have does nothing, and fails', async () => {
  const { work, path, records, tenants } = await stage('config-map');
  const run = await shell('sh one-tenant.sh 3', work, { RECORDS: records }, path);
  expect(run.code).not.toBe(0);
  expect(run.err).toContain('tenants.txt has no line for index 3');
  expect(tenants.flatMap(tenant => tenant.requests)).toEqual([]);
});

test('the tasks of Azure Batch do each tenant of the list once', async () => {
  const { work, app, path, folder, ...many } = await stage('opt-usersession');
  const calls = join(folder, 'calls.jsonl');
  const az = join(folder, 'bin', 'az');
  writeFileSync(
    az,
    `#!${process.execPath}\nrequire('node:fs').appendFileSync(${JSON.stringify(calls)}, JSON.stringify(process.argv.slice(2)) + '\\n');\n`,
  );
  chmodSync(az, 0o755);
  const [block = ''] = blocksIn(section('Azure Batch'), 'sh');
  expect(await shell(block, work, {}, path)).toEqual({ code: 0, err: '' });
  const [job, ...tasks] = readFileSync(calls, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as string[]);
  expect(job?.slice(0, 3)).toEqual(['batch', 'job', 'create']);
  const mounts = join(folder, 'mounts');
  for (const [index, task] of tasks.entries()) {
    const value = (option: string, after = 1) => task[task.indexOf(option) + after] ?? '';
    expect(value('--task-id')).toBe(many.tenants[index]?.tenantId);
    const settings = [value('--environment-settings'), value('--environment-settings', 2)].map(
      setting => setting.split('=') as [string, string],
    );
    const env = {
      ...Object.fromEntries(settings),
      AZURE_CLIENT_CERTIFICATE_PATH: app.certificate,
      AZ_BATCH_NODE_MOUNTS_DIR: mounts,
    };
    expect(settings.map(([name]) => name)).toEqual([
      'USERSESSION_CLIENT_ID',
      'AZURE_CLIENT_CERTIFICATE_PATH',
    ]);
    const run = await shell(value('--command-line').replace('/opt/usersession', work), work, env, path);
    expect(run).toMatchObject({ code: expect.toBeOneOf([0, 2]), err: expect.stringMatching(/ revoked in /) });
  }
  expectEachDoneOnce({ ...many, app, path, folder }, join(mounts, 'records'));
});

test('the matrix of GitHub does each tenant of the list once', async () => {
  const { tenants: counting, leavers } = workflow.jobs;
  expect(leavers.needs).toBe('tenants');
  expect(leavers.strategy['fail-fast']).toBe(false);
  expect(leavers.strategy.matrix.index).toBe('${{ fromJSON(needs.tenants.outputs.indexes) }}');
  expect(counting.outputs.indexes).toBe('${{ steps.count.outputs.indexes }}');

  const { work, app, path, folder, records, ...many } = await stage('checkout');
  // The package in the repository is the command line that finds the tenants of the test.
  mkdirSync(join(work, 'tools', 'UserSession', version), { recursive: true });
  symlinkSync(join(folder, 'bin'), join(work, 'tools', 'UserSession', version, 'engine'));
  const output = join(folder, 'output');
  const step = (steps: Step[], name: string): Step => steps.find(one => one.name === name) ?? {};
  const count = step(counting.steps, 'Count the tenants').run ?? '';
  const own = process.env['PATH'] ?? '';
  expect(await shell(count, work, { GITHUB_OUTPUT: output }, own)).toEqual({ code: 0, err: '' });
  const [, indexes = ''] = /^indexes=(.*)\n$/.exec(readFileSync(output, 'utf8')) ?? [];
  expect(JSON.parse(indexes)).toEqual(many.tenants.map((_, i) => i));

  const { run = '', env = {} } = step(leavers.steps, 'Sign leavers out');
  const filled: Record<string, string> = {
    'vars.USERSESSION_CLIENT_ID': app.clientId,
    'secrets.USERSESSION_CLIENT_SECRET': app.secret,
    'runner.temp': folder,
  };
  const fill = (text: string, more: Record<string, string> = {}) =>
    text.replace(/\$\{\{ (\S+) \}\}/g, (_, name: string) => ({ ...filled, ...more })[name] ?? `no ${name}`);
  for (const index of JSON.parse(indexes) as number[]) {
    const job = {
      ...Object.fromEntries(Object.entries(env).map(([name, text]) => [name, fill(text)])),
      RUNNER_TEMP: folder,
    };
    const ended = await shell(fill(run, { 'matrix.index': `${index}` }), work, job, own);
    expect(ended).toMatchObject({
      code: expect.toBeOneOf([0, 2]),
      err: expect.stringMatching(/ revoked in /),
    });
  }
  expectEachDoneOnce({ ...many, app, path, folder }, records);
});
