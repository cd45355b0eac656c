import { X509Certificate } from 'node:crypto';
import { permissionsOf } from '../personas.ts';
import { Random } from '../random.ts';
import { publicKey } from './public-key.ts';
import type { AppRegistration, ManagedIdentity, RegisteredApp } from './app-registration.ts';

/** Names of people here are read, too, so that a rehearsal can say what a refusal takes. */
const signInPermissions = [...permissionsOf.userAdministrator, 'RoleManagement.Read.Directory'];

/** The applications of the tenant: two that are always there, and what was registered besides. */
export class AppRegistry {
  /** Acts by itself: has a client secret. */
  readonly confidential: RegisteredApp;
  /** People sign in with it: device code and browser. */
  readonly public: RegisteredApp;
  /** One that belongs to the machine, and one that was assigned. */
  readonly managedIdentities: readonly ManagedIdentity[];
  /** What App Service gives its processes to show that they are its own. */
  readonly identityHeader: string;
  readonly #random: Random;
  readonly #apps = new Map<string, RegisteredApp>();

  constructor(seed: number, registrations: readonly AppRegistration[]) {
    const random = new Random(seed, 'applications');
    const clientId = random.guid();
    const appId = random.guid();
    const servicePrincipalId = random.guid();
    this.#random = random;
    this.public = this.register({
      appId: clientId,
      displayName: 'Microsoft Graph Command Line Tools',
      permissions: signInPermissions,
    });
    this.confidential = this.register(
      {
        appId,
        displayName: 'usersession-nightly',
        secrets: [{ value: `simulated~${random.guid()}` }],
        permissions: permissionsOf.app,
      },
      servicePrincipalId,
    );
    this.managedIdentities = (['system', 'user'] as const).map(kind => ({
      kind,
      clientId: random.guid(),
      objectId: random.guid(),
      permissions: permissionsOf.app,
      ...(kind === 'user' && {
        resourceId: `/subscriptions/${random.guid()}/resourcegroups/simulated/providers/Microsoft.ManagedIdentity/userAssignedIdentities/usersession`,
      }),
    }));
    this.identityHeader = random.guid();
    for (const registration of registrations) this.register(registration);
  }

  /** Adds an application, or puts another in the place of the one with this id. Throws on a key that is none. */
  register(registration: AppRegistration, servicePrincipalId = this.#random.guid()): RegisteredApp {
    const { secrets = [], certificates = [], federated = [] } = registration;
    for (const pem of certificates) new X509Certificate(pem);
    for (const { keys } of federated) keys.forEach(publicKey);
    const app: RegisteredApp = {
      displayName: 'Registered app',
      permissions: [],
      roles: [],
      redirectUris: ['http://localhost'],
      publicClient: secrets.length + certificates.length + federated.length === 0,
      consented: true,
      disabled: false,
      cloud: 'Public',
      ...registration,
      appId: registration.appId ?? this.#random.guid(),
      secrets,
      certificates,
      federated,
      servicePrincipalId,
    };
    this.#apps.set(app.appId.toLowerCase(), app);
    return app;
  }

  find(appId: string): RegisteredApp | undefined {
    return this.#apps.get(appId.toLowerCase());
  }
}
