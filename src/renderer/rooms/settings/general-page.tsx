import {
  Alert,
  Button,
  Code,
  Group,
  Loader,
  NativeSelect,
  NumberInput,
  Radio,
  SegmentedControl,
  Stack,
  Switch,
  Text,
} from '@mantine/core';
import type { Settings } from '../../../shared/contract/system.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { useSettings } from '../../ground/settings.ts';
import { CredentialsChoice } from './credentials-choice.tsx';
import { ExportNameChoice } from './export-name-choice.tsx';
import { TrainerFolder } from './trainer-folder.tsx';
import { useAbout, useHealth } from './use-system.ts';

/** Theme, where trainings run and on how much of the computer, how exports are called, where the library is. */
export function GeneralPage() {
  const { settings, change } = useSettings();
  if (!settings) return <Loader aria-label="Reading the settings" />;
  return (
    <Stack gap="xl">
      <Stack gap={6}>
        <Text id="settings-theme" fw={600} size="sm">
          Theme
        </Text>
        <SegmentedControl
          aria-labelledby="settings-theme"
          value={settings.theme}
          onChange={(theme) => change({ theme: theme as Settings['theme'] })}
          data={[
            { value: 'system', label: 'As the system' },
            { value: 'dark', label: 'Dark' },
            { value: 'light', label: 'Light' },
          ]}
        />
      </Stack>
      <DeviceChoice settings={settings} change={change} />
      <ThreadChoice settings={settings} change={change} />
      <ProviderChoice settings={settings} change={change} />
      <ExportNameChoice settings={settings} change={change} />
      <CredentialsChoice settings={settings} change={change} />
      <TrainerFolder />
      <LibraryFolder />
    </Stack>
  );
}

interface Choice {
  readonly settings: Settings;
  readonly change: (change: Partial<Settings>) => void;
}

function DeviceChoice({ settings, change }: Choice) {
  const health = useHealth();
  const gpus = health.data?.devices.filter(({ kind }) => kind === 'cuda').map(({ name }) => name) ?? [];
  const processor = health.data?.devices.find(({ kind }) => kind === 'cpu')?.name;
  return (
    <Radio.Group
      label="Where to train"
      value={settings.device}
      onChange={(device) => change({ device: device as Settings['device'] })}
    >
      <Stack gap="xs" mt="xs">
        <Radio
          value="auto"
          label="Automatic"
          description="On an NVIDIA graphics card when there is one, else on the processor."
        />
        <Radio value="cpu" label="Processor" description={processor} />
        <Radio
          value="cuda"
          label="Graphics card"
          disabled={health.isSuccess && gpus.length === 0 && settings.device !== 'cuda'}
          description={
            health.isPending
              ? 'Looking for one…'
              : gpus.length > 0
                ? gpus.join(', ')
                : 'No NVIDIA graphics card that the trainer can use was found.'
          }
        />
      </Stack>
      {health.data?.problems.map(({ message, hint }) => (
        <Alert key={message} mt="sm" color="orange" title={message}>
          {hint}
        </Alert>
      ))}
    </Radio.Group>
  );
}

function ThreadChoice({ settings, change }: Choice) {
  const all = useAbout().data?.threads;
  return (
    <Stack gap="xs">
      <Switch
        label={all === undefined ? 'Use all processor threads' : `Use all ${all} processor threads`}
        description="Fewer leave the computer more room for other work while a job runs."
        checked={settings.threads === null}
        onChange={(event) => change({ threads: event.currentTarget.checked ? null : Math.max(1, (all ?? 2) - 1) })}
      />
      {settings.threads !== null && (
        <NumberInput
          label="Threads of a job"
          value={settings.threads}
          min={1}
          max={64}
          clampBehavior="strict"
          allowDecimal={false}
          maw={160}
          onChange={(threads) => typeof threads === 'number' && threads >= 1 && change({ threads })}
        />
      )}
    </Stack>
  );
}

const PROVIDERS: Readonly<Record<Settings['provider'], string>> = {
  auto: 'Whichever is fastest here',
  cpu: 'The processor',
  cuda: 'NVIDIA graphics card (CUDA)',
  dml: 'Graphics card (DirectML)',
  coreml: 'Apple (Core ML)',
  webgpu: 'Graphics card (WebGPU)',
};

/** What this computer has not got is left out, unless it is what was chosen. */
function ProviderChoice({ settings, change }: Choice) {
  const offered: readonly string[] = useHealth().data?.networks?.offered ?? ['cpu'];
  const names = (Object.keys(PROVIDERS) as Settings['provider'][]).filter(
    (name) => name === 'auto' || name === settings.provider || offered.includes(name),
  );
  return (
    <NativeSelect
      label="What avatars run on"
      description="Hearing and trained pictures. What fails there goes on on the processor."
      value={settings.provider}
      onChange={(event) => change({ provider: event.currentTarget.value as Settings['provider'] })}
      data={names.map((name) => ({ value: name, label: PROVIDERS[name] }))}
      maw={320}
    />
  );
}

function LibraryFolder() {
  const about = useAbout();
  const { client } = useStudio();
  if (!about.data) return null;
  const { libraryDir, canShowFolders } = about.data;
  return (
    <Stack gap={6}>
      <Text fw={600} size="sm">
        Library
      </Text>
      <Group gap="sm">
        <Code className="folder">{libraryDir}</Code>
        {canShowFolders ? (
          <Button size="compact-sm" variant="default" onClick={() => void client.system.showLibrary().catch(tell)}>
            Show in the file manager
          </Button>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void navigator.clipboard.writeText(libraryDir).catch(tell)}
          >
            Copy
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        Videos, avatars and exports. Another folder is chosen when the program starts: LIKENESS_LIBRARY, or --library.
      </Text>
    </Stack>
  );
}
