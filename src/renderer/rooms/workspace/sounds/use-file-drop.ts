import { useEffect, useRef } from 'react';

/** By ending as well as by type: browsers know no type for some of them. */
const SOUND_ENDINGS = /\.(wav|mp3|m4a|aac|flac|ogg|oga|opus|wma|aiff?|caf)$/i;
const TEXT_ENDINGS = /\.(txt|srt|vtt)$/i;
export const SOUND_FILES = 'audio/*,.wav,.mp3,.m4a,.aac,.flac,.ogg,.opus,.wma,.aif,.aiff,.caf';

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface FileDrop {
  readonly kind: 'audio' | 'video' | 'text';
  /** Left to the window's own drop zone otherwise. */
  readonly wanted: boolean;
  /** Files are dragged over the window; called with null when they have left, or were dropped. */
  over(place: Place | null): void;
  dropped(files: readonly File[], place: Place): void;
}

/**
 * Files of a kind that are dropped anywhere on the window, taken before the window's own drop zone for videos sees
 * them. While they are dragged only their types are known; a type nobody knows is left to the other until its name is
 * seen at the drop, and if it is no sound's, for good.
 */
export function useFileDrop(drop: FileDrop): void {
  const latest = useRef(drop);
  useEffect(() => {
    latest.current = drop;
  });
  useEffect(() => {
    const carries = (transfer: DataTransfer | null): boolean => {
      const files = [...(transfer?.items ?? [])].filter(({ kind }) => kind === 'file');
      const { kind, wanted } = latest.current;
      return wanted && files.length > 0 && files.every(({ type }) => type.startsWith(`${kind}/`));
    };
    const over = (event: DragEvent) => {
      if (!carries(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      latest.current.over({ x: event.clientX, y: event.clientY });
    };
    const left = (event: DragEvent) => {
      if (event.relatedTarget === null && carries(event.dataTransfer)) latest.current.over(null);
    };
    const dropped = (event: DragEvent) => {
      const { kind, wanted } = latest.current;
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!wanted || files.length === 0) return;
      const known = carries(event.dataTransfer);
      if (!known && (kind === 'video' || !files.every(ENDINGS[kind]))) return;
      event.preventDefault();
      // otherwise the other zone has to see that the drag is over
      if (known) event.stopPropagation();
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

/** Files that are of a kind by their endings. */
const ENDINGS = {
  audio: (file: File): boolean => file.type.startsWith('audio/') || SOUND_ENDINGS.test(file.name),
  text: (file: File): boolean => TEXT_ENDINGS.test(file.name),
};

/** How far from the left of the timeline's lanes a place is, pixels; undefined beside them. */
export function fromLanesLeft({ x, y }: Place): number | undefined {
  const lanes = document.getElementById('timeline-lanes')?.getBoundingClientRect();
  const beside = !lanes || x < lanes.left || x > lanes.right || y < lanes.top || y > lanes.bottom;
  return beside ? undefined : x - lanes.left;
}
