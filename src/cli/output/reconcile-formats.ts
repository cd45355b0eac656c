/** How `runs reconcile` can tell what it found. */
export const reconcileFormats = ['table', 'json', 'csv'] as const;
export type ReconcileFormat = (typeof reconcileFormats)[number];
