import { useEffect, useRef } from 'react';
import type { Stage } from './stage.ts';
import { useViewerState, viewerStore } from './viewer-state.ts';

const STEP = 0.01;
const STRIDE = 0.1;

/** The line between the source and the avatar: dragged, or moved with the arrow keys. */
export function Divider({ stage }: { readonly stage: Stage | null }) {
  const { divider } = useViewerState();
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const follow = () => {
      const shown = stage?.shown;
      if (!shown || !line.current) return;
      const { left, top, scale, part } = shown.placement;
      const css = (screen: number) => `${screen / shown.ratio}px`;
      const column = left + viewerStore.get().divider * part.width * scale;
      const [above, below] = [Math.max(0, top), Math.min(shown.stage.height, top + part.height * scale)];
      Object.assign(line.current.style, {
        left: css(Math.round(column)),
        top: css(above),
        height: css(Math.max(0, below - above)),
        visibility: shown.live ? 'visible' : 'hidden',
      });
    };
    follow();
    return stage?.onShown(follow);
  }, [stage]);
  const move = (to: number) => viewerStore.set({ divider: Math.min(1, Math.max(0, to)) });
  return (
    <div
      ref={line}
      className="viewer-divider"
      role="slider"
      tabIndex={0}
      aria-label="Divider: source to its left, avatar to its right"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(divider * 100)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const shown = stage?.shown;
        const box = event.currentTarget.parentElement?.getBoundingClientRect();
        if (!shown || !box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const { left, scale, part } = shown.placement;
        move(((event.clientX - box.left) * shown.ratio - left) / (part.width * scale));
      }}
      onDoubleClick={(event) => {
        event.stopPropagation();
        move(0.5);
      }}
      onKeyDown={(event) => {
        const by = event.shiftKey ? STRIDE : STEP;
        const to = ({ ArrowLeft: divider - by, ArrowRight: divider + by, Home: 0, End: 1 } as Record<string, number>)[
          event.key
        ];
        if (to === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        move(to);
      }}
    >
      <span aria-hidden>Source</span>
      <span aria-hidden>Avatar</span>
    </div>
  );
}
