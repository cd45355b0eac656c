import { watchSignIns } from '../../operations/watch-sign-ins.ts';
import type { WatchVerdict } from '../../protocol/watch.ts';
import { exitCode } from '../failure.ts';
import { lookUp, someUsers } from '../look-up.ts';
import type { LookUpOptions } from '../look-up-options.ts';
import { watchPrinter } from '../output/watch-printer.ts';
import { tell } from '../tell.ts';

export interface WatchOptions extends LookUpOptions {
  minutes?: number;
  count?: number;
}

/** What `usersession watch` does. */
export async function watch(users: string[], options: WatchOptions, env: NodeJS.ProcessEnv): Promise<void> {
  await lookUp(options, env, async reading => {
    const named = await someUsers(users, options);
    const ending = new Ending();
    const printer = await watchPrinter(options.output, process.stdout, process.stdout.columns || 120);
    // Whoever read the rows is gone: nobody is left to be told.
    process.stdout.on('error', () => ending.end());
    tell(begun(named.length, options));
    const result = await watchSignIns(
      { users: named.map(user => ({ user })), minutes: options.minutes, count: options.count },
      {
        ...reading,
        signal: ending.signal,
        onSeen: signIns => printer.seen(signIns),
        onWarning: message => tell(`warning: ${message}`),
      },
    );
    printer.end(result);
    if (options.output !== 'table') result.verdicts.forEach(tellVerdict);
    const failed = result.verdicts.some(isBad) || (options.strict && result.warnings.length > 0);
    return ending.code ?? (failed ? exitCode.someFailed : exitCode.done);
  });
}

function begun(users: number, { minutes, count }: WatchOptions): string {
  const bounds = [
    ...(minutes === undefined ? [] : [minutes === 1 ? 'for a minute' : `for ${minutes} minutes`]),
    ...(count === undefined
      ? []
      : [count === 1 ? 'until a sign-in is seen' : `until ${count} sign-ins are seen`]),
  ];
  const who = users === 1 ? 'one user' : `${users} users`;
  return `Watching ${who}${bounds.map(bound => `, ${bound}`).join('')}; Ctrl+C ends it. The log is late by some minutes, at times by two hours.`;
}

const isBad = ({ verdict }: WatchVerdict): boolean => verdict === 'CameBack' || verdict === 'NotWatched';

const tellVerdict = ({ verdict, userPrincipalName, reference, advice }: WatchVerdict): void =>
  tell(`${userPrincipalName ?? reference}: ${verdict}. ${advice}`);

/** Ctrl+C is an ordinary end of a watch; so is what a service manager sends, but for the exit code. The second kills. */
class Ending {
  readonly #abort = new AbortController();
  code: number | null = null;

  constructor() {
    process.once('SIGINT', () => this.end());
    process.once('SIGTERM', () => this.end(exitCode.terminated));
    process.once('SIGHUP', () => this.end(exitCode.hungUp));
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  end(code: number | null = null): void {
    this.code ??= code;
    this.#abort.abort();
  }
}
