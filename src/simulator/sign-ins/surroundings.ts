import type { Random } from '../random.ts';
import type { SignInDevice, SignInLocation } from './sign-in-entry.ts';

/** Where somebody signs in from. */
export interface Place {
  readonly ipAddress: string;
  readonly location: SignInLocation;
  /** In a named location that the tenant trusts. */
  readonly trusted: boolean;
}

const place = (
  ipAddress: string,
  city: string,
  countryOrRegion: string,
  latitude: number,
  longitude: number,
  trusted = false,
): Place => ({
  ipAddress,
  location: { city, state: null, countryOrRegion, geoCoordinates: { latitude, longitude } },
  trusted,
});

/** Addresses are those that are kept for documentation. */
export const places = {
  office: place('198.51.100.24', 'Utrecht', 'NL', 52.09, 5.12, true),
  home: place('203.0.113.7', 'Amersfoort', 'NL', 52.16, 5.39),
  train: place('203.0.113.141', 'Zwolle', 'NL', 52.51, 6.09),
  abroad: place('192.0.2.66', 'Reykjavik', 'IS', 64.15, -21.94),
} as const;

/** Device and program that somebody signs in with; `platform` is what Conditional Access calls it. */
export interface ClientDevice {
  readonly detail: SignInDevice;
  readonly userAgent: string;
  readonly platform: 'windows' | 'macOS' | 'iOS' | 'android' | 'linux';
}

const systems = {
  windows: ['Windows10', 'Edge 139.0.0', 'Windows NT 10.0; Win64; x64'],
  macOS: ['MacOs', 'Safari 18.5', 'Macintosh; Intel Mac OS X 10_15_7'],
  iOS: ['Ios 18.6', 'Mobile Safari', 'iPhone; CPU iPhone OS 18_6 like Mac OS X'],
  android: ['Android 15', 'Chrome Mobile 139.0.0', 'Linux; Android 15'],
  linux: ['Linux', 'Firefox 141.0', 'X11; Linux x86_64'],
} as const;

/** A device of the tenant (`managed`), or one that nobody knows. */
export function makeDevice(
  random: Random,
  platform: ClientDevice['platform'],
  managed: boolean,
): ClientDevice {
  const [operatingSystem, browser, agent] = systems[platform];
  const number = String(1000 + random.below(9000));
  return {
    platform,
    userAgent: `Mozilla/5.0 (${agent})`,
    detail: {
      deviceId: managed ? random.guid() : '',
      displayName: managed
        ? `${platform === 'iOS' || platform === 'android' ? 'PHONE' : 'LAPTOP'}-${number}`
        : null,
      operatingSystem,
      browser,
      isCompliant: managed,
      isManaged: managed,
      trustType: managed ? 'Azure AD joined' : null,
    },
  };
}
