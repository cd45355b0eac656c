import type { Directory, UserRead } from '../graph/directory.ts';
import { type Identified, identify } from '../graph/user-reference.ts';
import type { UserReference } from '../protocol/reference.ts';
import type { Settlement, Subject } from './row.ts';

/** Who is meant, or the outcome of a reference that leads to no user. */
export type Resolution =
  | { kind: 'subject'; subject: Subject }
  | { kind: 'ended'; subject: Subject; end: Settlement }
  /** Graph refuses the token: a matter of the run, not of this user. */
  | { kind: 'notSignedIn'; subject: Subject; why: string };

/**
 * Finds the user behind a reference. An object id is taken as it is; an address costs one read, since calls go to
 * object ids only (a UPN can change hands, and two names of one user must meet).
 */
export function resolveUser(
  reference: UserReference,
  directory: Directory,
  signal?: AbortSignal,
): Resolution | Promise<Resolution> {
  const who = identify(reference);
  const subject: Subject = {
    reference: who.text,
    id: who.kind === 'id' || who.kind === 'notAUser' ? who.id : null,
    hints: who.hints,
    user: null,
    note: null,
  };
  if (who.kind === 'id') return { kind: 'subject', subject };
  if (who.kind === 'invalid') {
    return { kind: 'ended', subject, end: { outcome: 'InvalidReference', detail: capital(`${who.why}.`) } };
  }
  if (who.kind === 'notAUser') return { kind: 'ended', subject, end: notAUser(who) };
  return lookUp(who.address, subject, directory, signal);
}

async function lookUp(
  address: string,
  subject: Subject,
  directory: Directory,
  signal?: AbortSignal,
): Promise<Resolution> {
  const read = await directory.read(address, signal);
  if (read.kind === 'user') {
    return { kind: 'subject', subject: { ...subject, id: read.user.id, user: read.user } };
  }
  // Without the right to read users the call itself can still go to the UPN.
  if (read.kind === 'denied') return { kind: 'subject', subject };
  if (read.kind === 'notFound') return findByAddress(address, subject, directory, signal);
  return ended(read, subject);
}

async function findByAddress(
  address: string,
  subject: Subject,
  directory: Directory,
  signal?: AbortSignal,
): Promise<Resolution> {
  const nobody = `No user of this tenant has ${address} as user principal name`;
  const found = await directory.findByAddress(address, signal);
  if (found.kind === 'users') {
    const [user, ...others] = found.users;
    if (!user) {
      const detail = `${nobody} or mail address. Check the spelling, and that this is the right tenant.`;
      return { kind: 'ended', subject, end: { outcome: 'NotFound', detail } };
    }
    if (others.length === 0) {
      const note = `${address} is an address of ${user.userPrincipalName ?? user.id}.`;
      return { kind: 'subject', subject: { ...subject, id: user.id, user, note } };
    }
    const names = found.users.map(u => u.userPrincipalName ?? u.id).join(', ');
    const detail = `${address} is an address of several users (${names}). Name one of them by user principal name or object id.`;
    return { kind: 'ended', subject, end: { outcome: 'InvalidReference', detail } };
  }
  if (found.kind === 'cancelled' || found.kind === 'notSignedIn') return ended(found, subject);
  const why = 'why' in found ? found.why : 'not found';
  const detail = `${nobody}; its mail addresses could not be searched (${why}).`;
  return { kind: 'ended', subject, end: { outcome: 'NotFound', detail } };
}

function ended(read: Exclude<UserRead, { kind: 'user' }>, subject: Subject): Resolution {
  if (read.kind === 'notSignedIn') return { kind: 'notSignedIn', subject, why: read.why };
  if (read.kind === 'cancelled') return { kind: 'ended', subject, end: { outcome: 'Cancelled' } };
  const why = 'why' in read ? read.why : 'not found';
  const detail = `The user could not be looked up, so nothing was sent: ${why}. Run the same command again.`;
  return { kind: 'ended', subject, end: { outcome: 'Failed', detail } };
}

function notAUser(who: Extract<Identified, { kind: 'notAUser' }>): Settlement {
  if (who.type === 'group') {
    return {
      outcome: 'NotAUser',
      severity: 'warning',
      detail:
        'This is a group. Its members were not revoked: name it with -Group and -Transitive (--group, --transitive).',
    };
  }
  return {
    outcome: 'NotAUser',
    detail: `This is a ${nameOfType(who.type)}, which has no sign-in sessions of a user.`,
  };
}

const typeNames: Readonly<Record<string, string>> = {
  serviceprincipal: 'service principal',
  orgcontact: 'contact',
  contact: 'contact',
  device: 'device',
};

const nameOfType = (type: string): string => typeNames[type] ?? `${type} object`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
