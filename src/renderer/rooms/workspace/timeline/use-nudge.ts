import type { KeyboardEvent } from 'react';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';

/**
 * Arrow keys on something that has the focus: a frame, with Shift a second; Home and End are `-Infinity` and
 * `Infinity`.
 * Presses of one key held, or one after the other, are one step of undo until it loses the focus.
 */
export function useNudge(
  fps: number,
  nudge: (seconds: number, gesture: string) => void,
  key: string,
): { readonly onKeyDown: (event: KeyboardEvent) => void; readonly onBlur: () => void } {
  const editor = useTakeEditor();
  const transport = useTransport();
  return {
    onKeyDown: (event) => {
      if (event.key === ' ') {
        event.preventDefault(); // there is nothing to press here: it plays, as everywhere
        if (!event.repeat) transport.toggle();
        return;
      }
      const direction = DIRECTIONS[event.key];
      if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      nudge(direction * (event.shiftKey ? 1 : 1 / fps), `${key} keys`);
    },
    onBlur: () => editor.settle(),
  };
}

const DIRECTIONS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
