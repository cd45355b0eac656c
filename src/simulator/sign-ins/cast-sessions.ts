import type { SimulatedUser } from '../objects.ts';
import { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { SignInAppName } from './apps.ts';
import type { SessionDraft, Sessions } from './sessions.ts';
import { makeDevice, places } from './surroundings.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What somebody uses, and how many hours ago they signed in there. */
type Habit = readonly (readonly [app: SignInAppName, hoursAgo: number])[];

const everyday: readonly Habit[] = [
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
const administration: Habit = [
  ['portal', 1.5],
  ['azureCli', 20],
  ['teams', 9],
];

/**
 * What happened before somebody rehearses, by user: everyday work in Sales and among contractors, administrators in
 * Azure's portal, somebody abroad who reads along in Megan Bowen's mailbox and comes back if only the sessions are ended,
 * and somebody who tries the password of Diego Siciliani, whose account is disabled.
 */
export function castSessions(
  { users, personas, groups }: World,
  seed: number,
  startedAt: number,
): Map<string, (sessions: Sessions) => void> {
  const random = new Random(seed, 'cast sessions');
  const contractors = groups.find(group => group.displayName === 'Contractors')?.memberIds ?? [];
  const administrators = [...personas.values()].filter(user => user.roles.length > 0);
  const workers = users.filter(
    user => user.accountEnabled && (user.department === 'Sales' || contractors.includes(user.id)),
  );
  const named = (name: string): SimulatedUser[] => users.filter(user => user.mailNickname === name);
  const ago = (hours: number): number => startedAt - hours * hourMs;

  const drafts = [
    ...workers.flatMap(user => workOf(user, random.pick(everyday), random, ago)),
    ...administrators.flatMap(user => workOf(user, administration, random, ago)),
    ...named('meganb').map(user => stranger(user, random, ago)),
  ];
  // Somebody who is soon back as usual, and is not to be taken for the one abroad.
  const back = drafts.find(({ user }) => named('adelev').some(one => one.id === user));
  if (back) Object.assign(back, { everyMs: minuteMs / 2, returnsAfterMs: minuteMs });

  const happened = new Map<string, ((sessions: Sessions) => void)[]>();
  const add = (user: string, act: (sessions: Sessions) => void): void =>
    void happened.set(user, [...(happened.get(user) ?? []), act]);
  for (const draft of drafts) add(draft.user, sessions => void sessions.open(draft));
  for (const user of named('diegos')) {
    for (const hours of [9.1, 5.4, 0.6])
      add(user.id, sessions =>
        sessions.tryToSignIn(
          { user: user.id, app: 'imap', place: places.abroad, startedAt: ago(hours) },
          50057,
        ),
      );
  }
  return new Map([...happened].map(([user, acts]) => [user, sessions => acts.forEach(act => act(sessions))]));
}

/** Nobody's session is older than the time from which the user's sessions are valid. */
const sinceValid = (user: SimulatedUser, at: number): number =>
  Math.max(at, Date.parse(user.signInSessionsValidFromDateTime) + minuteMs);

function workOf(
  user: SimulatedUser,
  habit: Habit,
  random: Random,
  ago: (hours: number) => number,
): SessionDraft[] {
  const device = makeDevice(random, random.pick(['windows', 'windows', 'macOS']), true);
  const place = random.pick([places.office, places.home]);
  return habit.map(([app, hours]) => ({
    user: user.id,
    app,
    place,
    // A phone is another device.
    ...(app !== 'outlookMobile' && { device }),
    eagerness: 0,
    multiFactor: true,
    startedAt: sinceValid(user, ago(hours + random.next())),
  }));
}

const stranger = (user: SimulatedUser, random: Random, ago: (hours: number) => number): SessionDraft => ({
  user: user.id,
  app: 'outlookWeb',
  device: makeDevice(random, 'linux', false),
  place: places.abroad,
  authentication: 'password',
  multiFactor: false,
  kept: true,
  everyMs: minuteMs / 2,
  eagerness: 0.5,
  risk: 'high',
  stolenAt: ago(6),
  returnsAfterMs: 40_000,
  startedAt: sinceValid(user, ago(2.2)),
});
