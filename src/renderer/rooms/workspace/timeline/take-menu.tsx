import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { type Action, actions, useActions } from '../../../ground/actions/index.ts';
import { NameDialog } from '../../../ground/name-dialog.tsx';
import { Sign } from '../../../ground/signs.tsx';
import { TAKE_COMMANDS } from './take-names.ts';
import { type ProjectTakes, useTakes } from './use-takes.ts';
import './take-menu.css';

/** Of those that were removed, as many as a menu has room for; the last ones. */
const WAYS_BACK = 5;

/** Which take is open, the others, and what can be done with them. */
export function TakeMenu({ project }: { readonly project: ProjectDetail }) {
  const takes = useTakes(project);
  const { open } = takes;
  const [renaming, setRenaming] = useState(false);
  const rename = () => setRenaming(true);
  const several = project.takes.length > 1;
  useActions(commandsOf(takes, several, rename));
  return (
    <>
      <Menu position="top-start" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button
            className="take-button"
            variant="default"
            size="compact-sm"
            rightSection={<Sign name="down" size={12} />}
            aria-label={`Take: ${open?.name ?? ''}`}
            title={open?.name}
          >
            {open?.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className="take-menu">
          <Menu.RadioGroup value={open?.id ?? null} onChange={takes.choose}>
            {project.takes.map(({ id, name }) => (
              <Menu.RadioItem key={id} value={id} closeMenuOnClick>
                {name}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item onClick={takes.create}>New take</Menu.Item>
          <Menu.Item onClick={takes.duplicate}>Duplicate</Menu.Item>
          <Menu.Item disabled={!project.trained} onClick={() => actions.run(TAKE_COMMANDS.drive.id)}>
            Drive from a video…
          </Menu.Item>
          <Menu.Item onClick={rename}>Rename…</Menu.Item>
          <Menu.Item disabled={!several} onClick={takes.remove}>
            Remove
          </Menu.Item>
          {project.removedTakes.length > 0 && <Menu.Divider />}
          {project.removedTakes.slice(0, WAYS_BACK).map(({ id, name }) => (
            <Menu.Item key={id} onClick={() => takes.bringBack(id)}>
              Bring back “{name}”
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {renaming && open && (
        <NameDialog
          title="Rename the take"
          action="Rename"
          name={open.name}
          named={takes.rename}
          onClose={() => setRenaming(false)}
        />
      )}
    </>
  );
}

function commandsOf(takes: ProjectTakes, several: boolean, rename: () => void): readonly Action[] {
  const { create, duplicate, remove, step } = takes;
  return [
    { ...TAKE_COMMANDS.create, enabled: true, run: create },
    { ...TAKE_COMMANDS.duplicate, enabled: true, run: duplicate },
    { ...TAKE_COMMANDS.rename, enabled: true, run: rename },
    { ...TAKE_COMMANDS.remove, enabled: several, run: remove },
    { ...TAKE_COMMANDS.next, enabled: several, run: () => step(1) },
    { ...TAKE_COMMANDS.previous, enabled: several, run: () => step(-1) },
  ];
}
