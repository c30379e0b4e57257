import type { ReactNode } from 'react';
import { AMPLIFIED } from './difference.ts';
import { HEAT_STOPS } from './overlay/heat-stops.ts';
import type { Stage } from './stage.ts';
import { useShown } from './use-shown.ts';

/** What black and white mean in a difference. */
export function DifferenceLegend() {
  return (
    <Legend from="same" to={`${256 / AMPLIFIED} of 255 levels`} stops={['#000000', '#ffffff']}>
      Difference × {AMPLIFIED}
    </Legend>
  );
}

/** What the colours of the residual mean. Its scale is known when the first landmarks have come. */
export function HeatLegend({ stage }: { readonly stage: Stage | null }) {
  const scale = useShown(stage, ({ heatScale }) => heatScale);
  if (scale == null) return null;
  return (
    <Legend from="0" to={`${scale} px or more`} stops={HEAT_STOPS}>
      Fit to landmark, source pixels
    </Legend>
  );
}

function Legend({
  from,
  to,
  stops,
  children,
}: {
  readonly from: string;
  readonly to: string;
  readonly stops: readonly string[];
  readonly children: ReactNode;
}) {
  return (
    <figure className="viewer-legend">
      <figcaption>{children}</figcaption>
      <span
        aria-hidden
        className="viewer-legend-bar"
        style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }}
      />
      <span className="viewer-legend-ends">
        <span>{from}</span>
        <span>{to}</span>
      </span>
    </figure>
  );
}
