import { ColorInput, FileInput, NativeSelect, Radio, Group, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FilmFormat, FilmPreset, FORMATS, PRESETS, Quality, Shape } from '../../../../shared/domain/film/index.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { useFollowed, useStore } from '../../../ground/store.ts';
import { backdropOf } from '../film/file-backdrop.ts';
import { choose, choosePreset, filmChoices, type FilmChoices, isEdited, presetOf } from '../film/film-choices.ts';

const HEIGHTS = ['360', '480', '720', '1080', '1440', '1920', '2160'];
const SHAPES: Readonly<Record<Shape, string>> = {
  own: 'as in the video',
  '16:9': '16:9, wide',
  '9:16': '9:16, upright',
  '1:1': '1:1, square',
  '4:5': '4:5, upright',
};
const QUALITIES: Readonly<Record<Quality, string>> = { small: 'small file', good: 'good', best: 'best' };
const BACKGROUNDS: Readonly<Record<FilmChoices['background']['kind'], string>> = {
  own: 'their own',
  blur: 'their own, blurred',
  transparent: 'none: transparent',
  colour: 'a colour',
  file: 'a picture or video',
};
const CAPTIONS: Readonly<Record<FilmChoices['captions'], string>> = {
  none: 'none',
  burn: 'in the picture',
  srt: 'beside it, .srt',
  vtt: 'beside it, .vtt',
};
const FIRST_COLOUR = '#1e3a5f';
const SWATCHES = ['#000000', '#ffffff', '#00b140', '#1e3a5f', '#e8e4dc'];

/** What a film is to be like: its picture, format, size, what is behind the person, and captions of what voices say. */
export function FilmOptions({ sourceHeight, spoken }: { readonly sourceHeight: number; readonly spoken: boolean }) {
  const { queries } = useStudio();
  const choices = useStore(filmChoices);
  const { mode, format, quality, shape, heights, background, captions } = choices;
  const able = useQuery(queries.system.filmFormats.queryOptions({ staleTime: Infinity })).data ?? FilmFormat.options;
  const { picture } = FORMATS[format];
  const framed = picture && mode === 'portrait';
  return (
    <div className="film-options">
      <Radio.Group
        aria-label="Picture"
        value={mode}
        onChange={(value) => choose({ mode: value as FilmChoices['mode'] })}
        className="film-mode"
      >
        <Group gap="md" wrap="nowrap">
          <Radio
            value="dub"
            label="Dub"
            size="xs"
            title="The source video with a new mouth; everything else untouched."
          />
          <Radio value="portrait" label="Portrait" size="xs" title="Head and shoulders." />
        </Group>
      </Radio.Group>
      <NativeSelect
        size="xs"
        label="Preset"
        value={presetOf(choices) ?? ''}
        onChange={(event) => event.currentTarget.value && choosePreset(event.currentTarget.value as FilmPreset)}
        data={[
          { value: '', label: 'none' },
          ...FilmPreset.options.map((value) => ({ value, label: PRESETS[value].title })),
        ]}
      />
      <NativeSelect
        size="xs"
        label="Format"
        value={format}
        onChange={(event) => choose({ format: event.currentTarget.value as FilmFormat })}
        data={able.map((value) => ({ value, label: FORMATS[value].title }))}
      />
      <NativeSelect
        size="xs"
        label="Quality"
        value={quality}
        onChange={(event) => choose({ quality: event.currentTarget.value as Quality })}
        data={Quality.options.map((value) => ({ value, label: QUALITIES[value] }))}
      />
      <NativeSelect
        size="xs"
        label="Height"
        disabled={!picture}
        value={heights[mode]}
        onChange={(event) => choose({ heights: { ...heights, [mode]: event.currentTarget.value } })}
        data={[
          ...HEIGHTS.map((value) => ({ value, label: `${value} rows` })),
          { value: 'source', label: mode === 'dub' ? `as the source, ${sourceHeight} rows` : 'as the source' },
        ]}
      />
      <NativeSelect
        size="xs"
        label="Shape"
        disabled={!framed}
        value={framed ? shape : 'own'}
        onChange={(event) => choose({ shape: event.currentTarget.value as Shape })}
        data={Shape.options.map((value) => ({ value, label: SHAPES[value] }))}
      />
      <NativeSelect
        size="xs"
        label="Background"
        disabled={!framed}
        value={framed ? background.kind : 'own'}
        onChange={(event) =>
          choose({ background: firstOf(event.currentTarget.value as FilmChoices['background']['kind']) })
        }
        data={Object.entries(BACKGROUNDS).map(([value, label]) => ({ value, label }))}
      />
      {spoken && (
        <NativeSelect
          size="xs"
          label="Captions"
          value={captions}
          onChange={(event) => choose({ captions: event.currentTarget.value as FilmChoices['captions'] })}
          data={Object.entries(CAPTIONS).map(([value, label]) => ({ value, label }))}
        />
      )}
      {framed && background.kind === 'colour' && (
        <ColorInput
          size="xs"
          label="Colour"
          value={background.colour}
          swatches={SWATCHES}
          eyeDropperButtonProps={{ 'aria-label': 'Take a colour from the screen' }}
          onChange={(colour) => /^#[0-9a-f]{6}$/i.test(colour) && choose({ background: { kind: 'colour', colour } })}
        />
      )}
      {framed && background.kind === 'file' && <BackgroundFile file={background.file} />}
    </div>
  );
}

/** Whether a timeline for editors lies beside a take's film, where there can be one. */
export function TimelineSwitch() {
  const choices = useStore(filmChoices);
  if (!isEdited(choices)) return null;
  return (
    <Switch
      size="xs"
      label="Timeline for editors (.otio)"
      title="Beside the film: it, the video and the take’s sounds on tracks, for DaVinci Resolve, Kdenlive…"
      checked={choices.timeline}
      onChange={(event) => choose({ timeline: event.currentTarget.checked })}
    />
  );
}

/** The picture or video behind the person; says where the live picture cannot have it, which the film may. */
function BackgroundFile({ file }: { readonly file: File | null }) {
  const backdrop = file && backdropOf(file);
  const unknown = useFollowed(backdrop, () => backdrop?.state === 'unknown');
  return (
    <FileInput
      size="xs"
      label="Picture or video"
      placeholder="JPEG, PNG, MP4…"
      accept="image/jpeg,image/png,image/webp,image/bmp,image/tiff,video/*"
      value={file}
      onChange={(chosen) => choose({ background: { kind: 'file', file: chosen } })}
      description={unknown ? 'The live picture cannot show this file; “See a frame” can.' : undefined}
      inputWrapperOrder={['label', 'input', 'description']}
    />
  );
}

function firstOf(kind: FilmChoices['background']['kind']): FilmChoices['background'] {
  if (kind === 'colour') return { kind, colour: FIRST_COLOUR };
  return kind === 'file' ? { kind, file: null } : { kind };
}
