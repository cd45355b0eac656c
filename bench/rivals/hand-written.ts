import { fileURLToPath } from 'node:url';
import { run } from '../child.ts';
import type { InstantTenant } from '../tenant/instant-tenant.ts';
import { timed, type Timed } from './timed.ts';

const program = fileURLToPath(new URL('hand-written.mjs', import.meta.url));

/** hand-written.mjs with so many batches on the way. */
export const handWritten =
  (tenant: InstantTenant, users: readonly string[], inFlight: number, proof: boolean) => (): Promise<Timed> =>
    timed(tenant, users.length, () =>
      run(process.execPath, [program, `--in-flight=${inFlight}`, ...(proof ? ['--proof'] : [])], {
        env: { ...process.env, GRAPH_URL: tenant.url, TOKEN: tenant.token },
        input: users.join('\n'),
      }),
    );

/** Tries some numbers of batches on the way, and gives the one that was done first. */
export async function bestInFlight(
  tenant: InstantTenant,
  users: readonly string[],
  proof: boolean,
): Promise<number> {
  const tried: { inFlight: number; ms: number }[] = [];
  // The first one only warms up what can be warm.
  for (const inFlight of [8, 8, 16, 25, 50]) {
    const { lastWrite, lastProof } = await handWritten(tenant, users, inFlight, proof)();
    tried.push({ inFlight, ms: lastProof ?? lastWrite });
  }
  return tried.slice(1).reduce((best, one) => (one.ms < best.ms ? one : best)).inFlight;
}
