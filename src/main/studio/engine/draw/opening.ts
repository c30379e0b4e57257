import { type Bundle, type MotionTrack, onlyFiles, type Rig, withoutProvider } from '../bundle/index.ts';
import { ClosedForm, prepared, readAppearance } from './closed/index.ts';
import { Drawing, type DrawnForm, sceneOf } from './drawing.ts';
import { GRAPH_FILES, type GraphName, type RendererGraph } from './graph.ts';
import { PLATE_FILE } from './portrait.ts';
import type { Proxies } from './proxies.ts';
import { type Probe, readProbe, selfCheck } from './self-check.ts';
import type { SpeedFigures } from './speed.ts';

/** The std graph is kept for live pictures only where it leaves as much room as the fast one would. */
const LIVE_STD_FPS = 50;
const LIVE_HEIGHT = 360;
const PICK_MS = 500; // for each graph

/** Opens graphs of a bundle, each checked against the probe. Raises StudioError('bad-bundle'). */
export async function openDrawings(
  bundle: Bundle,
  names: readonly GraphName[],
  { rig, idle, threads }: { readonly rig: Rig; readonly idle: MotionTrack; readonly threads: number },
): Promise<Drawing[]> {
  const pictures = onlyFiles(bundle, [PLATE_FILE]); // the graphs' bytes may go once their sessions are made
  const probe = readProbe(bundle);
  const scene = sceneOf(rig, idle, pictures);
  const open = async (name: GraphName): Promise<{ graph: RendererGraph; form?: DrawnForm }> => {
    if (name !== 'closed') return { graph: await openNetwork(bundle, name, threads) };
    const appearance = prepared(readAppearance(bundle));
    return { graph: new ClosedForm(rig, appearance), form: { rig, idle, pictures, appearance } };
  };
  const drawings: Drawing[] = [];
  for (const { graph, form } of await Promise.all(names.map(open)))
    drawings.push(new Drawing(await checked(bundle, graph, threads, scene.proxies, probe), scene, form));
  return drawings;
}

/** ONNX Runtime is not loaded for who draws without it. */
async function openNetwork(
  bundle: Bundle,
  name: Exclude<GraphName, 'closed'>,
  threads: number,
  exact = false,
): Promise<RendererGraph> {
  const { openGraph } = await import('./networks.ts');
  return openGraph(bundle, name, threads, exact);
}

/**
 * Times them, keeps the closed form where it was opened, else the better one that is fast enough to be live, and closes
 * the other.
 */
export async function quickest(
  drawings: readonly Drawing[],
): Promise<{ readonly drawing: Drawing; readonly speeds: readonly SpeedFigures[] }> {
  const speeds: SpeedFigures[] = [];
  for (const drawing of drawings) speeds.push(await drawing.measure(LIVE_HEIGHT, PICK_MS));
  const of = (name: GraphName) => speeds.find(({ model }) => model === name)?.fps ?? 0;
  const network = of('std') >= LIVE_STD_FPS || of('std') >= of('fast') ? 'std' : 'fast';
  const picked: GraphName = drawings.some(({ graph }) => graph === 'closed') ? 'closed' : network;
  const kept = drawings.find(({ graph }) => graph === picked)!;
  await Promise.all(drawings.filter((drawing) => drawing !== kept).map((drawing) => drawing.close()));
  return { drawing: kept, speeds };
}

/**
 * The graph once it draws the probe as it was drawn before: on the processor where a provider does not, and the fast
 * one gets another chance with exact products.
 */
async function checked(
  bundle: Bundle,
  graph: RendererGraph,
  threads: number,
  proxies: Proxies,
  probe: Probe,
): Promise<RendererGraph> {
  try {
    await selfCheck(proxies, graph, probe);
    return graph;
  } catch (error) {
    await graph.close();
    if (graph.name === 'closed') throw error;
    const onProcessor = await withoutProvider(bundle, GRAPH_FILES[graph.name], String(error));
    if (onProcessor)
      return checked(onProcessor, await openNetwork(onProcessor, graph.name, threads), threads, proxies, probe);
    if (graph.name !== 'fast') throw error;
  }
  const exact = await openNetwork(bundle, 'fast', threads, true);
  await selfCheck(proxies, exact, probe);
  return exact;
}
