import { useRef, useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useActions } from '../../../ground/actions/index.ts';
import { tell } from '../../../ground/errors.tsx';
import { useImport, VIDEO_FILES } from '../../library/import-queue.tsx';
import { fromLanesLeft, useFileDrop } from '../sounds/use-file-drop.ts';
import { TAKE_COMMANDS } from '../timeline/take-names.ts';
import { DriveDialog } from './drive-dialog.tsx';
import { useDriven } from './use-driven.ts';

/** Takes the video whose person is to drive the avatar: chosen by a command, or dropped on the lanes. */
export function DriveFromVideo({ project }: { readonly project: ProjectDetail }) {
  const importVideos = useImport();
  const remember = useDriven(project);
  const [file, setFile] = useState<File>();
  const [over, setOver] = useState<'lanes' | 'elsewhere'>();
  const choose = useRef<HTMLInputElement>(null);
  const ready = project.trained && file === undefined;
  useActions([{ ...TAKE_COMMANDS.drive, enabled: ready, run: () => choose.current?.click() }]);
  useFileDrop({
    kind: 'video',
    wanted: ready,
    over: (place) => setOver(place ? (fromLanesLeft(place) === undefined ? 'elsewhere' : 'lanes') : undefined),
    dropped: (files, place) => {
      if (fromLanesLeft(place) === undefined) importVideos(files);
      else if (files.length === 1) setFile(files[0]);
      else tell({ code: 'bad-request', message: 'One video drives a take.', hint: 'Drop one of them.' });
    },
  });
  return (
    <>
      {over && (
        <div className="file-drop" role="status">
          {over === 'lanes'
            ? 'Drop to let the person in it drive this avatar'
            : 'Drop to import, or on the timeline to let the person in it drive this avatar'}
        </div>
      )}
      <input
        ref={choose}
        type="file"
        hidden
        accept={Object.entries(VIDEO_FILES).flat(2).join(',')}
        data-testid="choose-driving"
        onChange={({ currentTarget }) => {
          setFile(currentTarget.files?.[0]);
          currentTarget.value = ''; // the same file may be chosen again
        }}
      />
      {file && <DriveDialog project={project} file={file} onStarted={remember} onClose={() => setFile(undefined)} />}
    </>
  );
}
