import { useCallback } from 'react';
import { snap } from '../../../../shared/domain/snapping.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { snapTargets } from './snap-targets.ts';
import { useTimeline } from './use-timeline.tsx';

/** How near, CSS pixels. */
const REACH = 8;

/** Answers by how much to move on, so that one of the edges stops at something near, and shows at what. */
export function useSnapping(): {
  near(edges: readonly number[], free: boolean, moving?: readonly string[]): number;
  done(): void;
} {
  const editor = useTakeEditor();
  const transport = useTransport();
  const { view, guide } = useTimeline();
  const near = useCallback(
    (edges: readonly number[], free: boolean, moving: readonly string[] = []) => {
      const found = free
        ? { by: 0, target: null }
        : snap(edges, snapTargets(editor.take, transport.now(), new Set(moving)), REACH / view.window.pixelsPerSecond);
      guide.set(found.target);
      return found.by;
    },
    [editor, transport, view, guide],
  );
  return { near, done: () => guide.set(null) };
}
