/** How the sign-ins of a simulated tenant differ from the usual. */
export interface SignInOptions {
  /** How long an entry takes to appear, drawn between the two, in milliseconds. Default 0; in a real tenant minutes, up to 2 h. */
  lateMs?: { from: number; to: number };
  /** How many entries appear twice, 0 to 1. Default 0. */
  duplicates?: number;
  /** Whether the tenant has the licence that the log takes (graph-facts 5.4). Default true. */
  premium?: boolean;
  /** Whether the people of the cast are signed in from the start. Default true. */
  cast?: boolean;
  /**
   * How long Entra goes on to honour what was revoked, drawn for each session between the two. Default 0: sessions then
   * keep to the bounds exactly. Microsoft warns of a few minutes (graph-facts 1.3).
   */
  enforcementMs?: { from: number; to: number };
  /** Only Exchange ends tokens in near real time, as in the clouds of the US Government (graph-facts 5.1). Default false. */
  continuousAccessInExchangeOnly?: boolean;
  /** How many alternatives a filter of the log may have. Default 15, as in the directory; Microsoft names no number. */
  mostAlternatives?: number;
}
