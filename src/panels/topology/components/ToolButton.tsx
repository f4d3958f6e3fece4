import { Button, type IconName } from '@grafana/ui';

interface ToolButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly testId: string;
  readonly onClick: () => void;
  /** Looks pressed; of a switch, also says so. */
  readonly isOn?: boolean;
  /** Id of what it opens, and whether that is open. */
  readonly opens?: string;
  readonly isOpen?: boolean;
  readonly isNamed?: boolean;
  readonly isDisabled?: boolean;
}

/** A button of the toolbar: an icon, and its name beside it where there is room for it. */
export function ToolButton(props: ToolButtonProps) {
  const { icon, label, testId, onClick, isOn, opens, isOpen = false, isNamed = false, isDisabled = false } = props;
  const opener = { 'aria-expanded': isOpen, 'aria-controls': isOpen ? opens : undefined };
  const state = opens === undefined ? { 'aria-pressed': isOn } : opener;
  const common = {
    icon,
    onClick,
    disabled: isDisabled,
    size: 'sm',
    variant: isOn === true ? 'primary' : 'secondary',
    fill: isOn === true ? 'outline' : 'text',
    'data-testid': testId,
    ...state,
  } as const;
  return isNamed ? <Button {...common}>{label}</Button> : <Button {...common} tooltip={label} aria-label={label} />;
}
