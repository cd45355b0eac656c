import type { SimulatedUser } from '../objects.ts';
import type { Random } from '../random.ts';
import { signInApps, type SignInApp } from './apps.ts';
import type { SessionPlan } from './session-plan.ts';
import type { SessionDraft } from './sessions.ts';
import { type ClientDevice, makeDevice, places } from './surroundings.ts';

const minuteMs = 60_000;

/** Fills in what a draft leaves open: any app, device, place and habit. */
export function drawPlan(random: Random, user: SimulatedUser, draft: SessionDraft, now: number): SessionPlan {
  const app: SignInApp =
    typeof draft.app === 'object' ? draft.app : signInApps[draft.app ?? random.pick(names)];
  const handheld = random.pick(['iOS', 'android'] as const);
  const desk = random.pick(['windows', 'windows', 'macOS', 'linux'] as const);
  const mobile = app.name === 'Outlook Mobile' || random.below(4) === 0;
  const device: ClientDevice = makeDevice(random, mobile ? handheld : desk, random.below(3) > 0);
  const drawn: SessionPlan = {
    user,
    app,
    device,
    place: random.pick([places.office, places.office, places.home, places.train]),
    startedAt: now,
    continuousAccess: app.continuousAccess && random.below(5) > 0,
    authentication: random.below(4) === 0 ? 'passwordless' : 'password',
    multiFactor: random.below(3) > 0,
    kept: random.below(2) === 0,
    everyMs: random.pick([5, 20, 60]) * minuteMs,
    eagerness: random.pick([0, 0.1, 0.5]),
    usedUntil: Infinity,
    risk: 'none',
  };
  return { ...drawn, ...draft, app, user };
}

const names = Object.keys(signInApps).filter(name => name !== 'imap') as (keyof typeof signInApps)[];
