/** The signals that .NET takes for itself when it starts (dotnet/runtime, pal/src/exception/signal.cpp). */
const taken = ['SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/**
 * Runs something that takes over this process' signal handlers, and gives the signals back to who listened before, or to
 * the system. Node asks the system for a signal only with the first listener, so each has to leave and come again.
 */
export function keepSignalHandlers<T>(run: () => T): T {
  try {
    return run();
  } finally {
    if (process.platform !== 'win32') taken.forEach(takeBack);
  }
}

function takeBack(signal: NodeJS.Signals): void {
  const listeners = process.rawListeners(signal) as NodeJS.SignalsListener[];
  const nobody = () => {};
  if (listeners.length === 0) process.on(signal, nobody);
  process.removeAllListeners(signal);
  for (const listener of listeners) process.on(signal, listener);
}
