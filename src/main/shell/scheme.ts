import { protocol, type Session } from 'electron';
import type { Studio } from '../studio/studio.ts';
import { answerScheme } from './answer-scheme.ts';
import { SCHEME } from './own-page.ts';

/** Before the app is ready: our scheme behaves like https (origin, storage, streams). */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

export function serveScheme(session: Session, studio: Studio, windowDir: string): void {
  session.protocol.handle(SCHEME, (request) => answerScheme(request, studio, windowDir));
}
