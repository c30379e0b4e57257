import { useEffect, useRef } from 'react';

/** By ending as well as by type: browsers know no type for some of them. */
const ENDINGS = /\.(wav|mp3|m4a|aac|flac|ogg|oga|opus|wma|aiff?|caf)$/i;
export const SOUND_FILES = 'audio/*,.wav,.mp3,.m4a,.aac,.flac,.ogg,.opus,.wma,.aif,.aiff,.caf';

export interface SoundDrop {
  /** Sounds are dragged over the window; called with null when they have left, or were dropped. */
  over(place: { readonly x: number; readonly y: number } | null): void;
  dropped(files: readonly File[], place: { readonly x: number; readonly y: number }): void;
}

/**
 * Sounds dropped anywhere on the window, taken before the window's own drop zone for videos sees them. While they are
 * dragged only their types are known; a type nobody knows is left to the other until its name is seen at the drop.
 */
export function useSoundDrop(drop: SoundDrop): void {
  const latest = useRef(drop);
  useEffect(() => {
    latest.current = drop;
  });
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!carriesSound(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      latest.current.over({ x: event.clientX, y: event.clientY });
    };
    const left = (event: DragEvent) => {
      if (event.relatedTarget === null && carriesSound(event.dataTransfer)) latest.current.over(null);
    };
    const dropped = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0 || !files.every(isSound)) return;
      event.preventDefault();
      // otherwise the other zone has to see that the drag is over
      if (carriesSound(event.dataTransfer)) event.stopPropagation();
      latest.current.over(null);
      latest.current.dropped(files, { x: event.clientX, y: event.clientY });
    };
    const options = { capture: true };
    window.addEventListener('dragenter', over, options);
    window.addEventListener('dragover', over, options);
    window.addEventListener('dragleave', left, options);
    window.addEventListener('drop', dropped, options);
    return () => {
      window.removeEventListener('dragenter', over, options);
      window.removeEventListener('dragover', over, options);
      window.removeEventListener('dragleave', left, options);
      window.removeEventListener('drop', dropped, options);
    };
  }, []);
}

const isSound = (file: File): boolean => file.type.startsWith('audio/') || ENDINGS.test(file.name);

function carriesSound(transfer: DataTransfer | null): boolean {
  const files = [...(transfer?.items ?? [])].filter(({ kind }) => kind === 'file');
  return files.length > 0 && files.every(({ type }) => type.startsWith('audio/'));
}
