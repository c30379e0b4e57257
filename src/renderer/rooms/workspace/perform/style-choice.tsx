import { Stack, Text } from '@mantine/core';
import type { StyleView } from '../../../../shared/contract/live.ts';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { useLiveAvatar, useLiveStyles } from '../../../live/live-provider.tsx';
import { useTake } from '../../../take/use-take.tsx';
import { StyleChip } from './style-chip.tsx';
import { TakeSlider } from './take-slider.tsx';
import { ChoiceTitle } from './choice-title.tsx';

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
  const reason = noStyle(avatar !== null, styles, style);
  return (
    <Stack gap={4}>
      <ChoiceTitle id="style-choice" name="Style" hint={HINT} />
      {(known || style !== null) && (
        <div className="styles" role="radiogroup" aria-labelledby="style-choice">
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
        </div>
      )}
      {style !== null && (
        <TakeSlider
          name="How far"
          lane="speech.style"
          fps={project.source.fps}
          value={style.amount}
          min={0}
          max={1}
          usual={FIRST_AMOUNT}
          edit="how far the style goes"
          change={(before, amount) =>
            before.speech.style ? withStyle(before, { ...before.speech.style, amount }) : before
          }
          hint="How far the face leans towards the style."
        />
      )}
      {reason !== undefined && (
        <Text size="xs" c="dimmed">
          {reason}
        </Text>
      )}
    </Stack>
  );
}

const HINT =
  'The person’s own faces in the video, the most frequent first: ' +
  'brows, cheeks and corners of the mouth lean towards it.';

function withStyle(take: Take, style: Take['speech']['style']): Take {
  const before = take.speech.style;
  if (before?.entry === style?.entry && before?.amount === style?.amount) return take;
  return { ...take, speech: { ...take.speech, style } };
}

const nameOf = ({ share }: StyleView, entry: number): string =>
  `Style ${entry}, ${Math.max(1, Math.round(share * 100))} % of the video`;

/** Why there is nothing to choose, or what is wrong with what was chosen. */
function noStyle(
  trained: boolean,
  styles: readonly StyleView[] | null,
  style: Take['speech']['style'],
): string | undefined {
  if (!trained) return 'Known once there is an avatar.';
  if (styles === null) return 'Known once the avatar is open.';
  if (style && style.entry > styles.length)
    return `Style ${style.entry} is not among this person’s: choose another, or the usual face.`;
  if (styles.length === 0) return 'This person holds their face alike all through the video: there are no styles.';
  return undefined;
}
