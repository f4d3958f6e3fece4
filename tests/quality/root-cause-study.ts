/**
 * `node tests/quality/root-cause-study.ts [--datasets DIR]`: what docs/quality.md says of the search for root causes beyond
 * its scores. Prints whether names play a part, how the scores move with each constant, and draws docs/quality-confidence.svg, how
 * often the first suspect was right against the confidence in it, over several times of judgement.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { ROOT_CAUSE } from '../../backend-bridge/src/engine/root-cause/tuning.ts';
import { judgeDay } from './nezha/judge-nezha.ts';
import { NEZHA } from './nezha/nezha-set.ts';
import { readNezhaDay, type NezhaDay } from './nezha/read-nezha.ts';
import { judgeIssue } from './petshop/judge-petshop.ts';
import { PETSHOP } from './petshop/petshop-set.ts';
import { readPetShop, STEP_MS, type PetShop, type Rename } from './petshop/read-petshop.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { datasets: { type: 'string' } } });
const datasets = resolve(values.datasets ?? resolve(ROOT, '../shared/datasets'));
const readShops = (rename?: Rename): PetShop[] => PETSHOP.find(datasets).map((folder) => readPetShop(folder, rename));
const readDays = (rename?: Rename): NezhaDay[] => NEZHA.find(datasets).map((folder) => readNezhaDay(folder, rename));
let [shops, days] = [readShops(), readDays()];

interface Judged {
  readonly place: number;
  /** Of the first suspect; undefined where there is none. */
  readonly confidence: number | undefined;
}
interface Timing {
  readonly petshopMs?: number;
  readonly nezhaMs?: number;
}

function judge({ petshopMs, nezhaMs }: Timing = {}): { petshop: Judged[]; nezha: Judged[] } {
  const issues = shops.flatMap((shop) => shop.issues.map((issue) => judgeIssue(shop, issue, petshopMs)));
  const faults = days.flatMap((day) => judgeDay(day, nezhaMs));
  return {
    petshop: issues.map(({ place, answer }) => ({ place, confidence: answer.suspects[0]?.confidence })),
    nezha: faults.map(({ place, suspects }) => ({ place, confidence: suspects[0]?.confidence })),
  };
}

const VARIATIONS: Readonly<Partial<Record<keyof typeof ROOT_CAUSE, readonly number[]>>> = {
  halfTrustZ: [2, 2.5, 3.5, 4, 5],
  youngSamples: [5, 20],
  inferredTrust: [0.3, 0.7, 1],
  unexplainedTrust: [0.3, 0.4, 0.6, 0.7],
  windowTicks: [2, 4],
  scoreGrain: [0.001, 0.05],
};

const places = (judged: readonly Judged[]): string =>
  [1, 3].map((most) => judged.filter(({ place }) => place > 0 && place <= most).length).join(' / ');

function printVariations(): void {
  const tuning = ROOT_CAUSE as unknown as Record<string, number>;
  const row = (name: string): void => {
    const { petshop, nezha } = judge();
    process.stdout.write(`| ${name} | ${places(petshop)} | ${places(nezha)} |\n`);
  };
  process.stdout.write('| constant | PetShop: first / in three | Nezha: first / in three |\n| --- | --- | --- |\n');
  row('as chosen');
  for (const [name, others] of Object.entries(VARIATIONS)) {
    const chosen = tuning[name];
    for (const other of others) {
      tuning[name] = other;
      row(`${name} ${other}`);
    }
    tuning[name] = chosen;
  }
}

/** Too early, early, as scored, and late: a suspect that leads clearly too early is as likely wrong as its confidence says. */
const TIMINGS: readonly Timing[] = [
  { petshopMs: 0, nezhaMs: 30_000 },
  { petshopMs: STEP_MS, nezhaMs: 80_000 },
  { petshopMs: STEP_MS, nezhaMs: 140_000 },
  {},
  { petshopMs: 3 * STEP_MS, nezhaMs: 260_000 },
];
const BINS = [0, 0.6, 0.85, 0.94, 0.97, 1.01];

interface Bin {
  readonly count: number;
  readonly right: number;
  readonly confidence: number;
}

function calibration(): Bin[] {
  const judged = TIMINGS.flatMap((timing) => Object.values(judge(timing)).flat());
  return BINS.slice(1).map((to, b) => {
    const inside = judged.filter(({ confidence = -1 }) => confidence >= BINS[b] && confidence < to);
    return {
      count: inside.length,
      right: inside.filter(({ place }) => place === 1).length / inside.length,
      confidence: inside.reduce((sum, { confidence = 0 }) => sum + confidence, 0) / inside.length,
    };
  });
}

const SIZE = 360;
const at = (value: number): number => 50 + value * (SIZE - 70);

/** Confidence to the right, share of right answers upwards; the area of a dot is its number of answers. */
function plot(bins: readonly Bin[]): string {
  const y = (value: number): number => SIZE - at(value);
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((tick) => [
    `<text x="${at(tick)}" y="${SIZE - 30}" text-anchor="middle">${tick}</text>`,
    `<text x="42" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
  ]);
  const dots = bins.map(({ count, right, confidence }) => {
    const label = `${Math.round(count * right)} of ${count}`;
    const place = `cx="${at(confidence).toFixed(1)}" cy="${y(right).toFixed(1)}"`;
    const text = `<text x="${(at(confidence) - 16).toFixed(1)}" y="${(y(right) + 4).toFixed(1)}" text-anchor="end">${label}</text>`;
    return `<circle ${place} r="${(Math.sqrt(count) + 2).toFixed(1)}" fill="#3274d9" fill-opacity="0.7"/>${text}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" font-family="sans-serif" font-size="11">
<rect width="${SIZE}" height="${SIZE}" fill="#fff"/>
<path d="M${at(0)} ${y(0)}L${at(1)} ${y(1)}" stroke="#999" stroke-dasharray="4 3"/>
<path d="M${at(0)} ${y(1)}V${y(0)}H${at(1)}" stroke="#333" fill="none"/>
${[...ticks, ...dots].join('\n')}
<text x="${at(0.5)}" y="${SIZE - 10}" text-anchor="middle">confidence in the first suspect</text>
<text transform="translate(12 ${y(0.5)}) rotate(-90)" text-anchor="middle">share that was the cause</text>
</svg>
`;
}

/** Other names, and with them another order of services and calls. */
const otherName: Rename = (name) => createHash('sha256').update(name).digest('hex');

function printRenamed(): void {
  const plain = judge();
  [shops, days] = [readShops(otherName), readDays(otherName)];
  const isSame = isDeepStrictEqual(judge(), plain);
  [shops, days] = [readShops(), readDays()];
  process.stdout.write(`renamed: ${isSame ? 'every place and confidence the same' : 'not the same'}\n\n`);
}

printRenamed();
printVariations();
const bins = calibration();
for (const { count, right, confidence } of bins) {
  process.stdout.write(`confidence ${confidence.toFixed(2)}: right ${right.toFixed(2)} of ${count}\n`);
}
writeFileSync(resolve(ROOT, 'docs/quality-confidence.svg'), plot(bins));
