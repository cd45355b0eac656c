import { graphAudience } from '../tokens.ts';
import type { LoginCall, LoginRealm } from './login-call.ts';
import { refusals } from './refusals.ts';

const graphAppId = '00000003-0000-0000-c000-000000000000';
/** What asks for things about the person rather than for access to a resource. */
const aboutThePerson = ['openid', 'profile', 'offline_access', 'email'];

/** What a request asks access to: always Graph, since nothing else is there. */
export interface RequestedScopes {
  /** As sent. */
  readonly all: readonly string[];
  /** Permissions asked for by name. */
  readonly names: readonly string[];
  /** Everything that was consented is asked for. */
  readonly everything: boolean;
}

/** Throws Entra's refusal for a resource that is not Graph; the simulated Graph may be named by its own address. */
export function requestedScopes(text: string, call: LoginCall, realm: LoginRealm): RequestedScopes {
  const all = text.split(/[\s+]+/).filter(scope => scope !== '');
  if (all.length === 0) throw refusals.badScope(text);
  const scopes = all.filter(scope => !aboutThePerson.includes(scope)).map(takeApart);
  for (const { resource } of scopes) if (resource !== undefined) checkResource(resource, call.origin, realm);
  return {
    all,
    names: scopes.filter(scope => scope.name !== '.default').map(scope => scope.name),
    everything: scopes.some(scope => scope.name === '.default'),
  };
}

export function checkResource(resource: string, origin: string, realm: LoginRealm): void {
  const known = [graphAudience, graphAppId, origin].includes(resource.replace(/\/+$/, ''));
  if (!known) throw refusals.resourceNotFound(resource, realm.world.domain);
}

function takeApart(scope: string): { resource?: string; name: string } {
  const slash = scope.lastIndexOf('/');
  return slash < 0 ? { name: scope } : { resource: scope.slice(0, slash), name: scope.slice(slash + 1) };
}
