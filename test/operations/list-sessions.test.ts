import { expect, test } from 'vitest';
import { listSessions } from '../../src/operations/list-sessions.ts';
import { simulatedReading } from '../support/simulated-reading.ts';

test('smoke', async () => {
  const s = await simulatedReading({ reportQuota: { limit: 5, windowSeconds: 10 } });
  const users = s.tenant.users.filter(u => u.userType === 'Member').slice(0, 50);
  for (const u of users) {
    s.tenant.addSignIn({ userId: u.id });
    s.tenant.addSignIn({
      userId: u.id,
      isInteractive: false,
      authenticationProcessingDetails: [{ key: 'Is CAE Token', value: 'True' }],
    });
  }
  await s.clock.sleep(3 * 3600_000);
  const r = await listSessions({ users: users.map(u => ({ text: u.id })) }, s.reading);
  console.log(
    r.sessions.slice(0, 3),
    r.warnings,
    r.sessions.length,
    s.asked().map(p => p.slice(0, 200)),
    s.putOff(),
  );
  expect(r.unresolved).toEqual([]);
});
