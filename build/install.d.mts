/** Installs what the lockfile of a folder says, the checkout's unless told, where that has not been done; false when npm failed. */
export function installDependencies(folder?: string): boolean;
