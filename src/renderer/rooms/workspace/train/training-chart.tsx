import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { useStudio } from '../../../ground/connection.tsx';
import { useNotices } from '../../../ground/notices.tsx';

interface Point {
  readonly step: number;
  readonly value: number;
}

const CLOSED = 'test closed_psnr_face';
/** The measurements that are drawn, by split and name. */
const SERIES = [
  { key: 'test psnr_face', label: 'face', colour: '#f67e40', width: 2, dash: [] },
  { key: 'test fast_psnr_face', label: 'face, live version', colour: '#4dabf7', width: 2, dash: [5, 3] },
  { key: CLOSED, label: 'face, the video’s own frames', colour: '#51cf66', width: 1, dash: [2, 3] },
  { key: 'train loss', label: 'loss', colour: '#868e96', width: 1, dash: [] },
] as const;

/** Held-out PSNR (left scale, dB) and the training loss (right scale) as they come. */
export function TrainingChart({ projectId }: { readonly projectId: string }) {
  const lines = useMeasurements(projectId);
  const drawn = SERIES.filter((_, place) => lines[place]!.length > 0);
  const psnr = lines[0]!.at(-1);
  if (drawn.length === 0) return null;
  return (
    <figure style={{ margin: 0 }}>
      <Chart lines={lines} />
      <figcaption>
        <ul className="chart-key" aria-label="Lines of the chart">
          {drawn.map(({ key, label, colour }) => (
            <li key={key} style={{ borderColor: colour }}>
              {label}
            </li>
          ))}
        </ul>
        <Text size="sm" c="dimmed">
          {psnr
            ? `Held-out face: ${psnr.value.toFixed(1)} dB at step ${psnr.step} (left scale; higher is better). ` +
              'Loss: right scale.'
            : 'The first held-out figure comes in a moment.'}
        </Text>
      </figcaption>
    </figure>
  );
}

/** Each series' points in order of steps: the log so far, and what comes while we watch. */
function useMeasurements(projectId: string): readonly (readonly Point[])[] {
  const { queries } = useStudio();
  const past = useQuery(queries.metrics.queryOptions({ input: { id: projectId }, staleTime: 0 }));
  const [live, setLive] = useState<readonly (Point & { readonly key: string })[]>([]);
  useNotices((notice) => {
    if (notice.kind !== 'trainer' || notice.projectId !== projectId || notice.event.type !== 'metric') return;
    const { step, split, name, value } = notice.event;
    const key = `${split} ${name}`;
    if (SERIES.some((series) => series.key === key)) setLive((points) => [...points, { key, step, value }]);
  });
  const all = [
    ...(past.data ?? []).map(({ split, name, step, value }) => ({ key: `${split} ${name}`, step, value })),
    ...live,
  ];
  return SERIES.map(({ key }) => {
    // After a reload the log and the live points overlap; the last word for a step counts.
    const byStep = new Map(all.filter((point) => point.key === key).map(({ step, value }) => [step, value]));
    return [...byStep].map(([step, value]) => ({ step, value })).toSorted((a, b) => a.step - b.step);
  });
}

const HEIGHT = 180;
const AXIS = { stroke: '#868e96', grid: { stroke: '#868e9633' }, ticks: { stroke: '#868e9633' } };

function Chart({ lines }: { readonly lines: readonly (readonly Point[])[] }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const steps = [...new Set(lines.flat().map(({ step }) => step))].toSorted((a, b) => a - b);
  const columns = lines.map((points, place) => {
    if (SERIES[place]!.key === CLOSED) return steps.map(() => points.at(-1)?.value ?? null); // it does not change
    const at = new Map(points.map(({ step, value }) => [step, value]));
    return steps.map((step) => at.get(step) ?? null);
  });
  useEffect(() => {
    if (!place.current) return;
    const created = new uPlot(
      {
        width: place.current.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        scales: { x: { time: false }, loss: {} },
        axes: [AXIS, { ...AXIS, size: 40 }, { ...AXIS, scale: 'loss', side: 1, size: 44, grid: { show: false } }],
        series: [
          {},
          ...SERIES.map(({ key, colour, width, dash }) => ({
            stroke: colour,
            width,
            dash: [...dash],
            spanGaps: true,
            ...(key === 'train loss' ? { scale: 'loss' } : {}),
          })),
        ],
      },
      [[], ...SERIES.map(() => [])],
      place.current,
    );
    plot.current = created;
    const resized = new ResizeObserver(
      ([entry]) => entry && created.setSize({ width: entry.contentRect.width, height: HEIGHT }),
    );
    resized.observe(place.current);
    return () => {
      resized.disconnect();
      created.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData([steps, ...columns]));
  return (
    <div
      ref={place}
      role="img"
      aria-label={
        `Training to step ${steps.at(-1) ?? 0}: ` +
        'held-out PSNR of the face in orange, of its live version in blue, ' +
        'of the video’s own frames in green, loss in grey'
      }
    />
  );
}
