import { tell } from '../../../ground/errors.tsx';

/** The picture fills the screen, or no longer does; Escape ends it too. */
export async function toggleFullScreen(picture: HTMLElement | null): Promise<void> {
  try {
    if (document.fullscreenElement) return await document.exitFullscreen();
    await picture?.requestFullscreen();
    picture?.focus(); // its keys, arrows and Escape, are the picture's
  } catch (error) {
    tell({
      code: 'bad-request',
      message: 'The picture may not fill the screen here.',
      hint: 'Allow it in the settings of the browser.',
      detail: String(error),
    });
  }
}
