import type { ConditionalAccessPolicy, PolicyUsers } from '../graph/conditional-access.ts';
import { roleNames } from '../graph/roles.ts';

/** To whom a policy applies, for a person. */
export function usersInWords({ include, exclude }: ConditionalAccessPolicy): string {
  const included = include.users.includes('all') ? 'all users' : listed(include) || 'nobody';
  const excluded = listed(exclude);
  return excluded ? `${included} except ${excluded}` : included;
}

function listed({ users, groups, roles, guestKinds }: PolicyUsers): string {
  const ids = users.filter(id => id !== 'none' && id !== 'guestsorexternalusers');
  return [
    counted(ids.length, 'user'),
    counted(groups.length, 'group'),
    roles.length > 0
      ? `roles ${roleNames(roles).slice(0, 4).join(', ')}${roles.length > 4 ? ', ...' : ''}`
      : '',
    guestKinds.length > 0 || users.includes('guestsorexternalusers') ? 'guests or external users' : '',
  ]
    .filter(Boolean)
    .join(' and ');
}

const counted = (count: number, what: string): string =>
  count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;

/** To what it applies. */
export function appsInWords({ apps }: ConditionalAccessPolicy): string {
  if (apps.otherwise) return 'user actions, authentication contexts or filtered apps';
  const included = apps.include.includes('all') ? 'all apps' : named(apps.include) || 'no app';
  const excluded = named(apps.exclude);
  return excluded ? `${included} except ${excluded}` : included;
}

function named(ids: readonly string[]): string {
  const bundles = ids.flatMap(id => bundleNames[id] ?? []);
  const apps = ids.filter(id => /^[0-9a-f-]{36}$/.test(id)).length;
  return [...bundles, counted(apps, 'app')].filter(Boolean).join(' and ');
}

const bundleNames: Readonly<Record<string, string>> = {
  office365: 'Office 365',
  microsoftadminportals: 'Microsoft admin portals',
};

/** When it applies; empty for always. */
export function conditionsInWords({ conditions, clientAppTypes }: ConditionalAccessPolicy): string {
  const clients =
    clientAppTypes.length === 0 || clientAppTypes.includes('all') ? [] : [clientAppTypes.join(', ')];
  const rest = conditions.length > 0 ? [`depends on ${conditions.join(', ')}`] : [];
  return [...clients, ...rest].join('; ');
}
