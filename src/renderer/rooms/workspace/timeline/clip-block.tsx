import type { PointerEvent } from 'react';
import { clipEnd, moveClip, trimEnd, trimStart } from '../../../../shared/domain/clips.ts';
import { keysUnder, moveKeys } from '../../../../shared/domain/lanes/index.ts';
import type { SoundClip, Take } from '../../../../shared/domain/take.ts';
import { timecode } from '../../../../shared/domain/timecode.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { followPointer } from './drag.ts';
import { keepFocus } from '../../../ground/keep-focus.ts';
import { useNudge } from './use-nudge.ts';
import { useSnapping } from './use-snapping.ts';
import { useTimeline } from './use-timeline.tsx';

export interface ClipPlace {
  readonly top: number;
  readonly height: number;
}

/** A sound on the timeline: drag it to move it, its ends to trim it; arrow keys do the same by frames. */
export function ClipBlock({
  clip,
  name,
  missing,
  length,
  fps,
  place,
}: {
  readonly clip: SoundClip;
  readonly name: string;
  /** Its sound is no longer there. */
  readonly missing: boolean;
  readonly length: number;
  readonly fps: number;
  readonly place: ClipPlace;
}) {
  const editor = useTakeEditor();
  const { view, selection, select } = useTimeline();
  const snapping = useSnapping(clip.id);
  const selected = selection.kind === 'clip' && selection.id === clip.id;
  /** `begun`: the take as it was before; keyframes that the clip passes over on its way are not lost. */
  const edit = (part: Part, to: number, gesture: string, begun = editor.take) =>
    editor.edit(
      PARTS[part].label,
      (take) => {
        const changed = PARTS[part].change(take, clip.id, to, length);
        return part === 'body' ? withKeysOf(changed, begun, clip.id) : changed;
      },
      gesture,
    );
  const press = (part: Part) => (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    select({ kind: 'clip', id: clip.id });
    const { at, seconds } = clip;
    const begun = editor.take;
    const gesture = `${part} ${clip.id} ${event.timeStamp}`;
    followPointer(event, {
      move: (byX, { free }) => {
        const by = byX / view.window.pixelsPerSecond;
        const to = (part === 'end' ? at + seconds : at) + by;
        edit(part, to + snapping.near(part === 'body' ? [to, to + seconds] : [to], free), gesture, begun);
      },
      end: () => {
        snapping.done();
        editor.settle();
      },
    });
  };
  const nudge = (part: Part) => (by: number, gesture: string) => {
    const now = part === 'end' ? clipEnd(clip) : clip.at;
    edit(part, Number.isFinite(by) ? now + by : by < 0 ? clip.at - clip.start : clip.at - clip.start + length, gesture);
  };
  const body = useNudge(
    fps,
    (by, gesture) => (Number.isFinite(by) ? nudge('body')(by, gesture) : by < 0 && edit('body', 0, gesture)),
    clip.id,
  );
  const start = useNudge(fps, nudge('start'), `${clip.id} start`);
  const end = useNudge(fps, nudge('end'), `${clip.id} end`);
  const focused = () => select({ kind: 'clip', id: clip.id });
  const title = `${name}, ${timecode(clip.at)} to ${timecode(clipEnd(clip))}`;
  const hint = missing ? `${title}. Its file is no longer there: add the sound again, or delete this clip.` : title;
  return (
    <div
      className="clip"
      role="group"
      aria-label={title}
      data-selected={selected || undefined}
      data-missing={missing || undefined}
      style={{
        left: `calc(var(--pps) * ${clip.at}px)`,
        width: `calc(var(--pps) * ${clip.seconds}px)`,
        top: place.top,
        height: place.height,
      }}
    >
      <button
        type="button"
        className="clip-body"
        title={hint}
        aria-label={`Sound ${title}`}
        aria-pressed={selected}
        onPointerDown={press('body')}
        onMouseDown={keepFocus}
        onFocus={focused}
        {...body}
      >
        {/* stays in sight while the beginning is scrolled away */}
        <span
          className="clip-name"
          style={{ left: `max(8px, calc(var(--pps) * (var(--from) - ${clip.at}) * 1px + 8px))` }}
        >
          {name}
        </span>
      </button>
      <div
        className="clip-end"
        data-end="start"
        role="slider"
        tabIndex={selected ? 0 : -1}
        aria-label={`Start of ${name}`}
        aria-valuemin={0}
        aria-valuemax={clipEnd(clip)}
        aria-valuenow={clip.at}
        aria-valuetext={timecode(clip.at)}
        onPointerDown={press('start')}
        onMouseDown={keepFocus}
        onFocus={focused}
        {...start}
      />
      <div
        className="clip-end"
        data-end="end"
        role="slider"
        tabIndex={selected ? 0 : -1}
        aria-label={`End of ${name}`}
        aria-valuemin={clip.at}
        aria-valuemax={clip.at - clip.start + length}
        aria-valuenow={clipEnd(clip)}
        aria-valuetext={timecode(clipEnd(clip))}
        onPointerDown={press('end')}
        onMouseDown={keepFocus}
        onFocus={focused}
        {...end}
      />
    </div>
  );
}

/** What is keyed under a clip goes with it, from where both were in `begun`. */
function withKeysOf(moved: Take, begun: Take, id: string): Take {
  const [before, now] = [begun, moved].map(({ clips }) => clips.find((clip) => clip.id === id));
  if (!before || !now) return moved;
  const { lanes } = moveKeys(begun, keysUnder(begun, before), now.at - before.at);
  return moved.lanes === lanes ? moved : { ...moved, lanes };
}

type Part = 'body' | 'start' | 'end';
const PARTS = {
  body: { label: 'move sound', change: moveClip },
  start: { label: 'trim sound', change: trimStart },
  end: { label: 'trim sound', change: trimEnd },
} as const;
