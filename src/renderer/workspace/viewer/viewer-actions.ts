import { type Action, useActions } from '../../actions/index.ts';
import type { Step } from '../../app/route.ts';
import { LAYER_NAMES, LAYERS, MODE_NAMES, MODES, type Mode } from './modes.ts';
import { FIT, zoomAt } from './placement.ts';
import type { Stage } from './stage.ts';
import { modeAt, useViewerState, viewerStore } from './viewer-state.ts';

export interface ZoomCommands {
  readonly in: () => void;
  readonly out: () => void;
  readonly fit: () => void;
  readonly actual: () => void;
}

/** One press of + or -. */
const PRESS = 1.25;
const GROUP = 'Viewer';

/** A step keeps its own mode. The avatar shows a part of the source, so what was zoomed to there is another place here. */
export function chooseMode(step: Step, mode: Mode): void {
  const state = viewerStore.get();
  const another = (mode === 'source') !== (modeAt(step, state) === 'source');
  viewerStore.set({ modes: { ...state.modes, [step]: mode }, ...(another ? { zoom: FIT } : {}) });
}

/** Zooming from the keyboard and the toolbar is about the middle of the stage. */
export function zoomCommands(stage: Stage | null): ZoomCommands {
  const by = (factor: number) => () => {
    const shown = stage?.shown;
    if (shown) viewerStore.set({ zoom: zoomAt(shown.placement, factor, shown.stage, { x: shown.stage.width / 2, y: shown.stage.height / 2 }) });
  };
  const actual = () => {
    const shown = stage?.shown;
    if (shown) viewerStore.set({ zoom: zoomAt(shown.placement, 1 / shown.placement.scale, shown.stage, { x: shown.stage.width / 2, y: shown.stage.height / 2 }) });
  };
  return { in: by(PRESS), out: by(1 / PRESS), fit: () => viewerStore.set({ zoom: FIT }), actual };
}

/** What the viewer can be told from the keyboard and the palette. */
export function useViewerActions(step: Step, stage: Stage | null, analysed: boolean): void {
  const { headView } = useViewerState();
  const zoom = zoomCommands(stage);
  const offered: readonly Action[] = [
    ...MODES.map((mode, i) => ({ id: `viewer.${mode}`, title: `Show: ${MODE_NAMES[mode].toLowerCase()}`, group: GROUP, shortcuts: [String(i + 1)], run: () => chooseMode(step, mode) })),
    { id: 'viewer.zoom-in', title: 'Zoom in', group: GROUP, shortcuts: ['+', '='], repeats: true, run: zoom.in },
    { id: 'viewer.zoom-out', title: 'Zoom out', group: GROUP, shortcuts: ['-'], repeats: true, run: zoom.out },
    { id: 'viewer.fit', title: 'Show all of the picture', group: GROUP, shortcuts: ['0'], run: zoom.fit },
    { id: 'viewer.actual', title: 'Show the picture at 100 %', group: GROUP, shortcuts: ['9'], run: zoom.actual },
    { id: 'viewer.head', title: headView ? 'Back to the picture' : 'Turn the head freely', group: GROUP, shortcuts: ['H'], enabled: analysed, run: () => viewerStore.set({ headView: !viewerStore.get().headView }) },
    ...LAYER_NAMES.map((layer) => ({ id: `viewer.layer.${layer}`, title: `Overlay: ${LAYERS[layer].name.toLowerCase()}`, group: GROUP, shortcuts: layer === 'wire' ? ['W'] : [], enabled: analysed, run: () => viewerStore.toggleLayer(layer) })),
  ];
  useActions(offered);
}
