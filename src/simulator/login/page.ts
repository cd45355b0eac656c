/** Text that is in the page as it is, whatever it holds. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

const style = `
  :root { color-scheme: light; }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center;
    background: #eef1f6; color: #1f2430; font: 16px/1.45 system-ui, "Segoe UI", Roboto, "Open Sans", sans-serif; }
  .banner { width: 100%; padding: 12px 24px; background: #ffd54d; border-bottom: 2px solid #b98900; text-align: center; }
  main { width: 100%; max-width: 480px; margin: 40px 16px; padding: 32px 36px; background: #fff; border-radius: 10px;
    box-shadow: 0 2px 14px rgb(31 36 48 / 14%); overflow-wrap: anywhere; }
  h1 { margin: 0 0 4px; font-size: 26px; font-weight: 600; }
  p { margin: 0 0 20px; color: #555e70; }
  .error { padding: 10px 14px; background: #fdecea; border-left: 4px solid #b3261e; color: #7a1710; }
  fieldset { margin: 0 0 18px; padding: 0; border: 0; }
  legend, .label { display: block; margin-bottom: 6px; padding: 0; font-weight: 600; }
  .account { display: flex; gap: 12px; align-items: center; padding: 8px 10px; border-bottom: 1px solid #e3e7ee; cursor: pointer; }
  .account:hover { background: #f4f7fc; }
  .account small { display: block; color: #555e70; font-size: 13.5px; }
  input[type=text], input[type=password] { width: 100%; padding: 9px 11px; border: 1px solid #8a93a5; border-radius: 6px; font: inherit; }
  .code { font-size: 22px !important; letter-spacing: 4px; text-transform: uppercase; }
  .field { margin-bottom: 18px; }
  .field small { color: #555e70; }
  .buttons { display: flex; gap: 12px; justify-content: flex-end; }
  button { padding: 10px 22px; border: 1px solid #8a93a5; border-radius: 6px; background: #fff; color: inherit; font: inherit; cursor: pointer; }
  button.primary { background: #1f5fbf; border-color: #1f5fbf; color: #fff; font-weight: 600; }
  button:focus-visible, input:focus-visible { outline: 3px solid #7fb0ff; outline-offset: 1px; }
`;

/** A whole page; says first that nothing here is real. `content` is HTML, made with `escaped`. */
export function page(title: string, content: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} (simulation)</title>
<style>${style}</style>
</head>
<body>
<div class="banner" role="note"><strong>Simulation.</strong> This is a rehearsal tenant on this machine, not Microsoft. Never type a real password here.</div>
<main>
<h1>${escaped(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

/** Nothing from elsewhere, nothing embedded; `script` is allowed by its nonce where a page has one. */
export const pageHeaders = (nonce?: string): Record<string, string> => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'${nonce === undefined ? '' : `; script-src 'nonce-${nonce}'`}`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
});
