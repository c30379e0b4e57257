import { Select, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { pictureName, soundName } from '../../../../shared/domain/streams.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';

/** Which picture and which sound of the file are used, where it has several; a training fixes them. */
export function StreamChoice({ project, disabled }: { readonly project: ProjectDetail; readonly disabled: boolean }) {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const { streams } = project.source;
  if (!streams || (streams.pictures.length < 2 && streams.sounds.length < 2)) return null;
  const choose = (wish: { picture?: number; sound?: number }) =>
    client.projects
      .chooseStreams({ id: project.id, ...wish })
      .then(() => cache.invalidateQueries({ queryKey: queries.sounds.shape.key() })) // the video's own is another
      .catch(tell);
  const { pictures, sounds, picture, sound } = streams;
  return (
    <Stack gap="xs">
      {pictures.length > 1 && (
        <Select
          label="Picture"
          data={pictures.map((stream) => ({ value: String(stream.index), label: pictureName(stream) }))}
          value={String(picture)}
          disabled={disabled}
          allowDeselect={false}
          onChange={(value) => value !== null && choose({ picture: Number(value) })}
        />
      )}
      {sounds.length > 1 && (
        <Select
          label="Sound"
          data={sounds.map((stream) => ({ value: String(stream.index), label: soundName(stream) }))}
          value={String(sound)}
          disabled={disabled}
          allowDeselect={false}
          onChange={(value) => value !== null && choose({ sound: Number(value) })}
        />
      )}
    </Stack>
  );
}
