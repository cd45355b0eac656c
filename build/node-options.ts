/**
 * What Node is started with for the engine. By itself it takes 128 MiB for new objects where many live for a second, as
 * users of a run do, and of a machine's memory whatever is there. Compiled code that is kept stays valid with it.
 */
export const nodeOptions: readonly string[] = ['--max-semi-space-size=8'];
