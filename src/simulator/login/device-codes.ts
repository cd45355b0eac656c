import type { SimulatedUser } from '../objects.ts';
import { Random } from '../random.ts';

export interface DeviceCodeOptions {
  /** How long a code can be entered. Default 900. */
  lifetimeSeconds?: number;
  /** How often a client is told to ask. Default 5. */
  intervalSeconds?: number;
}

/** A code that waits to be entered. */
export interface DeviceCode {
  readonly deviceCode: string;
  /** What the person types. */
  readonly userCode: string;
  readonly appId: string;
  readonly scope: string;
  readonly expiresAt: number;
  state: 'waiting' | 'approved' | 'declined' | 'redeemed';
  /** Who entered it. */
  user?: SimulatedUser;
}

/** Letters and digits that nobody takes for one another. */
const symbols = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** The codes of the device flow. */
export class DeviceCodes {
  readonly lifetimeSeconds: number;
  readonly intervalSeconds: number;
  readonly #random: Random;
  readonly #codes: DeviceCode[] = [];

  constructor(seed: number, options: DeviceCodeOptions = {}) {
    this.lifetimeSeconds = options.lifetimeSeconds ?? 900;
    this.intervalSeconds = options.intervalSeconds ?? 5;
    this.#random = new Random(seed, 'device codes');
  }

  issue(appId: string, scope: string, now: number): DeviceCode {
    const code: DeviceCode = {
      deviceCode: `simulated-${this.#random.guid()}${this.#random.guid()}`,
      userCode: Array.from({ length: 9 }, () => symbols.charAt(this.#random.below(symbols.length))).join(''),
      appId,
      scope,
      expiresAt: now + this.lifetimeSeconds * 1000,
      state: 'waiting',
    };
    this.#codes.push(code);
    return code;
  }

  byDeviceCode(text: string): DeviceCode | undefined {
    return this.#codes.find(code => code.deviceCode === text);
  }

  /** The code a person may still enter; case and blanks do not matter. */
  waiting(userCode: string, now: number): DeviceCode | undefined {
    const typed = userCode.replace(/\s/g, '').toUpperCase();
    return this.#codes.find(
      code => code.userCode === typed && code.state === 'waiting' && code.expiresAt > now,
    );
  }

  /** False when there is no such code that waits. */
  approve(userCode: string, user: SimulatedUser, now: number): boolean {
    const code = this.waiting(userCode, now);
    if (!code) return false;
    code.state = 'approved';
    code.user = user;
    return true;
  }
}
