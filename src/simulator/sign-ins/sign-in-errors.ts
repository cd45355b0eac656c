/** What the log says of an error (graph-facts 1.9; Microsoft, "Authentication and authorization error codes"). */
const reasons: Readonly<Record<number, string>> = {
  0: 'Other.',
  50053:
    'Account is locked because user tried to sign in too many times with an incorrect user ID or password.',
  50057: 'The user account is disabled.',
  50074: 'Strong Authentication is required.',
  50126: 'Error validating credentials due to invalid username or password.',
  50132: 'Credentials have been revoked due to ssoArtifactInvalidOrExpired.',
  50133: 'Session is invalid due to expiration or recent password change.',
  50173: 'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
  53003:
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  70043: 'The refresh token has expired or is invalid due to sign-in frequency checks by Conditional Access.',
  700082: 'The refresh token has expired due to inactivity.',
  700084:
    'The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime, which can not be extended.',
};

export const statusOf = (
  errorCode: number,
): { errorCode: number; failureReason: string; additionalDetails: null } => ({
  errorCode,
  failureReason: reasons[errorCode] ?? `Error ${errorCode}.`,
  additionalDetails: null,
});
