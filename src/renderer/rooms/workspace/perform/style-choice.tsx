import { Stack, Text } from '@mantine/core';
import type { StyleView } from '../../../../shared/contract/live.ts';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { useLiveAvatar, useLiveStyles } from '../../../live/live-provider.tsx';
import { useTake } from '../../../take/use-take.tsx';
import { StyleChip } from './style-chip.tsx';
import { TakeSlider } from './take-slider.tsx';

const FIRST_AMOUNT = 0.7;

/** Which of the person's own ways to hold their face it leans towards, and how far. */
export function StyleChoice({ project }: { readonly project: ProjectDetail }) {
  const { take, edit } = useTake();
  const avatar = useLiveAvatar();
  const styles = useLiveStyles();
  const { style } = take.speech;
  const choose = (entry: number | null) =>
    edit('style', (before) =>
      withStyle(before, entry === null ? null : { entry, amount: before.speech.style?.amount ?? FIRST_AMOUNT }),
    );
  const known = styles !== null && styles.length > 0;
  return (
    <Stack gap="xs">
      {(known || style !== null) && (
        <fieldset className="styles">
          <legend>Style</legend>
          <StyleChip name="Usual" checked={style === null} onChoose={() => choose(null)} />
          {(styles ?? []).map((view, i) => (
            <StyleChip
              key={view.seconds}
              name={nameOf(view, i + 1)}
              short={String(i + 1)}
              shows={{ project, view }}
              checked={style?.entry === i + 1}
              onChoose={() => choose(i + 1)}
            />
          ))}
        </fieldset>
      )}
      {!(known || style !== null) && (
        <Text size="sm" fw={600}>
          Style
        </Text>
      )}
      {style !== null && (
        <TakeSlider
          name="How far"
          value={style.amount}
          min={0}
          max={1}
          usual={FIRST_AMOUNT}
          edit="how far the style goes"
          change={(before, amount) =>
            before.speech.style ? withStyle(before, { ...before.speech.style, amount }) : before
          }
        />
      )}
      <Text size="xs" c="dimmed">
        {said(avatar !== null, styles, style)}
      </Text>
    </Stack>
  );
}

function withStyle(take: Take, style: Take['speech']['style']): Take {
  const before = take.speech.style;
  if (before?.entry === style?.entry && before?.amount === style?.amount) return take;
  return { ...take, speech: { ...take.speech, style } };
}

const nameOf = ({ share }: StyleView, entry: number): string =>
  `Style ${entry}, ${Math.max(1, Math.round(share * 100))} % of the video`;

function said(trained: boolean, styles: readonly StyleView[] | null, style: Take['speech']['style']): string {
  if (!trained) return 'How this person can hold their face is known once there is an avatar.';
  if (styles === null) return 'How this person can hold their face is known once the avatar is open.';
  if (style && style.entry > styles.length)
    return `Style ${style.entry} is not among this person’s: choose another, or the usual face.`;
  if (styles.length === 0)
    return 'This person holds their face alike all through the video: there are no styles to choose from.';
  return (
    'The person’s own faces in the video, the most frequent first: ' +
    'brows, cheeks and corners of the mouth lean towards it.'
  );
}
