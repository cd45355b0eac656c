import { ledgerResource } from '../policies/usual-policies.ts';

/** What an access token is for. */
export interface SignInResource {
  readonly id: string;
  readonly name: string;
  /** Ends tokens in near real time (graph-facts 5.1). */
  readonly continuousAccess: boolean;
  /** Belongs to the suite that Conditional Access calls Office365. */
  readonly office: boolean;
}

/** An application as people sign in with it. */
export interface SignInApp {
  readonly id: string;
  readonly name: string;
  /**
   * `native` and `spa` hold refresh tokens, a `browser` Entra's cookie, and a `webApp` a session of its own that Entra
   * began and can't end.
   */
  readonly client: 'native' | 'browser' | 'spa' | 'webApp';
  readonly resources: readonly SignInResource[];
  /** Whether the client declares that it understands claims challenges (`cp1`). */
  readonly continuousAccess: boolean;
  /** Teams and the clients of Microsoft 365, whose tokens may live longer (graph-facts 5.1). */
  readonly microsoft365: boolean;
  /** What the log calls it when it is not told by the kind of client. */
  readonly clientAppUsed?: string;
  readonly protocol?: 'saml20';
  /** Its server keeps a refresh token of its own, and renews with that. */
  readonly confidential?: true;
}

const resource = (id: string, name: string, continuousAccess = false, office = false): SignInResource => ({
  id,
  name,
  continuousAccess,
  office,
});

/** Ids of Microsoft's own are those of every tenant (Microsoft, "Application IDs of commonly used Microsoft applications"). */
export const signInResources = {
  exchange: resource('00000002-0000-0ff1-ce00-000000000000', 'Office 365 Exchange Online', true, true),
  sharePoint: resource('00000003-0000-0ff1-ce00-000000000000', 'Office 365 SharePoint Online', true, true),
  teams: resource('cc15fd57-2c6c-4117-a88c-83b1d56b4bbe', 'Microsoft Teams Services', true, true),
  graph: resource('00000003-0000-0000-c000-000000000000', 'Microsoft Graph', true),
  azure: resource('797f4846-ba00-4fd7-ba43-dac1f8f63013', 'Windows Azure Service Management API'),
  ledger: resource(ledgerResource, 'Ledger API'),
  timesheets: resource('c90a2f5e-6d13-4b8e-b3c4-0f6a1d2e7b22', 'Timesheets API'),
  travel: resource('5f3c8a70-92d4-4b1a-8f66-3b0e9c7d1a33', 'Woodgrove Travel'),
  customers: resource('e2b7d419-0c58-4a3f-9d21-7a4f5c6b8e44', 'Tailspin CRM'),
} as const;

const app = (
  id: string,
  name: string,
  client: SignInApp['client'],
  resources: readonly SignInResource[],
  more: Partial<SignInApp> = {},
): SignInApp => ({ id, name, client, resources, continuousAccess: false, microsoft365: false, ...more });

const { exchange, sharePoint, teams, graph, azure, ledger, timesheets, travel, customers } = signInResources;
const capable = { continuousAccess: true, microsoft365: true };

export const signInApps = {
  outlook: app(
    'd3590ed6-52b3-4102-aeff-aad2292ab01c',
    'Microsoft Office',
    'native',
    [exchange, graph],
    capable,
  ),
  outlookMobile: app('27922004-5251-4030-b22d-91ecd9a37ea4', 'Outlook Mobile', 'native', [exchange], capable),
  outlookWeb: app('9199bf20-a13f-4107-85dc-02114787ef48', 'One Outlook Web', 'browser', [exchange], capable),
  teams: app('1fec8e78-bce4-4aaf-ab1b-5451cc387264', 'Microsoft Teams', 'native', [teams, graph], capable),
  sharePoint: app(sharePoint.id, sharePoint.name, 'browser', [sharePoint], capable),
  office: app('4765445b-32c6-49b0-83e6-1d93765276ca', 'OfficeHome', 'browser', [graph], {
    microsoft365: true,
  }),
  portal: app('c44b4083-3bb0-49c1-b47d-974e53cbdf3c', 'Azure Portal', 'browser', [azure]),
  azureCli: app('04b07795-8ddb-461a-bbee-02f9e1bf7b46', 'Microsoft Azure CLI', 'native', [azure, graph], {
    continuousAccess: true,
  }),
  travel: app(travel.id, travel.name, 'webApp', [travel], { protocol: 'saml20' }),
  customers: app(customers.id, customers.name, 'webApp', [customers], { confidential: true }),
  ledger: app('2d8e6f1b-7a90-4c35-8b12-9e0d4f3a6c55', 'Ledger Desktop', 'native', [ledger]),
  timesheets: app('a41c7e92-3b5d-4f08-9c67-1d8b2e0f5a66', 'Timesheets', 'spa', [timesheets]),
  imap: app(exchange.id, exchange.name, 'native', [exchange], { clientAppUsed: 'IMAP4' }),
} as const satisfies Record<string, SignInApp>;

export type SignInAppName = keyof typeof signInApps;
