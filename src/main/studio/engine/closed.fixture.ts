/** The tiny avatar with a closed form (made by `trainer/tests/tiny_avatar.py`). */
import { readFile } from 'node:fs/promises';
import { parseSafetensors, writeSafetensors } from '../../../shared/binary/index.ts';
import { type Bundle, type Control, openBundle, readIdle, readRig } from './bundle/index.ts';
import { changedBundle, TINY } from './bundles.fixture.ts';
import { ClosedForm, prepared, readAppearance } from './draw/closed/index.ts';
import { Proxies } from './draw/proxies.ts';

export const APPEARANCE = 'appearance.safetensors';

export const appearanceOf = (): Promise<Uint8Array> => readFile(new URL(`./fixtures/${APPEARANCE}`, import.meta.url));

export const withAppearance = (bundle: Bundle, bytes: Uint8Array): Bundle => ({
  ...bundle,
  files: new Map([...bundle.files, [APPEARANCE, bytes]]),
});

/** What the bundle's probe shows. */
export function probeControl(bundle: Bundle): Control {
  const { tensors } = parseSafetensors(bundle.files.get('probe.safetensors')!);
  const row = (name: string) => tensors.get(name)!.values as Float32Array;
  return {
    expression: row('expression'),
    gaze: row('gaze'),
    rotation: row('rotation'),
    translation: row('translation'),
    crop: row('crop'),
    torso: row('torso'),
  };
}

export interface OpenedForm {
  readonly form: ClosedForm;
  /** Placed for the probe. */
  readonly proxies: Proxies;
}

export function openedForm(bundle: Bundle, appearance: Uint8Array): OpenedForm {
  const rig = readRig(bundle);
  const proxies = new Proxies(rig, readIdle(bundle).torsoPose);
  proxies.place(probeControl(bundle));
  return { form: new ClosedForm(rig, prepared(readAppearance(withAppearance(bundle, appearance)))), proxies };
}

export async function drawnProbe(bundle: Bundle, appearance: Uint8Array): Promise<ClosedForm> {
  const { form, proxies } = openedForm(bundle, appearance);
  await form.draw(proxies, probeControl(bundle));
  return form;
}

/** Writes the tiny avatar as one that is drawn by its closed form; its probe shows that, changed as asked. */
export async function closedBundle(
  path: string,
  {
    change = () => undefined,
    alone = false,
    files = {},
  }: {
    readonly change?: (picture: Float32Array) => void;
    readonly alone?: boolean;
    /** Others than the tiny avatar's. */
    readonly files?: Readonly<Record<string, Uint8Array>>;
  } = {},
): Promise<string> {
  const tiny = await openBundle(TINY);
  const content = await appearanceOf();
  const { tensors, metadata } = parseSafetensors(tiny.files.get('probe.safetensors')!);
  const picture = (await drawnProbe(tiny, content)).multiplied.slice();
  change(picture);
  const kept = [...tensors].filter(([key]) => !alone || !['rgba', 'rgba_fast'].includes(key));
  const rows = Object.fromEntries(kept.map(([key, { shape, values }]) => [key, { shape, values }]));
  const probe = writeSafetensors({ ...rows, rgba_closed: { shape: [256, 256, 4], values: picture } }, metadata);
  const without: Record<string, null> = alone ? { 'render.onnx': null, 'render-fast.onnx': null } : {};
  return changedBundle(path, {
    files: { [APPEARANCE]: content, 'probe.safetensors': probe, ...without, ...files },
    manifest: (manifest) => (manifest['draws'] = 'closed'),
  });
}
