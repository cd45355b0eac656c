import type { SimulatedUser } from '../objects.ts';
import { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { SignInAppName } from './apps.ts';
import type { SessionDraft, Sessions } from './sessions.ts';
import { makeDevice, places } from './surroundings.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Everyday life: so many hours ago they signed in to these. */
const everyday: readonly (readonly [SignInAppName, number])[][] = [
  [
    ['outlook', 30],
    ['teams', 8],
    ['customers', 7],
  ],
  [
    ['outlookWeb', 3],
    ['sharePoint', 2.5],
  ],
  [
    ['outlook', 50],
    ['ledger', 5],
    ['travel', 20],
  ],
  [
    ['teams', 26],
    ['timesheets', 4],
    ['outlookMobile', 70],
  ],
];

/**
 * The sessions that the people of a rehearsal have, by user: everyday work in Sales and Contractors, administrators in
 * Azure's portal, and Megan Bowen, in whose mailbox somebody from abroad reads along and comes back if nothing but the
 * sessions is ended.
 */
export function castSessions(
  { users, personas, groups }: World,
  seed: number,
  startedAt: number,
): Map<string, (sessions: Sessions) => void> {
  const random = new Random(seed, 'cast sessions');
  const contractors = groups.find(group => group.displayName === 'Contractors')?.memberIds ?? [];
  const administrators = new Set([...personas.values()].filter(user => user.roles.length > 0));
  const workers = users.filter(
    user => user.accountEnabled && (user.department === 'Sales' || contractors.includes(user.id)),
  );
  const made = new Map<string, SessionDraft[]>();
  const add = (
    user: SimulatedUser,
    draft: Omit<SessionDraft, 'user' | 'startedAt'>,
    hoursAgo: number,
  ): void => {
    // Nobody's session is older than the time from which the user's sessions are valid.
    const earliest = Date.parse(user.signInSessionsValidFromDateTime) + minuteMs;
    const begun = Math.max(earliest, startedAt - hoursAgo * hourMs);
    const drafts = made.get(user.id) ?? [];
    drafts.push({ ...draft, user: user.id, startedAt: Math.min(begun, startedAt) });
    made.set(user.id, drafts);
  };

  for (const user of [...workers, ...administrators]) {
    const apps = administrators.has(user)
      ? ([
          ['portal', 1.5],
          ['azureCli', 20],
          ['teams', 9],
        ] as const)
      : random.pick(everyday);
    const device = makeDevice(random, random.pick(['windows', 'windows', 'macOS']), true);
    const place = random.pick([places.office, places.home]);
    for (const [app, hours] of apps)
      add(
        user,
        { app, place, eagerness: 0, multiFactor: true, ...(app !== 'outlookMobile' && { device }) },
        hours + random.next(),
      );
  }

  for (const user of users.filter(one => one.mailNickname === 'meganb')) {
    add(
      user,
      {
        app: 'outlookWeb',
        device: makeDevice(random, 'linux', false),
        place: places.abroad,
        authentication: 'password',
        multiFactor: false,
        kept: true,
        everyMs: 0.2 * minuteMs,
        eagerness: 0.02,
        risk: 'high',
        stolenAt: startedAt - 6 * hourMs,
        returnsAfterMs: 40_000,
      },
      2.2,
    );
  }
  // Somebody who signs in again as usual, and should not be taken for the one abroad.
  for (const draft of users
    .filter(one => one.mailNickname === 'adelev')
    .flatMap(user => made.get(user.id) ?? [])
    .slice(0, 1))
    Object.assign(draft, { everyMs: 0.5 * minuteMs, returnsAfterMs: 60_000 });

  return new Map(
    [...made].map(([userId, drafts]) => [
      userId,
      (sessions: Sessions): void => {
        for (const draft of drafts) sessions.open(draft);
      },
    ]),
  );
}
