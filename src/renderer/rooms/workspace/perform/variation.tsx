import { useLiveAvatar, useLiveUnfinished, useLiveVaries } from '../../../live/live-provider.tsx';
import { useTake } from '../../../take/use-take.tsx';
import { noVariation } from './no-variation.ts';
import { TakeSlider } from './take-slider.tsx';

/** How far from the likeliest mouth another one may be that goes with the sound: the take's temperature. */
export function Variation({ fps }: { readonly fps: number }) {
  const { take } = useTake();
  const trained = useLiveAvatar() !== null;
  const varies = useLiveVaries();
  const unfinished = useLiveUnfinished();
  return (
    <TakeSlider
      name="Variation"
      lane="speech.temperature"
      fps={fps}
      value={take.speech.temperature}
      min={0}
      max={1}
      usual={0}
      edit="variation"
      change={(before, temperature) =>
        before.speech.temperature === temperature ? before : { ...before, speech: { ...before.speech, temperature } }
      }
      hint="At 0 % the mouth is the likeliest one. More draws another that goes with the sound, the same each time."
      reason={noVariation({ trained, varies, unfinished })}
    />
  );
}
