import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { actions, useActions } from '../../../ground/actions/index.ts';
import type { Step } from '../../../ground/route.ts';
import { LAYER_NAMES, LAYERS, MODE_NAMES, MODES, type Mode } from './modes.ts';
import { FIT, zoomAt } from './placement.ts';
import type { Stage } from './stage.ts';
import { useSaveFrame } from './use-save-frame.ts';
import { modeAt, viewerStore } from './viewer-state.ts';

export interface ZoomCommands {
  readonly in: () => void;
  readonly out: () => void;
  readonly fit: () => void;
  readonly actual: () => void;
}

/** One press of + or -. */
const PRESS = 1.25;

const named = (id: string, title: string, shortcuts: readonly string[], more: { readonly repeats?: boolean } = {}) => ({
  id: `viewer.${id}`,
  title,
  group: 'Viewer',
  shortcuts,
  ...more,
});
const MODE_COMMANDS = MODES.map((mode, i) => ({
  mode,
  ...named(mode, `Show: ${MODE_NAMES[mode].toLowerCase()}`, [String(i + 1)]),
}));
const LAYER_COMMANDS = LAYER_NAMES.map((layer) => ({
  layer,
  ...named(`layer.${layer}`, `Overlay: ${LAYERS[layer].name.toLowerCase()}`, layer === 'wire' ? ['W'] : []),
}));
const ZOOM = {
  in: named('zoom-in', 'Zoom in', ['+', '='], { repeats: true }),
  out: named('zoom-out', 'Zoom out', ['-'], { repeats: true }),
  fit: named('fit', 'Show all of the picture', ['0']),
  actual: named('actual', 'Show the picture at 100 %', ['9']),
};
const SAVE = {
  portrait: named('save-frame', 'Save this frame', ['Shift+P']),
  dub: named('save-frame-dub', 'Save this frame as a dub', []),
};
const FULL_SCREEN = named('full-screen', 'Full screen', ['Shift+F']);
export const PICTURE_MENU = [...Object.values(SAVE), FULL_SCREEN];
const HEAD = named('head', 'Turn the head freely', ['H']);

// Known from the start, so that their shortcuts can be changed before a project is open.
actions.know([...MODE_COMMANDS, ...Object.values(ZOOM), HEAD, ...LAYER_COMMANDS, ...PICTURE_MENU]);

/**
 * A step keeps its own mode. The avatar shows a part of the source, so what was zoomed to there is another place here.
 */
export function chooseMode(step: Step, mode: Mode): void {
  const state = viewerStore.get();
  const another = (mode === 'source') !== (modeAt(step, state) === 'source');
  viewerStore.set({ modes: { ...state.modes, [step]: mode }, ...(another ? { zoom: FIT } : {}) });
}

/** Zooming from the keyboard and the toolbar is about the middle of the stage. */
export function zoomCommands(stage: Stage | null): ZoomCommands {
  const by = (factor: (scale: number) => number) => () => {
    const shown = stage?.shown;
    if (shown)
      viewerStore.set({
        zoom: zoomAt(shown.placement, factor(shown.placement.scale), shown.stage, {
          x: shown.stage.width / 2,
          y: shown.stage.height / 2,
        }),
      });
  };
  return {
    in: by(() => PRESS),
    out: by(() => 1 / PRESS),
    fit: () => viewerStore.set({ zoom: FIT }),
    actual: by((scale) => 1 / scale),
  };
}

export const toggleHead = (): void => viewerStore.set({ headView: !viewerStore.get().headView });

/** What the viewer can be told from the keyboard and the palette. */
export function useViewerActions(
  project: ProjectDetail,
  step: Step,
  stage: Stage | null,
  analysed: boolean,
  fullScreen: () => void,
): void {
  const save = useSaveFrame(project);
  const { trained, hasVideo } = project;
  const zoom = zoomCommands(stage);
  useActions([
    ...MODE_COMMANDS.map(({ mode, ...command }) => ({ ...command, run: () => chooseMode(step, mode) })),
    { ...ZOOM.in, run: zoom.in },
    { ...ZOOM.out, run: zoom.out },
    { ...ZOOM.fit, run: zoom.fit },
    { ...ZOOM.actual, run: zoom.actual },
    { ...SAVE.portrait, enabled: trained, run: () => save('portrait') },
    { ...SAVE.dub, enabled: trained && hasVideo, run: () => save('dub') },
    { ...FULL_SCREEN, run: fullScreen },
    { ...HEAD, enabled: analysed, run: toggleHead },
    ...LAYER_COMMANDS.map(({ layer, ...command }) => ({
      ...command,
      enabled: analysed,
      run: () => viewerStore.toggleLayer(layer),
    })),
  ]);
}
