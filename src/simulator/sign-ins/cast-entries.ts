import { logTime, type SignInDraft } from './sign-in-entry.ts';

const hourMs = 3_600_000;

/** Sign-ins without people: every two hours a service by itself, and a machine by its managed identity. */
export function castEntries(startedAt: number): SignInDraft[] {
  return Array.from({ length: 12 }, (_, index) => {
    const service = index % 2 === 0;
    return {
      userId: '',
      createdDateTime: logTime(startedAt - (24 - 2 * index) * hourMs),
      isInteractive: false,
      signInEventTypes: [service ? 'servicePrincipal' : 'managedIdentity'],
      appId: service ? '0b6e9a5d-4c1f-4f7e-8d23-5a9b7c3e1f77' : '7d4f2c8b-1a6e-4b90-9e35-2c8d6f0a4b88',
      appDisplayName: service ? 'Nightly Backup' : 'vm-reporting',
      servicePrincipalId: service
        ? '3e9d7b1c-8f25-4a6d-b041-6c2e5d8f7a99'
        : '9c1b5e7f-3d48-4e2a-a6f7-8b0d4c6e2f11',
      servicePrincipalName: service ? 'Nightly Backup' : 'vm-reporting',
      clientAppUsed: '',
      ipAddress: '198.51.100.200',
      incomingTokenType: 'none',
      sessionId: null,
    };
  });
}
