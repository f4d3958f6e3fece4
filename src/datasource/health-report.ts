import type { HealthCheckResult, HealthCheckResultDetails } from '@grafana/runtime';
import { HealthStatus } from '@grafana/runtime';
import type { HealthHop } from '@topdeck/protocol/grafana';
import { BehaviorSubject, distinctUntilChanged, map, type Observable } from 'rxjs';

export interface HealthReport {
  readonly message: string;
  readonly hops: readonly HealthHop[];
}

const hopsOf = (details: HealthCheckResultDetails): readonly HealthHop[] => {
  const hops = details?.['hops'];
  return Array.isArray(hops) ? (hops as HealthHop[]) : [];
};

/**
 * The newest check of each data source. Grafana runs the check from its own button and shows a message; the settings page
 * shows from here which hop it was.
 */
class HealthReports {
  readonly #reports = new BehaviorSubject<ReadonlyMap<string, HealthReport>>(new Map());

  /** The result as it is to be shown; an answer that never came becomes one that says so. */
  record(uid: string, result: HealthCheckResult | undefined): HealthCheckResult {
    const shown: HealthCheckResult = result?.message
      ? result
      : {
          status: HealthStatus.Error,
          message:
            'The check itself could not be run: the plugin of this data source did not answer. See Grafana’s log.',
          details: {},
        };
    const report = { message: shown.message, hops: hopsOf(shown.details) };
    this.#reports.next(new Map([...this.#reports.value, [uid, report]]));
    return shown;
  }

  of(uid: string): Observable<HealthReport | undefined> {
    return this.#reports.pipe(
      map((reports) => reports.get(uid)),
      distinctUntilChanged(),
    );
  }
}

export const healthReports = new HealthReports();
