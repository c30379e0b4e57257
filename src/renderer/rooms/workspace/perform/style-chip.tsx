import type { StyleView } from '../../../../shared/contract/live.ts';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { media } from '../../../ground/host/media.ts';
import { useTransport } from '../transport/use-transport.tsx';

interface StyleChipProps {
  readonly name: string;
  /** Under the picture, where the whole name has no room. */
  readonly short?: string;
  /** The frame that shows it; the usual face is none in particular. */
  readonly shows?: { readonly project: ProjectDetail; readonly view: StyleView };
  readonly checked: boolean;
  readonly onChoose: () => void;
}

export function StyleChip({ name, short = name, shows, checked, onChoose }: StyleChipProps) {
  return (
    <label className="style-chip" title={name}>
      <input type="radio" name="style" checked={checked} onChange={onChoose} aria-label={name} />
      <span className="style-face">{shows ? <Face {...shows} /> : <span aria-hidden>–</span>}</span>
      <span aria-hidden>{short}</span>
    </label>
  );
}

/** Of the head's crop, the face: chips are small. In shares of the chip's side. */
const FACE = { x: 0.24, y: 0.26, side: 0.52 };

function Face({ project, view }: NonNullable<StyleChipProps['shows']>) {
  const { frames } = useTransport();
  const { pictures, source } = project;
  if (!pictures) return null;
  const [x0, y0, size] = view.crop;
  const side = size * FACE.side;
  const share = (pixels: number) => `${(100 * pixels) / side}%`;
  const frame = Math.min(frames.indexAt(view.seconds), pictures.frames - 1);
  const style = { width: share(source.width), left: share(-(x0 + FACE.x * size)), top: share(-(y0 + FACE.y * size)) };
  return <img src={media.picture(project.id, pictures, frame)} alt="" draggable={false} style={style} />;
}
