/** How the sign-ins of a simulated tenant differ from the usual. */
export interface SignInOptions {
  /** How long an entry takes to appear, drawn between the two, in milliseconds. Default 0; in a real tenant minutes, up to 2 h. */
  lateMs?: { from: number; to: number };
  /** How many entries appear twice, 0 to 1. Default 0. */
  duplicates?: number;
  /** Whether the tenant has the licence that the log takes (graph-facts 5.4). Default true. */
  premium?: boolean;
  /** How many alternatives a filter of the log may have. Default 15, as in the directory; Microsoft names no number. */
  mostAlternatives?: number;
}
