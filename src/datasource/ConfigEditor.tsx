import { TEST_IDS } from '../ui/test-ids.ts';
import { ConnectionSection } from './config/ConnectionSection.tsx';
import { HopList } from './config/HopList.tsx';
import { TimingSection } from './config/TimingSection.tsx';
import { TlsSection } from './config/TlsSection.tsx';
import { useSettings, type EditorProps } from './config/use-settings.ts';

export function ConfigEditor(props: EditorProps) {
  const settings = useSettings(props);
  return (
    <div data-testid={TEST_IDS.configEditor.root}>
      <ConnectionSection settings={settings} />
      <TlsSection settings={settings} />
      <TimingSection settings={settings} />
      <HopList uid={props.options.uid} />
    </div>
  );
}
