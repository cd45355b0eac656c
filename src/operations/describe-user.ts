import type { Directory } from '../graph/directory.ts';
import { longestName, shortened } from '../graph/shortened.ts';
import { RequestError } from '../protocol/errors.ts';
import type { UserDescribeResult } from '../protocol/messages.ts';
import type { UserReference } from '../protocol/reference.ts';
import { harmless } from './harmless.ts';
import { resolveUser } from './resolve-user.ts';
import type { Subject } from './row.ts';

/**
 * Says who a reference is, as a person would: for `-WhatIf` and `-Confirm`. It reads and never writes. `spared` tells in
 * a few words why somebody would be left alone, or null.
 */
export async function describeUser(
  reference: UserReference,
  directory: Directory,
  spared: (subject: Subject) => string | null,
  signal?: AbortSignal,
): Promise<UserDescribeResult> {
  const found = await resolveUser(reference, directory, signal);
  const { subject } = found;
  if (found.kind === 'ended') return described(subject, [`would end as ${found.end.outcome}`]);
  if (found.kind === 'notSignedIn') {
    throw new RequestError('NotSignedIn', `Graph refuses your sign-in (${found.why}). Sign in again.`);
  }
  const known = subject.user || !subject.id ? subject : await lookUp(subject, directory, signal);
  if (known === null) return described(subject, ['would end as NotFound']);
  const { user } = known;
  const traits = [
    spared(known),
    user?.external ? 'external, no effect' : null,
    user?.accountEnabled === false ? 'disabled' : null,
  ];
  return described(known, traits);
}

/** The subject with what the directory knows; null when nobody has this id. */
async function lookUp(subject: Subject, directory: Directory, signal?: AbortSignal): Promise<Subject | null> {
  const read = await directory.read(subject.id ?? '', signal);
  if (read.kind === 'notSignedIn')
    throw new RequestError('NotSignedIn', `Graph refuses your sign-in (${read.why}). Sign in again.`);
  if (read.kind === 'notFound') return null;
  return read.kind === 'user' ? { ...subject, user: read.user } : subject;
}

function described({ id, user, hints, reference }: Subject, traits: (string | null)[]): UserDescribeResult {
  const userPrincipalName = user?.userPrincipalName ?? hints.userPrincipalName;
  const displayName = user?.displayName ?? (hints.displayName && shortened(hints.displayName, longestName));
  const both = displayName && userPrincipalName && displayName !== userPrincipalName;
  const who = both
    ? `${displayName} (${userPrincipalName})`
    : (displayName ?? userPrincipalName ?? shortened(reference, longestName));
  const told = traits.filter(t => t !== null);
  const text = told.length > 0 ? `${who} [${told.join('; ')}]` : who;
  return { text: harmless(text), userId: user?.id ?? id, userPrincipalName, displayName };
}
