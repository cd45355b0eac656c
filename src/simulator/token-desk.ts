import type { Directory } from './directory.ts';
import type { AppRegistry } from './login/app-registry.ts';
import { permissionsOf } from './personas.ts';
import { ordinaryMemberTemplate, templateId } from './roles.ts';
import { graphAudience, type TokenIssuer, type TokenOptions } from './tokens.ts';
import type { World } from './world.ts';

const lifetimeSeconds = 3900;

/** Makes tokens for personas: looks up who they are, and lets the caller bend any of it. */
export class TokenDesk {
  readonly #world: World;
  readonly #directory: Directory;
  readonly #issuer: TokenIssuer;
  readonly #apps: AppRegistry;

  constructor(world: World, directory: Directory, issuer: TokenIssuer, apps: AppRegistry) {
    this.#world = world;
    this.#directory = directory;
    this.#issuer = issuer;
    this.#apps = apps;
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
      const { appId, displayName, servicePrincipalId } = this.#apps.confidential;
      return this.#issuer.issue(
        { ...common, appOnly, objectId: servicePrincipalId, appId, name: displayName, roleTemplateIds },
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
        objectId: user?.id ?? options.userId ?? this.#apps.confidential.servicePrincipalId,
        appId: this.#apps.public.appId,
        upn: user?.userPrincipalName,
        name: user?.displayName ?? 'Somebody Else',
        roleTemplateIds: [...roles.map(templateId), ordinaryMemberTemplate],
      },
      now,
    );
  }
}
