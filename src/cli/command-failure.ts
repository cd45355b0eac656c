import { SignInError } from '../auth/sign-in-error.ts';
import { EndpointError, TokenError } from '../graph/endpoint.ts';
import { StateFolderError } from '../journal/home.ts';
import { RequestError } from '../protocol/errors.ts';
import { CommandFailure, exitCode } from './failure.ts';

const exitCodes: Partial<Record<RequestError['code'], number>> = {
  NotSignedIn: exitCode.notSignedIn,
  NotAllowed: exitCode.notSignedIn,
  TooManyUsers: exitCode.stopped,
  RunBusy: exitCode.stillRunning,
};

/** Turns what the layers below refuse into the sentence and exit code of a command. */
export function commandFailure(error: unknown): unknown {
  if (error instanceof TokenError || error instanceof SignInError) {
    return new CommandFailure(exitCode.notSignedIn, error.message);
  }
  if (error instanceof EndpointError || error instanceof StateFolderError) {
    return new CommandFailure(exitCode.usage, error.message);
  }
  if (!(error instanceof RequestError)) return error;
  return new CommandFailure(exitCodes[error.code] ?? exitCode.usage, error.message);
}

/** Does the work of a command. @throws CommandFailure */
export async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw commandFailure(error);
  }
}
