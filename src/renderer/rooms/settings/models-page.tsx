import { Anchor, Badge, Button, FileButton, Group, Loader, Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FaceBasis } from '../../../shared/contract/results.ts';
import type { ModelView } from '../../../shared/contract/system.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { host } from '../../ground/host/index.ts';
import { useSettings } from '../../ground/settings.ts';

const STATES: Readonly<Record<ModelView['state'], { readonly label: string; readonly color: string }>> = {
  present: { label: 'here', color: 'green' },
  absent: { label: 'not here', color: 'gray' },
  damaged: { label: 'damaged', color: 'red' },
};

/** Trained weights the program knows: its own, and those a person may add. */
export function ModelsPage() {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const models = useQuery(queries.system.models.queryOptions({ staleTime: 0 }));
  const [adding, setAdding] = useState(false);
  const add = async (file: File | null) => {
    if (!file) return;
    setAdding(true);
    try {
      const { name } = await client.system.addModel({ file: await host.take(file, () => undefined) });
      notifications.show({
        title: `${name} was added`,
        message: FaceBasis.options.some((basis) => basis === name)
          ? 'Choose it below to have analyses use it.'
          : name.startsWith('hubert')
            ? 'Choose it when you train.'
            : 'Its content is the one its entry promises.',
        closeButtonProps: { 'aria-label': 'Close' },
      });
      await cache.invalidateQueries({ queryKey: queries.system.models.key() });
    } catch (error) {
      tell(error);
    } finally {
      setAdding(false);
    }
  };
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        A model is known by its content (SHA-256), whatever the file is called; a face model is converted. Everything
        works with those that come with Likeness.
      </Text>
      {models.isPending && <Loader aria-label="Checking the models" />}
      <Stack component="ul" gap="sm" className="plain-list" aria-label="Models">
        {models.data?.map((model) => (
          <Group component="li" key={model.name} justify="space-between" align="flex-start" wrap="nowrap">
            <Stack gap={0}>
              <Text fw={600}>{model.name}</Text>
              <Text size="sm">{model.purpose}</Text>
              <Text size="sm" c="dimmed">
                {model.licence} · {model.origin === 'shipped' ? 'comes with Likeness' : 'yours to add'}
                {model.homepage !== undefined && (
                  <>
                    {' · '}
                    {window.likeness ? (
                      model.homepage // its window opens no other one
                    ) : (
                      <Anchor href={model.homepage} target="_blank" rel="noreferrer" size="sm" underline="always">
                        {new URL(model.homepage).host}
                      </Anchor>
                    )}
                  </>
                )}
              </Text>
            </Stack>
            <Badge
              variant="outline"
              color={STATES[model.state].color}
              c="var(--mantine-color-text)"
              tt="none"
              style={{ flex: 'none' }}
            >
              {STATES[model.state].label}
            </Badge>
          </Group>
        ))}
      </Stack>
      <FileButton onChange={(file) => void add(file)}>
        {(props) => (
          <Button {...props} variant="default" loading={adding} style={{ alignSelf: 'flex-start' }}>
            Add a file…
          </Button>
        )}
      </FileButton>
      {models.data && <FaceModelChoice models={models.data} />}
    </Stack>
  );
}

const FACE_MODELS: Readonly<Record<FaceBasis, string>> = {
  generic: 'The generic face, without statistics',
  'bfm-2009': 'Basel Face Model 2009',
  'ict-facekit': 'ICT-FaceKit',
};

/** What the next analyses know of people's faces. */
function FaceModelChoice({ models }: { readonly models: readonly ModelView[] }) {
  const { settings, change } = useSettings();
  if (!settings) return null;
  const here = (basis: FaceBasis) =>
    basis === 'generic' || models.some(({ name, state }) => name === basis && state === 'present');
  return (
    <Radio.Group
      label="Face model of the analysis"
      description="Takes effect when a video is analysed the next time."
      value={settings.faceBasis}
      onChange={(basis) => change({ faceBasis: FaceBasis.parse(basis) })}
    >
      <Stack gap="xs" mt="xs">
        {FaceBasis.options.map((basis) => (
          <Radio
            key={basis}
            value={basis}
            label={FACE_MODELS[basis]}
            disabled={!here(basis) && settings.faceBasis !== basis}
            description={here(basis) ? undefined : 'Not here: add its file above.'}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
