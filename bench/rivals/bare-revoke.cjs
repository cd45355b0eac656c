// What everybody could type: a token in the environment, one POST. Run as `node -e`.
fetch(`${process.env.GRAPH_URL}/v1.0/users/${process.env.USER_ID}/revokeSignInSessions`, {
  method: 'POST',
  headers: { authorization: `Bearer ${process.env.TOKEN}` },
}).then(async answer => {
  if (!answer.ok) throw new Error(await answer.text());
  console.log((await answer.json()).value);
});
