import type { Directory, DirectoryUser } from '../graph/directory.ts';
import { isExternal } from '../graph/directory.ts';
import { RequestError } from '../protocol/errors.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { UnresolvedUser } from '../protocol/session.ts';
import { harmless } from './harmless.ts';
import { resolveUser } from './resolve-user.ts';

/** A user who was named, and what the directory tells. */
export interface NamedUser {
  reference: string;
  id: string;
  userPrincipalName: string | null;
  displayName: string | null;
  external: boolean;
  /** Null where users can't be read. */
  user: DirectoryUser | null;
}

type Found =
  { kind: 'user'; user: NamedUsers['users'][number] } | { kind: 'unresolved'; unresolved: UnresolvedUser };

export interface NamedUsers {
  /** Each once, in the order in which they were named. */
  users: (NamedUser & {
    /** The place among those who were named. */
    index: number;
  })[];
  unresolved: UnresolvedUser[];
}

/**
 * Finds everybody who was named.
 * @throws RequestError NotSignedIn
 */
export async function resolveUsers(
  references: readonly UserReference[],
  directory: Directory,
  signal?: AbortSignal,
): Promise<NamedUsers> {
  const found = await Promise.all(
    references.map((reference, index) => resolve(reference, index, directory, signal)),
  );
  const byId = new Map<string, NamedUsers['users'][number]>();
  for (const one of found) if (one.kind === 'user' && !byId.has(one.user.id)) byId.set(one.user.id, one.user);
  return {
    users: [...byId.values()],
    unresolved: found.flatMap(one => (one.kind === 'unresolved' ? [one.unresolved] : [])),
  };
}

async function resolve(
  reference: UserReference,
  index: number,
  directory: Directory,
  signal?: AbortSignal,
): Promise<Found> {
  const found = await resolveUser(reference, directory, signal);
  const { subject } = found;
  const failed = (outcome: UnresolvedUser['outcome'], detail: string): Found => ({
    kind: 'unresolved',
    unresolved: { index, reference: harmless(subject.reference), outcome, detail: harmless(detail) },
  });
  if (found.kind === 'notSignedIn') throw notSignedIn(found.why);
  if (found.kind === 'ended') {
    const { outcome, detail } = found.end;
    return failed(isUnresolved(outcome) ? outcome : 'Failed', detail ?? 'The reading was stopped.');
  }
  const named = (user: DirectoryUser | null, id: string): Found => ({
    kind: 'user',
    user: {
      index,
      reference: subject.reference,
      id,
      userPrincipalName: user?.userPrincipalName ?? subject.hints.userPrincipalName,
      displayName: user?.displayName ?? subject.hints.displayName,
      external: user?.external ?? isExternal(subject.hints.userPrincipalName),
      user,
    },
  });
  if (subject.user) return named(subject.user, subject.user.id);
  if (subject.id === null)
    return failed(
      'Failed',
      'Users can not be looked up by name: the sign-in lacks the permission User.Read.All.',
    );
  const read = await directory.read(subject.id, signal);
  switch (read.kind) {
    case 'user':
      return named(read.user, subject.id);
    case 'denied':
      return named(null, subject.id);
    case 'notSignedIn':
      throw notSignedIn(read.why);
    case 'notFound':
      return failed('NotFound', 'No user of this tenant has this id. Check that this is the right tenant.');
    case 'cancelled':
      return failed('Failed', 'The reading was stopped.');
    case 'failed':
      return failed('Failed', `The user could not be looked up: ${read.why}.`);
  }
}

const isUnresolved = (outcome: string): outcome is UnresolvedUser['outcome'] =>
  ['NotFound', 'InvalidReference', 'NotAUser', 'Failed'].includes(outcome);

export const notSignedIn = (why: string): RequestError =>
  new RequestError('NotSignedIn', `Graph refuses your sign-in (${why}). Sign in again.`);
