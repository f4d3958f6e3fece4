import { useEffect, useMemo, useState, type KeyboardEvent } from 'react';
import type { Hit, Scene } from '../draw/scene.ts';
import { mostUrgent, nodeTowards, type Direction } from '../navigate.ts';
import type { Stage } from './stage.ts';

interface CursorOptions {
  readonly scene: Scene;
  readonly stage: Stage | undefined;
  /** Something is selected, which Escape would clear. */
  readonly isSelected: boolean;
  readonly announce: (node: number) => string;
  readonly onSelect: (hit: Hit | undefined) => void;
  readonly onAround: (node: number) => void;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const PAN_PX = 60;
const PANS: Readonly<Record<Direction, readonly [dx: number, dy: number]>> = {
  left: [PAN_PX, 0],
  right: [-PAN_PX, 0],
  up: [0, PAN_PX],
  down: [0, -PAN_PX],
};
const ZOOM = 1.4;

type Command = (options: CursorOptions & { readonly at: number | undefined; readonly isWithShift: boolean }) => Step;
/** Where the cursor is after it; `false`: the key means nothing now, and is left to the page. */
type Step = { readonly node: number | undefined } | false;

const stay = (at: number | undefined): Step => ({ node: at });

const walk =
  (direction: Direction): Command =>
  ({ scene, stage, at, isWithShift }) => {
    if (isWithShift) {
      stage?.panBy(...PANS[direction]);
      return stay(at);
    }
    return stay(at === undefined ? mostUrgent(scene) : (nodeTowards(scene, at, direction) ?? at));
  };
const enter: Command = ({ at, isWithShift, onAround, onSelect }) => {
  if (at === undefined) return false;
  if (isWithShift) onAround(at);
  else onSelect({ kind: 'node', index: at });
  return stay(at);
};
const zoom =
  (factor: number): Command =>
  ({ stage, at }) => {
    stage?.zoomBy(factor);
    return stay(at);
  };

const COMMANDS: Readonly<Record<string, Command>> = {
  ...Object.fromEntries(Object.entries(DIRECTIONS).map(([key, direction]) => [key, walk(direction)])),
  Home: ({ scene }) => stay(mostUrgent(scene)),
  Enter: enter,
  ' ': enter,
  Escape: ({ at, isSelected, onSelect }) => {
    if (at === undefined && !isSelected) return false;
    onSelect(undefined);
    return stay(undefined);
  },
  '+': zoom(ZOOM),
  '=': zoom(ZOOM),
  '-': zoom(1 / ZOOM),
  '0': ({ stage, at }) => {
    stage?.fit();
    return stay(at);
  },
};

/** The keyboard on the stage: a node that it is at, kept by id since indices change with the data. */
export function useCursor(options: CursorOptions) {
  const { scene, stage, announce } = options;
  const [id, setId] = useState<string | undefined>();
  const [spoken, setSpoken] = useState('');
  const { ids } = scene.nodes;
  const at = useMemo(() => {
    const index = id === undefined ? -1 : ids.indexOf(id);
    return index < 0 ? undefined : index;
  }, [ids, id]);
  useEffect(() => stage?.point(at), [stage, at]);

  const moveTo = (node: number | undefined): void => {
    if (node === at) return;
    setId(node === undefined ? undefined : ids[node]);
    setSpoken(node === undefined ? '' : announce(node));
    if (node !== undefined) stage?.reveal(node);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const command = Object.hasOwn(COMMANDS, event.key) ? COMMANDS[event.key] : undefined;
    if (command === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = command({ ...options, at, isWithShift: event.shiftKey });
    if (step === false) return;
    // Grafana has keys of its own for the same.
    event.preventDefault();
    event.stopPropagation();
    moveTo(step.node);
  };
  return { onKeyDown, onBlur: () => moveTo(undefined), spoken, moveTo };
}
