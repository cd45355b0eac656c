import { roleTemplates } from '../roles.ts';
import type { World } from '../world.ts';
import { every, everyTime } from './conditional-access-policy.ts';
import type { PolicyOptions } from './policies.ts';

/** Client id of the ledger, an application that the tenant wrote itself. */
export const ledgerResource = '7b1d0c52-3f64-4c0e-9a3b-5f2f8e6d4a10';

/** The application id of Azure's portal, as in an idle timeout (graph-facts 6). */
const azurePortal = 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c';

const adminRoles = ['Global Administrator', 'User Administrator', 'Exchange Administrator'];

/** What a rehearsal finds: policies that help, one that only reports, one that is off, and two that hurt. */
export function usualPolicies({ groups }: World): PolicyOptions {
  const group = (name: string): string[] =>
    groups
      .filter(one => one.displayName === name)
      .slice(0, 1)
      .map(one => one.id);
  return {
    conditionalAccess: [
      {
        displayName: 'Administrators sign in every 4 hours',
        conditions: {
          users: {
            includeRoles: adminRoles.map(role => roleTemplates[role] ?? ''),
            excludeGroups: group('Break Glass'),
          },
        },
        sessionControls: {
          signInFrequency: every(4, 'hours'),
          persistentBrowser: { isEnabled: true, mode: 'never' },
        },
      },
      {
        displayName: 'Guests sign in every day',
        conditions: {
          users: {
            includeGuestsOrExternalUsers: {
              guestOrExternalUserTypes: 'b2bCollaborationGuest,b2bCollaborationMember',
              externalTenants: { membershipKind: 'all' },
            },
          },
        },
        sessionControls: { signInFrequency: every(1, 'days') },
      },
      {
        displayName: 'Pilot: sign in every time at risk',
        state: 'enabledForReportingButNotEnforced',
        conditions: { signInRiskLevels: ['high', 'medium'] },
        sessionControls: { signInFrequency: everyTime },
      },
      {
        displayName: 'No continuous access for contractors (scanner trouble 2024)',
        conditions: { users: { includeGroups: group('Contractors') } },
        sessionControls: { continuousAccessEvaluation: { mode: 'disabled' } },
      },
      {
        displayName: 'Sign in every 30 days (old)',
        state: 'disabled',
        sessionControls: { signInFrequency: every(30, 'days') },
      },
      {
        displayName: 'Office: second factor',
        conditions: { applications: { includeApplications: ['Office365'] } },
        grantControls: { operator: 'OR', builtInControls: ['mfa'] },
      },
    ],
    tokenLifetimes: [
      { displayName: 'Ledger: 8 hours', accessTokenSeconds: 8 * 3600, appIds: [ledgerResource] },
    ],
    idleTimeouts: [{ displayName: 'Idle sessions', seconds: { default: 3600, [azurePortal]: 900 } }],
  };
}
