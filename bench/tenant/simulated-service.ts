import { SimulatedServer } from '../../src/simulator/simulated-server.ts';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { microsoftNames, type SimulatedServiceAbout } from './tls-tenant.ts';

const tenant = new SimulatedTenant();
const server = await SimulatedServer.start(tenant, { tls: true, names: microsoftNames });
const { confidential } = tenant.apps;
const about: SimulatedServiceAbout = {
  port: Number(new URL(server.url).port),
  caCertificate: server.caCertificate ?? '',
  tenantId: tenant.tenantId,
  clientId: confidential.appId,
  clientSecret: confidential.secrets[0]?.value ?? '',
  token: tenant.issueToken('app'),
  member: tenant.users.find(user => user.userType === 'Member' && user.accountEnabled)?.id ?? '',
};
process.send?.(about);
// Whoever sends anything is told what has been revoked so far.
process.on('message', () => process.send?.(tenant.record));
process.on('disconnect', () => process.exit());
