import { randomUUID } from 'node:crypto';
import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import { Quotas } from '../graph/quotas.ts';
import type { Lock } from '../journal/lock.ts';
import { Records } from '../journal/records.ts';
import { openRun } from '../operations/open-run.ts';
import { type Recorder, recorderFor } from '../operations/recorder.ts';
import type { RevocationRun } from '../operations/revoke-sessions.ts';
import type { RunBeginParams } from '../protocol/messages.ts';
import { carryOut, type Input } from './carry-out.ts';
import { commandFailure } from './command-failure.ts';
import { EventLog } from './event-log.ts';
import { exitCode } from './failure.ts';
import { takeJob } from './job.ts';
import { Narrator } from './narrator.ts';
import type { OutputFormat } from './output/row-printer.ts';
import { personAtTerminal } from './person.ts';
import { connectionFrom, type SignInOptions } from './sign-in-options.ts';
import { StopSignals } from './stop-signals.ts';
import { version } from '../version.ts';

/** What every command that makes a run has in common. */
export interface RunCommandOptions extends SignInOptions {
  usersFrom?: string;
  whatIf?: boolean;
  strict?: boolean;
  log?: string;
  job?: string;
  /** A folder, or false for no record. */
  journal?: string | boolean;
  reason?: string;
  output: OutputFormat;
}

/** Who is to be revoked, and how many they are where that is known. */
export interface Targets {
  input: Input;
  users?: number;
}

/** Checks what the command line says, before anything else is done; gives what the run begins with. */
export type Prepare = (
  records: Records,
  narrator: Narrator,
) => Promise<Pick<RunBeginParams, 'options' | 'resume'>>;

/** Runs a command: signs in, opens the run, carries it out, tells it; the exit code is left in `process.exitCode`. */
export async function runCommand(
  options: RunCommandOptions,
  env: NodeJS.ProcessEnv,
  prepare: Prepare,
  targetsOf: (run: RevocationRun, narrator: Narrator) => Promise<Targets>,
): Promise<void> {
  const log = options.log === undefined ? null : new EventLog(options.log, env, options.job);
  const narrator = new Narrator(log, process.argv.slice(2));
  const signals = new StopSignals(narrator);
  const connector = new Connector(systemClock);
  const records = new Records(env, version);
  let job: Lock | null = null;
  let recorder: Recorder | null = null;
  try {
    const begin = await prepare(records, narrator);
    if (options.job !== undefined) job = await takeJob(options.job, env);
    const tenant = connectionFrom(options, env);
    recorder = await recorderFor({ ...begin, reason: options.reason, journal: journalOf(options) }, records);
    const runId = recorder.recorded?.begin.runId ?? randomUUID();
    const person = personAtTerminal(text => narrator.note(text));
    const connection = await connector.connect(tenant, async () => null, person);
    narrator.signedIn(runId, connection.info);
    const run = await openRun({
      runId,
      connection,
      options: begin.options ?? {},
      recorder,
      clock: systemClock,
      quotas: new Quotas(),
      confirm: question => narrator.ask(question, signals.stopping),
      onWarning: message => narrator.warning(message),
      env,
    });
    const { input, users } = await targetsOf(run, narrator).catch(async error => {
      // Nobody was handed in, so nothing of it is left to be resumed.
      run.stop({ code: 'Stopped', message: 'Nobody was handed in.' });
      await run.end();
      throw error;
    });
    const code = options.whatIf
      ? await (await import('./what-if.ts')).whatIf(run, input, connection.info, options, narrator)
      : await carryOut(run, input, options, narrator, signals);
    // A group without users is no mistake of the schedule that runs every night.
    process.exitCode = users === 0 && code === exitCode.usage ? exitCode.done : code;
    run.close();
    narrator.end(process.exitCode);
  } catch (error) {
    await recorder?.release();
    const failure = commandFailure(error);
    narrator.failed(failure);
    throw failure;
  } finally {
    await connector.close();
    await records.close();
    await job?.release();
    signals.end();
  }
}

const journalOf = ({ journal }: RunCommandOptions): string | false | undefined =>
  journal === false ? false : typeof journal === 'string' ? journal : undefined;
