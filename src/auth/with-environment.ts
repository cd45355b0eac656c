/** Runs something with other environment variables, and puts back what was; undefined takes one away. */
export function withEnvironment<T>(variables: Record<string, string | undefined>, run: () => T): T {
  const before = Object.fromEntries(Object.keys(variables).map(name => [name, process.env[name]]));
  apply(variables);
  try {
    return run();
  } finally {
    apply(before);
  }
}

function apply(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
