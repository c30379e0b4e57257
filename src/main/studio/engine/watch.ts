import { StudioError } from '../../../shared/contract/index.ts';

/** The engine's thread says this often that it is not stuck in one piece of work. */
export const BEAT_MS = 1000;
/**
 * So many looks without a beat: nothing of ours takes as long, on a busy computer either. Looks are counted, not time:
 * a computer that slept has made none.
 */
const LOOK_MS = 2000;
const MOST_SILENT_LOOKS = 30;

/** Calls `onSilent` once the thread has not been heard of for a minute although something is asked of it. */
export class Watch {
  readonly #timer: NodeJS.Timeout;
  #silent = 0;

  constructor(
    isAsked: () => boolean,
    onSilent: () => void,
    { lookMs = LOOK_MS, looks = MOST_SILENT_LOOKS }: { readonly lookMs?: number; readonly looks?: number } = {},
  ) {
    this.#timer = setInterval(() => {
      this.#silent = isAsked() ? this.#silent + 1 : 0;
      if (this.#silent < looks) return;
      this.stop();
      onSilent();
    }, lookMs);
    this.#timer.unref();
  }

  heard(): void {
    this.#silent = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

export function stuck(): StudioError {
  return new StudioError({
    code: 'bad-bundle',
    message: 'This avatar takes longer for one step than any avatar does, and was stopped.',
    hint: 'Export the avatar again, or fetch the file again from where it came from.',
  });
}

export function tooLarge(cause: unknown): StudioError {
  return new StudioError(
    {
      code: 'bad-bundle',
      message: 'This avatar takes more memory than any avatar does, and was stopped.',
      hint: 'Export the avatar again, or fetch the file again from where it came from.',
      detail: String(cause),
    },
    { cause },
  );
}
