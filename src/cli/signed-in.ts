import type { Connection } from '../auth/connect.ts';
import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import type { TenantConnection } from '../protocol/tenant.ts';
import { personAtTerminal } from './person.ts';

/** Signs in, telling a person what they have to do, and leaves the tenant when the work is done. */
export async function signedIn<T>(
  tenant: TenantConnection,
  tell: (text: string) => void,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connector = new Connector(systemClock);
  try {
    return await work(await connector.connect(tenant, async () => null, personAtTerminal(tell)));
  } finally {
    await connector.close();
  }
}
