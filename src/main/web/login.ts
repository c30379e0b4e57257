import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONTENT_SECURITY_POLICY } from '../host/policy.ts';
import type { Attempts } from './attempts.ts';
import type { Gate } from './gate.ts';

/** A password and the name of its field. */
const MAX_FORM_BYTES = 4096;

/** The page that asks for the password; no script, and the only form of ours that may be sent. */
export function askForPassword(response: ServerResponse, status: 200 | 401 | 429, complaint = ''): void {
  response.setHeader(
    'Content-Security-Policy',
    CONTENT_SECURITY_POLICY.replace("form-action 'none'", "form-action 'self'"),
  );
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="dark light">
<title>Likeness</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-content: center; min-height: 90vh; }
  form { display: grid; gap: 12px; width: min(320px, 90vw); }
  h1 { font-size: 1.25rem; margin: 0; }
  label { display: grid; gap: 4px; }
  input, button { font: inherit; padding: 8px 12px; border-radius: 8px; border: 1px solid GrayText; }
  button { background: #c04a0c; border-color: #c04a0c; color: #fff; font-weight: 600; cursor: pointer; }
  p { margin: 0; }
</style>
<main>
<form method="post" action="/login">
  <h1>Likeness</h1>
  <label>Password <input type="password" name="password" required autofocus autocomplete="current-password"></label>
  ${complaint === '' ? '' : `<p role="alert">${complaint}</p>`}
  <button>Open the studio</button>
</form>
</main>
</html>
`);
}

/** Answers a sent form: with the window, or with the page again. */
export async function answerLogin(
  request: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
  attempts: Attempts,
): Promise<void> {
  if (!gate.sameSite(request) || request.headers.origin === undefined) return void response.writeHead(403).end();
  const address = request.socket.remoteAddress ?? '';
  const wait = attempts.begin(address);
  if (wait > 0) {
    response.setHeader('Retry-After', String(wait));
    return askForPassword(
      response,
      429,
      `Too many wrong passwords. Try again in ${Math.ceil(wait / 60)} min, or press Enter where the program runs: it ` +
        'prints an address that opens the studio once.',
    );
  }
  const form = await formOf(request);
  if (form === undefined) return void response.writeHead(413, { Connection: 'close' }).end();
  if (!gate.knows(form.get('password') ?? '')) return askForPassword(response, 401, 'That is not the password.');
  attempts.succeeded(address);
  gate.admit(response);
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_FORM_BYTES) return undefined;
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
}
