import { StudioError } from '../../../../shared/contract/index.ts';

/** A bundle we will not open: what is wrong with it, and the same way out every time. */
export function badBundle(message: string, detail?: string, cause?: unknown): StudioError {
  return new StudioError(
    {
      code: 'bad-bundle',
      message,
      hint: 'Export the avatar again, or fetch the file again from where it came from.',
      detail,
    },
    { cause },
  );
}
