import { SignInError } from '../auth/sign-in-error.ts';
import { EndpointError, TokenError } from '../graph/endpoint.ts';
import { RequestError } from '../protocol/errors.ts';

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
  interrupted: 130,
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

const exitCodes: Partial<Record<RequestError['code'], number>> = {
  NotSignedIn: exitCode.notSignedIn,
  NotAllowed: exitCode.notSignedIn,
  TooManyUsers: exitCode.stopped,
};

/** Turns what the operations refuse into the sentence and exit code of a command. */
export function commandFailure(error: unknown): unknown {
  if (error instanceof TokenError || error instanceof SignInError)
    return new CommandFailure(exitCode.notSignedIn, error.message);
  if (error instanceof EndpointError) return new CommandFailure(exitCode.usage, error.message);
  if (!(error instanceof RequestError)) return error;
  return new CommandFailure(exitCodes[error.code] ?? exitCode.usage, error.message);
}
