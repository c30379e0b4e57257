import { Modal, Tabs } from '@mantine/core';
import { overPage, type SettingsPage, useOverPage } from '../../ground/over-page.ts';
import { AboutPage } from './about-page.tsx';
import { CheckPage } from './check-page.tsx';
import { GeneralPage } from './general-page.tsx';
import { ModelsPage } from './models-page.tsx';
import { ReportPage } from './report-page.tsx';
import { ShortcutsPage } from './shortcuts-page.tsx';
import './settings.css';

const PAGES = {
  general: { title: 'General', Page: GeneralPage },
  shortcuts: { title: 'Shortcuts', Page: ShortcutsPage },
  models: { title: 'Models', Page: ModelsPage },
  check: { title: 'Check a file', Page: CheckPage },
  report: { title: 'Debug report', Page: ReportPage },
  about: { title: 'About', Page: AboutPage },
} as const;

/** Everything about the program itself. */
export function SettingsDialog() {
  const shown = useOverPage();
  return (
    <Modal
      opened={shown.kind === 'settings'}
      onClose={overPage.close}
      size={860}
      title="Settings"
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: 'settings-body' }}
    >
      {shown.kind === 'settings' && (
        <Tabs
          orientation="vertical"
          value={shown.page}
          onChange={(page) => overPage.show({ kind: 'settings', page: page as SettingsPage })}
          keepMounted={false}
          className="settings"
        >
          <Tabs.List aria-label="Pages of the settings">
            {Object.entries(PAGES).map(([page, { title }]) => (
              <Tabs.Tab key={page} value={page}>
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {Object.entries(PAGES).map(([page, { Page }]) => (
            <Tabs.Panel key={page} value={page} className="settings-page">
              <Page />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Modal>
  );
}
