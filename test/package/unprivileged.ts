import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argumentsFor, findEngine } from '../host/driver/engine.ts';
import type { PowerShellEvent } from '../host/driver/events.ts';
import { requestOf } from '../host/driver/request.ts';
import { type PowerShellRun, runOf } from '../host/driver/run.ts';
import type { CommandRun } from '../support/command-line.ts';

/** Somebody who owns nothing here: `nobody` when the tests run as root, else whoever runs them. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** The world of that somebody: a home, and a PATH on which there is nothing at all. */
export class Unprivileged {
  readonly home: string;
  readonly env: Record<string, string>;

  constructor(folder: string) {
    this.home = join(folder, 'home');
    const path = join(folder, 'empty');
    for (const made of [this.home, path]) mkdirSync(made);
    // mkdtemp's folders are their owner's alone.
    for (const opened of [folder, path]) chmodSync(opened, 0o755);
    chmodSync(this.home, 0o777);
    this.env = { HOME: this.home, PATH: path, TMPDIR: this.home, LANG: 'C.UTF-8' };
  }

  start(file: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawn(file, args, { cwd: this.home, ...options, ...nobody, env: { ...this.env, ...options.env } });
  }

  /** Runs a program to its end. */
  async run(file: string, args: readonly string[], env: Record<string, string> = {}): Promise<CommandRun> {
    const child = this.start(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout!.setEncoding('utf8').on('data', text => (out += text));
    child.stderr!.setEncoding('utf8').on('data', text => (err += text));
    return new Promise((resolve, reject) => {
      child.once('error', reject).once('close', code => resolve({ code, out, err }));
    });
  }

  /** Runs a script in PowerShell to its end. */
  async powerShell(script: string, env: Record<string, string> = {}): Promise<PowerShellRun> {
    const request = join(this.home, 'request.json');
    writeFileSync(request, JSON.stringify(requestOf(script, {})));
    const engine = findEngine();
    const { out, err } = await this.run(engine.file, argumentsFor(engine, request), env);
    const lines = out.split('\n').filter(line => line.startsWith('{"stream":'));
    return runOf(
      lines.map(line => JSON.parse(line) as PowerShellEvent),
      err,
    );
  }
}
