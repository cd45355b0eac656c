import type { Ended } from '../child.ts';
import type { InstantTenant } from '../tenant/instant-tenant.ts';

/** Milliseconds from the start of a program until something happened. */
export interface Timed {
  lastWrite: number;
  /** Arrival of the last read; null when nothing was read. */
  lastProof: number | null;
  /** The end of the program. */
  end: number;
}

/** Runs a program that revokes `users` people, and says when what arrived. @throws when others, or not all, arrived */
export async function timed(
  tenant: InstantTenant,
  users: number,
  program: () => Promise<Pick<Ended, 'startedAt' | 'ms'>>,
): Promise<Timed> {
  await tenant.marks();
  const { startedAt, ms } = await program();
  const { writes, lastWriteAt, lastReadAt } = await tenant.marks();
  if (lastWriteAt === null || writes !== users)
    throw new Error(`${writes} revocations of ${users} users arrived.`);
  return {
    lastWrite: lastWriteAt - startedAt,
    lastProof: lastReadAt === null ? null : lastReadAt - startedAt,
    end: ms,
  };
}
