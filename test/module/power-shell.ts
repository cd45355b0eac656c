import { spawn } from 'node:child_process';
import { argumentsFor, findEngine } from '../host/driver/engine.ts';
import { HostProcess } from '../host/driver/host-process.ts';
import { requestFile, requestOf, type PowerShellOptions } from '../host/driver/request.ts';
import type { PowerShellRun, RunningPowerShell } from '../host/driver/run.ts';

export { findEngine } from '../host/driver/engine.ts';
export { errorIds, plain, texts } from '../host/driver/events.ts';
export type * from '../host/driver/events.ts';
export type { PowerShellOptions } from '../host/driver/request.ts';
export type { PowerShellRun, RunningPowerShell } from '../host/driver/run.ts';

/** Processes that wait for the next script; they end with this one, because their stdin does. */
const idle: HostProcess[] = [];

/** Runs a script to its end. Rejects only if PowerShell cannot be had, dies or takes too long. */
export async function runPowerShell(script: string, options: PowerShellOptions = {}): Promise<PowerShellRun> {
  const engine = findEngine();
  const request = JSON.stringify(requestOf(script, options));
  const served = engine.kind === 'host' && !options.freshProcess && !options.nonInteractive;
  const process = served
    ? (idle.pop() ?? HostProcess.serving(engine))
    : HostProcess.once(engine, request, options);
  const run = await process.run(served ? request : null, options.timeoutMs ?? 60_000);
  if (served) idle.push(process);
  return run;
}

/** Starts a script in a process of its own, to watch it or to kill it. */
export function startPowerShell(script: string, options: PowerShellOptions = {}): RunningPowerShell {
  const process = HostProcess.once(findEngine(), JSON.stringify(requestOf(script, options)), options);
  return process.watch();
}

/** Runs a script before the eyes of who sits at this terminal; resolves with its exit code. */
export async function showPowerShell(script: string, options: PowerShellOptions = {}): Promise<number> {
  const engine = findEngine();
  const { file, remove } = requestFile(JSON.stringify({ ...requestOf(script, options), console: true }));
  const child = spawn(engine.file, argumentsFor(engine, file), { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject).once('exit', code => resolve(code ?? 1));
    });
  } finally {
    remove();
  }
}
