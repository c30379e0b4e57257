import { useEffect, useState } from 'react';
import type { LaneName } from '../../../../../shared/domain/lanes/index.ts';
import { useLiveAvatar, useLiveMotion } from '../../../../live/live-provider.tsx';
import { useTransport } from '../../transport/use-transport.tsx';

/** How often figures follow a playhead that plays. */
const FOLLOW_MS = 100;
/** A scrub passes many frames; what they would be without keyframes is asked for when it rests. */
const REST_MS = 120;

/** When the frame under the playhead begins, seconds; while it plays it is followed as well as figures can be read. */
export function useHere(): number {
  const transport = useTransport();
  const [at, setAt] = useState(() => transport.frames.floor(transport.now()));
  useEffect(() => {
    const follow = () => setAt(transport.frames.floor(transport.now()));
    follow();
    const timer = setInterval(() => transport.state.playback.kind === 'playing' && follow(), FOLLOW_MS);
    const forget = transport.subscribe(follow);
    return () => {
      clearInterval(timer);
      forget();
    };
  }, [transport]);
  return at;
}

/** What some lanes are at a moment without their keyframes, as far as the avatar can tell. */
export function useUnkeyed(
  names: readonly LaneName[],
  at: number,
  fps: number,
): Readonly<Partial<Record<LaneName, number>>> {
  const avatar = useLiveAvatar();
  const motion = useLiveMotion();
  const [values, setValues] = useState<Readonly<Partial<Record<LaneName, number>>>>({});
  const wanted = names.join();
  useEffect(() => {
    if (!avatar || !motion || wanted === '') return;
    let left = false;
    const frame = Math.round(at * fps);
    const timer = setTimeout(() => {
      void Promise.all(
        (wanted.split(',') as LaneName[]).map(async (name) => {
          const [value] = (await avatar.unkeyed(name, frame, 1, 1)) ?? [];
          return value === undefined ? [] : ([[name, value]] as const);
        }),
      ).then((answers) => left || setValues(Object.fromEntries(answers.flat())));
    }, REST_MS);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [avatar, motion, wanted, at, fps]);
  return values;
}
