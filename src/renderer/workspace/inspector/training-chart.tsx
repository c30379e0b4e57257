import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { useStudio } from '../../app/connection.tsx';
import { useNotices } from '../../app/notices.tsx';

interface Point {
  readonly step: number;
  readonly split: 'train' | 'test';
  readonly name: string;
  readonly value: number;
}

/** Held-out PSNR (left scale, dB) and the training loss (right scale) as they come. */
export function TrainingChart({ projectId }: { readonly projectId: string }) {
  const { queries } = useStudio();
  const past = useQuery(queries.metrics.queryOptions({ input: { id: projectId }, staleTime: 0 }));
  const [live, setLive] = useState<readonly Point[]>([]);
  useNotices((notice) => {
    if (notice.kind !== 'trainer' || notice.projectId !== projectId || notice.event.type !== 'metric') return;
    const { step, split, name, value } = notice.event;
    setLive((points) => [...points, { step, split, name, value }]);
  });
  // After a reload the log and the live points overlap; the last word for a step counts.
  const points = new Map<string, Point>();
  for (const point of [...(past.data ?? []), ...live]) points.set(`${point.split} ${point.name} ${point.step}`, point);
  const all = [...points.values()].toSorted((a, b) => a.step - b.step);
  const psnr = all.filter((point) => point.split === 'test' && point.name === 'psnr_face');
  const loss = all.filter((point) => point.split === 'train' && /^(loss|total)/i.test(point.name));
  if (psnr.length + loss.length === 0) return null;
  return (
    <figure style={{ margin: 0 }}>
      <Chart psnr={psnr} loss={loss} />
      <Text component="figcaption" size="sm" c="dimmed">
        {psnr.length > 0 ? `Held-out face: ${psnr.at(-1)?.value.toFixed(1)} dB at step ${psnr.at(-1)?.step} (orange, left). Grey, right: loss.` : 'The first held-out figure comes in a moment.'}
      </Text>
    </figure>
  );
}

const HEIGHT = 180;
const AXIS = { stroke: '#868e96', grid: { stroke: '#868e9633' }, ticks: { stroke: '#868e9633' } };

function Chart({ psnr, loss }: { readonly psnr: readonly Point[]; readonly loss: readonly Point[] }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const steps = [...new Set([...psnr, ...loss].map((point) => point.step))].toSorted((a, b) => a - b);
  const column = (points: readonly Point[]) => {
    const at = new Map(points.map((point) => [point.step, point.value]));
    return steps.map((step) => at.get(step) ?? null);
  };
  useEffect(() => {
    if (!place.current) return;
    const created = new uPlot(
      {
        width: place.current.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        scales: { x: { time: false }, loss: {} },
        axes: [AXIS, { ...AXIS, size: 40 }, { ...AXIS, scale: 'loss', side: 1, size: 44, grid: { show: false } }],
        series: [{}, { stroke: '#f67e40', width: 2, spanGaps: true }, { stroke: '#868e96', width: 1, spanGaps: true, scale: 'loss' }],
      },
      [[], [], []],
      place.current,
    );
    plot.current = created;
    const resized = new ResizeObserver(([entry]) => entry && created.setSize({ width: entry.contentRect.width, height: HEIGHT }));
    resized.observe(place.current);
    return () => {
      resized.disconnect();
      created.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData([steps, column(psnr), column(loss)]));
  return <div ref={place} role="img" aria-label="Training: held-out PSNR of the face in orange, loss in grey" />;
}
