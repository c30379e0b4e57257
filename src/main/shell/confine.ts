import { app, type Session, type WebPreferences } from 'electron';
import { mayLoad, ours } from './own-page.ts';
import { granted } from './permissions.ts';

/** What every window's page has to do without. */
export const CONFINED = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const satisfies WebPreferences;

/** Every page stays where it is, opens no other window and embeds none, whatever it comes to hold. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => ours(event.url) || event.preventDefault());
    contents.on('will-redirect', (event) => ours(event.url) || event.preventDefault());
    contents.on('will-frame-navigate', (event) => ours(event.url) || event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp'); // it asks neither the policy nor the session
  });
}

/** Devices, powers of the browser and addresses: only what the window uses, and only for the window. */
export function limitSession(session: Session, may: (address: string) => boolean = mayLoad): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(
      granted({
        permission,
        address: details.requestingUrl,
        media: 'mediaTypes' in details ? details.mediaTypes : undefined,
      }),
    ),
  );
  session.setPermissionCheckHandler((_contents, permission, origin, { mediaType }) =>
    granted({ permission, address: origin, media: mediaType === undefined ? undefined : [mediaType] }),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !may(url) }));
}
