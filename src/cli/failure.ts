/** Exit codes of the command line (design section 5). */
export const exitCode = {
  done: 0,
  /** Wrong use, or nothing to do because the input was empty. */
  usage: 1,
  someFailed: 2,
  /** Not signed in, or not allowed at all. */
  notSignedIn: 3,
  /** Stopped half-way; also more users than allowed. */
  stopped: 4,
  /** The same job is still running. */
  stillRunning: 5,
  /** By SIGHUP: the terminal has gone. */
  hungUp: 129,
  /** By SIGINT: Ctrl+C. */
  interrupted: 130,
  /** By SIGTERM: a service manager or `kill`. */
  terminated: 143,
} as const;

/** A failure that ends the command with one sentence for a human. */
export class CommandFailure extends Error {
  readonly exitCode: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'CommandFailure';
    this.exitCode = code;
  }
}
