/** What a new token is asked with. */
export interface TokenWish {
  /** Declares that we answer claims challenges, so that Graph tells us of them (continuous access evaluation). */
  enableCae: true;
  /** What Graph wants the token to satisfy. */
  claims?: string;
  abortSignal?: AbortSignal;
}

/** Gets tokens: each credential of @azure/identity is one. */
export interface Signer {
  getToken(scopes: string[], wish: TokenWish): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

/** The person who signs in, where a way needs one. */
export interface Person {
  /** False where nobody sits: nothing is shown, and whoever would have to be asked is not. */
  present: boolean;
  /** Shows what to do. */
  prompt: (prompt: { message: string; userCode?: string; verificationUri?: string }) => void;
  /** Aborted when they give up. */
  signal?: AbortSignal;
}

/** Nobody. */
export const noPerson: Person = { present: false, prompt: () => {} };
