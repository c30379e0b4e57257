import { Button, Group, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { inManner, isInManner, mannerOfTake } from '../../../../shared/domain/manner.ts';
import { freeName } from '../../../../shared/domain/names.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { NameDialog } from '../../../ground/name-dialog.tsx';
import { Sign } from '../../../ground/signs.tsx';
import { offerWayBack } from '../../../ground/way-back.tsx';
import { useTake } from '../../../take/use-take.tsx';
import { ChoiceTitle } from './choice-title.tsx';

type Manner = ProjectDetail['manners'][number];

/** How the take is performed (head, strength, variation, style), saved under a name to be applied to another. */
export function Manners({ project: { id, manners } }: { readonly project: ProjectDetail }) {
  const { client } = useStudio();
  const { take, edit } = useTake();
  const [naming, setNaming] = useState(false);
  const applied = manners.find(({ manner }) => isInManner(take, manner));
  const shown = applied?.name ?? 'Choose or save';
  const apply = (name: string) => {
    const chosen = manners.find((one) => one.name === name);
    if (chosen) edit(`manner “${name}”`, (now) => inManner(now, chosen.manner));
  };
  const remove = ({ name, manner }: Manner) => {
    const notice = `removed manner ${name}`;
    const undo = async () => {
      await client.takes.saveManner({ id, name, manner });
      notifications.hide(notice);
    };
    client.takes
      .removeManner({ id, name })
      .then(() => offerWayBack(notice, `The manner “${name}” was removed.`, undo), tell);
  };
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs">
      <ChoiceTitle id="manner" name="Saved manner" hint={HINT} />
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`Saved manner: ${shown}`}
            title={applied?.name}
            rightSection={<Sign name="down" size={12} />}
            className="manner-button"
          >
            {shown}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.RadioGroup value={applied?.name ?? null} onChange={apply}>
            {manners.map(({ name }) => (
              <Menu.RadioItem key={name} value={name} closeMenuOnClick>
                {name}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          {manners.length > 0 && <Menu.Divider />}
          <Menu.Item onClick={() => setNaming(true)}>Save as…</Menu.Item>
          {manners.map((one) => (
            <Menu.Item key={one.name} onClick={() => remove(one)}>
              Remove “{one.name}”
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <NameDialog
          title="Save the manner"
          action="Save"
          name={applied?.name ?? freeName('Manner 1', names(manners))}
          replaces={names(manners)}
          named={(name) => client.takes.saveManner({ id, name, manner: mannerOfTake(take) })}
          onClose={() => setNaming(false)}
        />
      )}
    </Group>
  );
}

const names = (manners: readonly Manner[]): readonly string[] => manners.map(({ name }) => name);

const HINT = 'Head, strength, variation and style together. Saved under a name it can be applied to other takes.';
