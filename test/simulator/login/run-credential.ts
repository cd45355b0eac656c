import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from '../../../build/paths.ts';

const script = join(root, 'test', 'simulator', 'login', 'credential-process.ts');

/** Starts a credential in a process of its own; it resolves to what that printed. */
export function runCredential(
  kind: 'managedIdentity' | 'browser',
  options: unknown,
  env: Record<string, string>,
): Promise<{ token?: string; error?: string }> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(AZURE_|IDENTITY_|MSI_|IMDS_)/.test(name),
  );
  const child = spawn(process.execPath, [script, kind, JSON.stringify(options)], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', text => (out += text));
  child.stderr.setEncoding('utf8').on('data', text => (err += text));
  return once(child, 'close').then(() => {
    const last = out.trim().split('\n').at(-1) ?? '';
    if (!last.startsWith('{')) throw new Error(`The credential said nothing: ${out}${err}`);
    return JSON.parse(last) as { token?: string; error?: string };
  });
}
