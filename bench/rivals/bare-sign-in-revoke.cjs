// The same for whoever has an app's secret instead of a token. Run as `node -e`.
const { LOGIN_URL, TENANT_ID, CLIENT_ID, CLIENT_SECRET, GRAPH_URL, USER_ID } = process.env;
(async () => {
  const signIn = await fetch(`${LOGIN_URL}/${TENANT_ID}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  if (!signIn.ok) throw new Error(await signIn.text());
  const { access_token: token } = await signIn.json();
  const answer = await fetch(`${GRAPH_URL}/v1.0/users/${USER_ID}/revokeSignInSessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(await answer.text());
  console.log((await answer.json()).value);
})();
