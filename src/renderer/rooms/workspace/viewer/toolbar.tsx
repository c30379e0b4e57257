import { ActionIcon, Button, Checkbox, Group, Popover, SegmentedControl, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { actions, keysOf } from '../../../ground/actions/index.ts';
import { LAYER_NAMES, LAYERS, MODE_NAMES, MODES, type Mode } from './modes.ts';
import { Icon } from '../transport/icons.tsx';
import { PictureMenu } from './picture-menu.tsx';
import { FIT } from './placement.ts';
import { useViewerState, viewerStore } from './viewer-state.ts';
import { toggleHead, type ZoomCommands } from './viewer-actions.ts';

/** Which picture, what over it, and how large. */
export function Toolbar({
  mode,
  onMode,
  framable,
  zoom,
  analysed,
  fullScreen,
}: {
  readonly mode: Mode;
  readonly onMode: (mode: Mode) => void;
  /** Whether the film that is chosen has a shape or background of its own, which the picture can have. */
  readonly framable: boolean;
  readonly zoom: ZoomCommands;
  readonly analysed: boolean;
  readonly fullScreen: () => void;
}) {
  const { headView, asFilm } = useViewerState();
  return (
    <Group
      component="header"
      className="viewer-bar"
      justify="space-between"
      gap="xs"
      role="toolbar"
      aria-label="Viewer"
    >
      <SegmentedControl
        size="xs"
        aria-label="Picture"
        value={mode}
        data={MODES.map((value) => ({ value, label: MODE_NAMES[value] }))}
        onChange={(value) => onMode(value as Mode)}
      />
      <Group gap={4} wrap="nowrap">
        {framable && (
          <Button
            size="compact-sm"
            variant={asFilm ? 'light' : 'subtle'}
            color={asFilm ? undefined : 'gray'}
            aria-pressed={asFilm}
            aria-label="As the film"
            title="As the film: in its shape and over its background, which Export has chosen"
            onClick={() => viewerStore.set({ asFilm: !asFilm, zoom: FIT })}
          >
            Film
          </Button>
        )}
        <OverlayMenu mode={mode} analysed={analysed} />
        <Button
          size="compact-sm"
          variant={headView ? 'light' : 'subtle'}
          color={headView ? undefined : 'gray'}
          disabled={!analysed}
          aria-pressed={headView}
          title={titled('Turn the head freely', 'viewer.head')}
          onClick={toggleHead}
        >
          3D
        </Button>
        <Tool name="Zoom out" action="viewer.zoom-out" sign="−" run={zoom.out} />
        <Tool name="Zoom in" action="viewer.zoom-in" sign="+" run={zoom.in} />
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          title={titled('Show all of the picture', 'viewer.fit')}
          onClick={zoom.fit}
        >
          Fit
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          title={titled('One screen pixel for each of the source', 'viewer.actual')}
          onClick={zoom.actual}
        >
          100 %
        </Button>
        <Tool name="Full screen" action="viewer.full-screen" sign={<Icon name="full-screen" />} run={fullScreen} />
        <PictureMenu />
      </Group>
    </Group>
  );
}

function Tool({
  name,
  action,
  sign,
  run,
}: {
  readonly name: string;
  readonly action: string;
  readonly sign: ReactNode;
  readonly run: () => void;
}) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={name} title={titled(name, action)} onClick={run}>
      <span aria-hidden>{sign}</span>
    </ActionIcon>
  );
}

/** What it does, and the key for it: "Zoom in (+)". */
function titled(text: string, action: string): string {
  const [shortcut] = actions.shortcutsOf(action);
  return shortcut === undefined ? text : `${text} (${keysOf(shortcut).join(' ')})`;
}

function OverlayMenu({ mode, analysed }: { readonly mode: Mode; readonly analysed: boolean }) {
  const { layers } = useViewerState();
  return (
    <Popover position="bottom-end" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button
          size="compact-sm"
          variant={layers.length > 0 ? 'light' : 'subtle'}
          color={layers.length > 0 ? undefined : 'gray'}
          aria-haspopup="dialog"
        >
          Overlay{layers.length > 0 ? ` ${layers.length}` : ''}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {LAYER_NAMES.map((layer) => (
            <Checkbox
              key={layer}
              size="sm"
              label={LAYERS[layer].name}
              checked={layers.includes(layer)}
              disabled={!analysed || (mode === 'avatar' && LAYERS[layer].measured)}
              description={mode === 'avatar' && LAYERS[layer].measured ? 'Measured on the source' : undefined}
              onChange={() => viewerStore.toggleLayer(layer)}
            />
          ))}
          {!analysed && (
            <Text size="sm" c="dimmed">
              Check the video first, under Source.
            </Text>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
