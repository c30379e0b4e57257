import { useEffect, useState } from 'react';
import type { LaneName } from '../../../../../shared/domain/lanes/index.ts';
import { useLiveAvatar, useLiveMotion } from '../../../../live/live-provider.tsx';
import type { KeyedLane } from '../lane-layout.ts';
import type { Ghost } from '../lanes/keyed.ts';

/** Values of a ghost at most: as many as a wide screen has pixels in twos. */
const MOST = 1200;
const NOTHING: ReadonlyMap<LaneName, Ghost> = new Map();

/** What open lanes would be without their keyframes, as far as the avatar can tell; asked for with each new motion. */
export function useGhosts(
  lanes: readonly KeyedLane[],
  { fps }: { readonly fps: number },
): ReadonlyMap<LaneName, Ghost> {
  const avatar = useLiveAvatar();
  const motion = useLiveMotion();
  const [ghosts, setGhosts] = useState(NOTHING);
  const wanted = lanes
    .filter(({ open }) => open)
    .map(({ name }) => name)
    .join();
  useEffect(() => {
    if (!avatar || !motion || wanted === '') return;
    let left = false;
    const every = Math.max(1, Math.ceil(motion.aperture.length / MOST));
    const count = Math.ceil(motion.aperture.length / every);
    void Promise.all(
      (wanted.split(',') as LaneName[]).map(async (name) => {
        const values = count > 0 ? await avatar.unkeyed(name, 0, every, count) : null;
        return [name, values] as const;
      }),
    ).then((answers) => {
      if (left) return;
      const there = answers.flatMap(([name, values]) =>
        values ? [[name, { from: 0, every: every / fps, values }] as const] : [],
      );
      setGhosts(new Map(there));
    });
    return () => {
      left = true;
    };
  }, [avatar, motion, wanted, fps]);
  return ghosts;
}
