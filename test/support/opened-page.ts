import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SignInStage } from './sign-in-stage.ts';

/** An `xdg-open` that opens nothing; what it was told, and its environment, are in files of the stage. */
export interface OpenedPage {
  /** A PATH on which it is found first. */
  path: string;
  /** The address, once it is asked to be opened. */
  url(): Promise<string>;
  /** Signs somebody in there, as a form is sent; returns where the browser is sent back to, after it went. */
  signIn(account: string): Promise<string>;
  environment(): string;
}

export function openedPage(stage: SignInStage): OpenedPage {
  const asked = join(stage.folder, 'opened');
  const environment = join(stage.folder, 'opened-environment');
  const path = stage.program(
    'xdg-open',
    `env > '${environment}'; printf %s "$1" > '${asked}.part' && mv '${asked}.part' '${asked}'`,
  );
  const url = async () => {
    while (!existsSync(asked)) await delay(20);
    return readFileSync(asked, 'utf8');
  };
  return {
    path,
    url,
    signIn: async account => {
      const body = new URLSearchParams({ account });
      const answer = await fetch(await url(), { method: 'POST', body, redirect: 'manual' });
      const back = answer.headers.get('location') ?? '';
      // Not further: the credential closes its server as soon as it has its token.
      await fetch(back, { redirect: 'manual' });
      return back;
    },
    environment: () => readFileSync(environment, 'utf8'),
  };
}
