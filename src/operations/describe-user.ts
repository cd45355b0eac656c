import type { Directory } from '../graph/directory.ts';
import type { UserDescribeResult } from '../protocol/messages.ts';
import type { UserReference } from '../protocol/reference.ts';
import { resolveUser } from './resolve-user.ts';
import type { Settlement, Subject } from './row.ts';

/** Says who a reference is, as a person would: for `-WhatIf` and `-Confirm`. It reads and never writes. */
export async function describeUser(
  reference: UserReference,
  directory: Directory,
  signal?: AbortSignal,
): Promise<UserDescribeResult> {
  const found = await resolveUser(reference, directory, signal);
  if (found.kind === 'ended')
    return described(found.subject, `${nameOf(found.subject)}: ${problem(found.end)}`);
  if (found.kind === 'notSignedIn') return described(found.subject, nameOf(found.subject));
  const { subject } = found;
  if (subject.user || !subject.id) return described(subject, nameOf(subject));

  const read = await directory.read(subject.id, signal);
  if (read.kind === 'user') {
    const known = { ...subject, user: read.user };
    return described(known, nameOf(known));
  }
  const gone = read.kind === 'notFound' ? ': no user of this tenant has this id' : '';
  return described(subject, `${nameOf(subject)}${gone}`);
}

function nameOf({ user, hints, reference }: Subject): string {
  const upn = user?.userPrincipalName ?? hints.userPrincipalName;
  const name = user?.displayName ?? hints.displayName;
  const who = name && upn && name !== upn ? `${name} (${upn})` : (name ?? upn ?? reference);
  const traits = [
    user?.external && 'external, no effect',
    user?.accountEnabled === false && 'disabled',
  ].filter(Boolean);
  return traits.length > 0 ? `${who} [${traits.join(', ')}]` : who;
}

const problem = ({ outcome, detail }: Settlement): string =>
  `would end as ${outcome}. ${detail ?? ''}`.trim();

function described({ id, user, hints }: Subject, text: string): UserDescribeResult {
  return {
    text,
    userId: user?.id ?? id,
    userPrincipalName: user?.userPrincipalName ?? hints.userPrincipalName,
    displayName: user?.displayName ?? hints.displayName,
  };
}
