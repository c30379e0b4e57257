import { useRef, type PointerEvent } from 'react';
import { clipEnd, moveClips, trimEnd, trimStart } from '../../../../shared/domain/clips.ts';
import type { SoundClip } from '../../../../shared/domain/take.ts';
import { timecode } from '../../../../shared/domain/timecode.ts';
import { keepFocus } from '../../../ground/keep-focus.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { ClipLoudness } from './clip-loudness.tsx';
import { followPointer } from './drag.ts';
import { clipsIn, someClips, withClip } from './selection.ts';
import { useNudge } from './use-nudge.ts';
import { useSnapping } from './use-snapping.ts';
import { useTimeline } from './use-timeline.tsx';

export interface ClipPlace {
  readonly top: number;
  readonly height: number;
}

/**
 * A sound on the timeline: a press selects it and brings the playhead there, with Shift it is one more; drag it to move
 * all that are selected, its ends to trim it; arrow keys do the same by frames.
 */
export function ClipBlock({
  clip,
  name,
  missing,
  silent,
  length,
  fps,
  place,
}: {
  readonly clip: SoundClip;
  readonly name: string;
  /** Its sound is no longer there. */
  readonly missing: boolean;
  /** It is muted, or others are heard alone. */
  readonly silent: boolean;
  readonly length: number;
  readonly fps: number;
  readonly place: ClipPlace;
}) {
  const editor = useTakeEditor();
  const transport = useTransport();
  const { view, selection, select, loudness } = useTimeline();
  const snapping = useSnapping();
  const whole = useRef<HTMLDivElement>(null);
  const chosen = clipsIn(selection);
  const selected = chosen.has(clip.id);
  const moving = selected ? chosen : new Set([clip.id]);
  const trim = (end: End, to: number, gesture: string) =>
    editor.edit('trim sound', (take) => TRIMS[end](take, clip.id, to, length), gesture);
  /** `begun`: the take as it was before; keyframes that clips pass over on their way are not lost. */
  const move = (by: number, gesture: string, begun = editor.take) =>
    editor.edit(
      'move sound',
      (take) => {
        const { clips, lanes } = moveClips(begun, moving, by);
        return clips === take.clips && lanes === take.lanes ? take : { ...take, clips, lanes };
      },
      gesture,
    );

  /** A press on the waveform: this clip alone, and the playhead at what was pressed. */
  const goTo = (clientX: number) => {
    select(someClips([clip.id]));
    const { left } = whole.current!.getBoundingClientRect();
    transport.seek(transport.frames.floor(clip.at + (clientX - left) / view.window.pixelsPerSecond));
  };
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    if (event.shiftKey || event.ctrlKey || event.metaKey) return select(withClip(selection, clip.id));
    if (!selected) select(someClips([clip.id]));
    const { at, seconds } = clip;
    const begun = editor.take;
    const gesture = `move ${clip.id} ${event.timeStamp}`;
    const { clientX } = event;
    followPointer(event, {
      move: (byX, { free }) => {
        const by = byX / view.window.pixelsPerSecond;
        move(by + snapping.near([at + by, at + by + seconds], free, [...moving]), gesture, begun);
      },
      end: (moved) => {
        snapping.done();
        editor.settle();
        if (!moved) goTo(clientX);
      },
    });
  };
  const pressEnd = (end: End) => (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    select(someClips([clip.id]));
    const from = end === 'end' ? clipEnd(clip) : clip.at;
    const gesture = `${end} ${clip.id} ${event.timeStamp}`;
    followPointer(event, {
      move: (byX, { free }) => {
        const to = from + byX / view.window.pixelsPerSecond;
        trim(end, to + snapping.near([to], free, [clip.id]), gesture);
      },
      end: () => {
        snapping.done();
        editor.settle();
      },
    });
  };
  const nudgeEnd = (end: End) => (by: number, gesture: string) => {
    const now = end === 'end' ? clipEnd(clip) : clip.at;
    const furthest = by < 0 ? clip.at - clip.start : clip.at - clip.start + length;
    trim(end, Number.isFinite(by) ? now + by : furthest, gesture);
  };
  const body = useNudge(
    fps,
    (by, gesture) => (Number.isFinite(by) ? move(by, gesture) : by < 0 && move(-clip.at, gesture)),
    clip.id,
  );
  const start = useNudge(fps, nudgeEnd('start'), `${clip.id} start`);
  const end = useNudge(fps, nudgeEnd('end'), `${clip.id} end`);
  const focused = () => selected || select(someClips([clip.id]));
  const title = `${name}, ${timecode(clip.at, fps)} to ${timecode(clipEnd(clip), fps)}${silent ? ', silent' : ''}`;
  const hint = missing ? `${title}. Its file is no longer there: add the sound again, or delete this clip.` : title;
  const type = () => loudness.set(clip.id);
  return (
    <div
      ref={whole}
      className="clip"
      data-clip={clip.id}
      role="group"
      aria-label={title}
      data-selected={selected || undefined}
      data-missing={missing || undefined}
      data-silent={silent || undefined}
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
        onPointerDown={press}
        onMouseDown={keepFocus}
        onDoubleClick={type}
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
        aria-valuetext={timecode(clip.at, fps)}
        onPointerDown={pressEnd('start')}
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
        aria-valuetext={timecode(clipEnd(clip), fps)}
        onPointerDown={pressEnd('end')}
        onMouseDown={keepFocus}
        onFocus={focused}
        {...end}
      />
      <ClipLoudness
        clip={clip}
        name={name}
        fps={fps}
        height={place.height}
        selected={selected}
        onClick={goTo}
        onDoubleClick={type}
      />
    </div>
  );
}

type End = 'start' | 'end';
const TRIMS = { start: trimStart, end: trimEnd } as const;
