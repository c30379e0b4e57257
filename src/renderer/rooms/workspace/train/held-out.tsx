import { Stack, Table, Text, Title } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { drawnBy } from '../../../../shared/domain/drawn-by.ts';

/** What the avatar is worth on frames it never saw, beside what needs no training. */
export function HeldOut({ quality }: { readonly quality: NonNullable<ProjectDetail['quality']> }) {
  const { psnr, baselines, fast, std, sway } = quality;
  const byFrames = quality.draws === 'closed'; // then what the closed form shows is the avatar itself
  const untrained = [
    ...(baselines.instant && !byFrames ? [['Closed form', baselines.instant] as const] : []),
    ...(baselines.mean ? [['Mean of warps', baselines.mean] as const] : []),
    ['Warped frame', baselines.warp],
    ['Nearest frame', baselines.nearest],
  ] as const;
  const rows = [
    ['This avatar', psnr],
    ...(byFrames && sway ? [['With its sway', sway.psnr] as const] : []),
    ...(byFrames && std?.psnr ? [['As it was trained', std.psnr] as const] : []),
    ...(!byFrames && fast?.psnr ? [['Its live version', fast.psnr] as const] : []),
    ...untrained.map(([name, { psnr: figures }]) => [name, figures] as const),
  ] as const;
  const shown = drawnBy(quality);
  const heard = quality.encoders?.hubert?.r;
  const ahead = psnr.face - Math.max(...untrained.map(([, { psnr: figures }]) => figures.face));
  return (
    <Stack gap="xs" component="section" aria-label="Held-out quality">
      <Title order={2} size="h5">
        On {quality.frames} frames it never saw
      </Title>
      <Table withRowBorders={false} verticalSpacing={2} className="figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>PSNR, dB</Table.Th>
            <Table.Th>whole</Table.Th>
            <Table.Th>face</Table.Th>
            <Table.Th>mouth</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, figures]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td>{figures.head.toFixed(1)}</Table.Td>
              <Table.Td>{figures.face.toFixed(1)}</Table.Td>
              <Table.Td>{figures.mouth.toFixed(1)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed">
        The face is {Math.abs(ahead).toFixed(1)} dB{' '}
        {ahead >= 0 ? 'closer to the truth than' : 'further from the truth than'} the best of what needs no training:
        the video’s own frames, as they are, warped into place, {byFrames ? 'or averaged.' : 'averaged, or regressed.'}
      </Text>
      {byFrames && sway && (
        <Text size="sm" c="dimmed">
          With its sway: as it plays its own motion. Hair, neck and shoulders were tracked in these frames too.
        </Text>
      )}
      {shown !== null && <Text size="sm">{shown}</Text>}
      {quality.apertureR !== null && (
        <Text size="sm">Mouth opening driven by the sound: r = {quality.apertureR.toFixed(2)}</Text>
      )}
      {heard != null && quality.encoders?.embedded.r != null && (
        <Text size="sm">
          Opening of the driven face: r = {quality.encoders.embedded.r.toFixed(2)} by the embedded encoder,{' '}
          {heard.toFixed(2)} by HuBERT
        </Text>
      )}
    </Stack>
  );
}
