import type { Directory } from './directory.ts';
import { permissionsOf } from './personas.ts';
import { Random } from './random.ts';
import { ordinaryMemberTemplate, roleTemplates } from './roles.ts';
import { graphAudience, type TokenIssuer, type TokenOptions } from './tokens.ts';
import type { World } from './world.ts';

const lifetimeSeconds = 3900;

/** Makes tokens for personas: looks up who they are, and lets the caller bend any of it. */
export class TokenDesk {
  readonly #world: World;
  readonly #directory: Directory;
  readonly #issuer: TokenIssuer;
  /** The application that people sign in with, the one that acts by itself, and that one's service principal. */
  readonly #clientId: string;
  readonly #appId: string;
  readonly #servicePrincipalId: string;

  constructor(seed: number, world: World, directory: Directory, issuer: TokenIssuer) {
    const random = new Random(seed, 'applications');
    this.#world = world;
    this.#directory = directory;
    this.#issuer = issuer;
    this.#clientId = random.guid();
    this.#appId = random.guid();
    this.#servicePrincipalId = random.guid();
  }

  issue(options: TokenOptions, now: number): string {
    const persona = options.persona ?? 'userAdministrator';
    const appOnly = options.appOnly ?? persona === 'app';
    const common = {
      permissions: options.permissions ?? permissionsOf[persona],
      lifetimeSeconds: options.lifetimeSeconds ?? lifetimeSeconds,
      continuousAccess: options.continuousAccess ?? true,
      audience: options.audience ?? graphAudience,
    };
    if (appOnly) {
      const roleTemplateIds = (options.roles ?? []).map(templateId);
      const objectId = this.#servicePrincipalId;
      return this.#issuer.issue(
        { ...common, appOnly, objectId, appId: this.#appId, name: 'usersession-nightly', roleTemplateIds },
        now,
      );
    }
    const user =
      options.userId === undefined ? this.#world.personas.get(persona) : this.#directory.user(options.userId);
    const roles = options.roles ?? (user ? this.#directory.rolesOf(user) : []);
    return this.#issuer.issue(
      {
        ...common,
        appOnly,
        objectId: user?.id ?? options.userId ?? this.#servicePrincipalId,
        appId: this.#clientId,
        upn: user?.userPrincipalName,
        name: user?.displayName ?? 'Somebody Else',
        roleTemplateIds: [...roles.map(templateId), ordinaryMemberTemplate],
      },
      now,
    );
  }
}

function templateId(role: string): string {
  const id = roleTemplates[role];
  if (id === undefined) throw new RangeError(`There is no directory role '${role}'.`);
  return id;
}
