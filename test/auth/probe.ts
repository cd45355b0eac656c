import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { root } from '../../build/paths.ts';
import type { ProbeAnswer, ProbeRequest } from './store-probe.ts';

export interface ProbeRun {
  answers: ProbeAnswer[];
  /** Everything else that the process wrote: .NET and edge-js have nothing to say. */
  err: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Uses the certificate store in a process of its own. `during` is called when the last certificate is answered. */
export function probe(
  request: ProbeRequest,
  options: SpawnOptions = {},
  during: (child: ChildProcess) => void = () => {},
): Promise<ProbeRun> {
  const file = join(root, 'test', 'auth', 'store-probe.ts');
  const child = spawn(process.execPath, [file, JSON.stringify(request)], { ...options, stdio: 'pipe' });
  const answers: ProbeAnswer[] = [];
  let err = '';
  createInterface({ input: child.stdout! }).on('line', line => {
    answers.push(JSON.parse(line));
    if (answers.length === request.wanted.length) during(child);
  });
  child.stderr!.setEncoding('utf8').on('data', text => (err += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ answers, err, code, signal }));
  });
}
