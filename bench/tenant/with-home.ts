import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Works in a tenant, with a folder of its own for the records; afterwards neither is there any more. */
export async function withHome<T>(
  tenant: { close(): Promise<void> },
  work: (home: string) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'usersession-bench-'));
  try {
    return await work(home);
  } finally {
    await tenant.close();
    rmSync(home, { recursive: true, force: true });
  }
}
