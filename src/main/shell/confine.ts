import { app, type Session } from 'electron';
import { WINDOW_ORIGIN } from './scheme.ts';

/** What the window itself uses: recording a voice, copying text, a full-screen film. */
const GRANTED: ReadonlySet<string> = new Set(['media', 'clipboard-sanitized-write', 'fullscreen']);

/** Is this address one of our own pages? */
export function ours(address: string | undefined): boolean {
  return address !== undefined && (address === WINDOW_ORIGIN || address.startsWith(`${WINDOW_ORIGIN}/`));
}

/** Every page stays where it is, opens no other window and embeds none, whatever it comes to hold. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => ours(event.url) || event.preventDefault());
    contents.on('will-redirect', (event) => ours(event.url) || event.preventDefault());
    contents.on('will-frame-navigate', (event) => ours(event.url) || event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Devices and powers of the browser: only what the window uses, and only for the window. */
export function limitPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => answer(GRANTED.has(permission) && ours(requestingUrl)));
  session.setPermissionCheckHandler((_contents, permission, origin) => GRANTED.has(permission) && ours(origin));
  session.setDevicePermissionHandler(() => false);
}
