import type { Directory } from '../graph/directory.ts';
import { ListFailure } from '../graph/pages.ts';
import { RequestError } from '../protocol/errors.ts';
import type { RunOptions } from '../protocol/messages.ts';
import { type Finding, oneGroup } from './find-users.ts';
import { resolveUser } from './resolve-user.ts';

/** Who must not be revoked, whoever names them: user id to the reason. */
export type Exclusions = ReadonlyMap<string, string>;

/**
 * Reads all exclusions before the first write. One that can't be read stops everything: the break-glass account that
 * was meant to be left alone must not go because its group was misspelled.
 * @throws RequestError ExclusionUnreadable
 */
export async function readExclusions(
  options: Pick<RunOptions, 'excludeUsers' | 'excludeGroups'>,
  finding: Finding,
  directory: Directory,
): Promise<Exclusions> {
  const excluded = new Map<string, string>();
  for (const reference of options.excludeUsers ?? []) {
    const found = await resolveUser(reference, directory);
    if (found.kind !== 'subject' || found.subject.id === null) {
      const why =
        found.kind === 'ended'
          ? found.end.detail
          : found.kind === 'notSignedIn'
            ? found.why
            : 'it could not be looked up';
      throw unreadable(`the user ${found.subject.reference}`, why ?? 'it could not be looked up');
    }
    const { id, user, reference: name } = found.subject;
    // An id that nobody has is a typo, and would protect nobody.
    if (user === null && (await directory.read(id)).kind === 'notFound') {
      throw unreadable(`the user ${name}`, 'No user of this tenant has this id.');
    }
    excluded.set(id, 'Excluded by name.');
  }
  for (const name of new Set(options.excludeGroups)) {
    try {
      const group = await oneGroup(name, finding);
      for (const { id } of await finding.groups.members(group, true)) {
        excluded.set(id, `Excluded as a member of ${group.displayName ?? group.id}.`);
      }
    } catch (error) {
      if (!(error instanceof ListFailure) && !(error instanceof RequestError)) throw error;
      throw unreadable(`the group "${name}"`, error.message);
    }
  }
  return excluded;
}

/** Groups that the administrator of this machine has put under protection for everybody who works on it. */
export const machineExclusions = (env: NodeJS.ProcessEnv): string[] =>
  (env['USERSESSION_EXCLUDE_GROUP'] ?? '')
    .split(';')
    .map(name => name.trim())
    .filter(name => name !== '');

const unreadable = (what: string, why: string): RequestError =>
  new RequestError(
    'ExclusionUnreadable',
    `The exclusion of ${what} can't be read, so nobody was revoked: ${why}`,
  );
