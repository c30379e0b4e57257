import { STRENGTH } from '../../../../shared/domain/take.ts';
import { useTake } from '../../../take/use-take.tsx';
import { TakeSlider } from './take-slider.tsx';

/** How far the mouth goes for the same speech. */
export function MouthStrength({ fps }: { readonly fps: number }) {
  const { take } = useTake();
  const { least, usual, most } = STRENGTH;
  return (
    <TakeSlider
      name="Mouth strength"
      lane="speech.strength"
      fps={fps}
      value={take.speech.strength}
      min={least}
      max={most}
      usual={usual}
      marked
      edit="mouth strength"
      change={(before, strength) =>
        before.speech.strength === strength ? before : { ...before, speech: { ...before.speech, strength } }
      }
      hint="How far the mouth opens for the same words. Closed lips stay closed."
    />
  );
}
