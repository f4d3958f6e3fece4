const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BUSIEST_HOUR = 14;
const DAILY_SWING = 0.3;
/** The evening shoulder: a second harmonic keeps the curve from being one plain wave. */
const EVENING_HOUR = 20;
const EVENING_SWING = 0.08;
/** The epoch was a Thursday, so its first weekend is centred on day 3.0, midnight of Saturday to Sunday. */
const WEEKEND_CENTRE_DAY = 3;
const WEEKEND_DENT = 0.2;
/** The dent is full within this many days of the centre and fades out over the next half day. */
const WEEKEND_HALF_DAYS = 0.75;
const WEEKEND_FADE_DAYS = 0.5;

/** Factor on all entry traffic, about 1 on average: hours are UTC, every step of it is smooth. */
export function loadFactor(atMs: number): number {
  const hour = (atMs % DAY_MS) / HOUR_MS;
  const day =
    1 +
    DAILY_SWING * Math.cos((2 * Math.PI * (hour - BUSIEST_HOUR)) / 24) +
    EVENING_SWING * Math.cos((4 * Math.PI * (hour - EVENING_HOUR)) / 24);
  const weekday = (atMs / DAY_MS) % 7;
  const away = Math.abs(weekday - WEEKEND_CENTRE_DAY);
  const distance = Math.min(away, 7 - away);
  const x = Math.min(1, Math.max(0, (WEEKEND_HALF_DAYS + WEEKEND_FADE_DAYS - distance) / WEEKEND_FADE_DAYS));
  return day * (1 - WEEKEND_DENT * x * x * (3 - 2 * x));
}
