/** The sentence for an answer with `status` that Graph did not write: who may have, and what to do. */
export function foreignAnswer(status: number, location: string | undefined): string {
  const who = `something between here and Graph (proxy, gateway) answered ${status}`;
  if (status < 400) return `${who}${hostOf(location)}: ${portal}`;
  if (status === 407) return `${who}: it wants a sign-in; set HTTPS_PROXY to http://user:password@proxy:8080`;
  return `${who}: if it blocks Graph, have it let through; docs/network.md lists the hosts`;
}

/** The sentence for a page where data should be. */
export const pageInstead = (): string =>
  `the answer is an HTML page, not JSON: something between here and Graph (proxy, captive portal) answered; ${portal}`;

const portal =
  'if this network has a sign-in page, sign in with a browser on this machine; else have Graph let through, docs/network.md lists the hosts';

function hostOf(location: string | undefined): string {
  const url = location === undefined ? null : URL.parse(location);
  return url ? ` and leads to ${url.host}` : '';
}
