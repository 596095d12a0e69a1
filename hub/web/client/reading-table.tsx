import type { JSX } from "preact";
import type { SiteLatest, SiteView } from "../../api/views.js";
import { districtName } from "../../words/words.js";
import { fill, number, time } from "../format.js";
import { isSilent, newestTime, reasonsOf } from "../state.js";
import { Age } from "./age.js";
import { Icon } from "./icons.js";
import type { Moment } from "./live-page.js";
import { Reasons } from "./reasons.js";
import { useWords } from "./words.js";

interface Column {
  property: string;
  title: string;
  unit: string;
  decimals: number;
  /** From the property's unit to the one shown. */
  scale: number;
}

interface ReadingTableProps {
  id: string;
  title: string;
  note?: string;
  sites: SiteView[];
  latest: Record<string, SiteLatest>;
  moment: Moment;
  columns: Column[];
}

interface ValueProps {
  property: string;
  latest: SiteLatest | undefined;
  column: Column;
  blind: boolean;
}

function Value({ property, latest, column, blind }: ValueProps): JSX.Element {
  const { w, language } = useWords();
  const one = latest?.[property];
  if (one === undefined) return <span>—</span>;
  const reasons = <Reasons flag={one.flag} why={reasonsOf(one, latest)} />;
  if (one.value === null || one.flag === 9 || one.flag === 4)
    return (
      <span class="mark failed">
        <Icon name="failed" /> {one.value === null ? w.missing : w.failed} {reasons}
      </span>
    );
  const text = number(one.value * column.scale, column.decimals, language);
  if (blind) return <s>{text}</s>;
  if (one.flag === 3)
    return (
      <span class="mark suspect">
        {text} <Icon name="suspect" /> {w.suspect} {reasons}
      </span>
    );
  return (
    <span class="mark">
      {text} {reasons}
    </span>
  );
}

export function ReadingTable({ id, title, note, sites, latest, moment, columns }: ReadingTableProps): JSX.Element {
  const { w, language } = useWords();
  return (
    <section class={`readings ${id}`} aria-labelledby={`${id}-title`}>
      <div class="head">
        <h2 id={`${id}-title`}>{title}</h2>
        {note !== undefined && <p class="summary">{note}</p>}
      </div>
      {sites.length === 0 ? (
        <p class="muted">{w.noSites}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{w.place}</th>
              {columns.map((column) => (
                <th scope="col" key={column.property}>
                  {column.title} <small>{column.unit}</small>
                </th>
              ))}
              <th scope="col">{w.age}</th>
            </tr>
          </thead>
          <tbody>
            {sites.map((site) => {
              const at = newestTime(latest[site.id]);
              const blind = isSilent(site, at, moment.now);
              return (
                <tr key={site.id} data-site={site.id} class={blind ? "silent" : undefined}>
                  <th scope="row">
                    {site.names[language]} <small>{districtName(language, site.district)}</small>
                    {blind && (
                      <span class="mark">
                        <Icon name="silent" />{" "}
                        {at === null ? w.never : fill(w.silent, { time: time(at, moment.now, moment.zoneMinutes) })}
                      </span>
                    )}
                  </th>
                  {columns.map((column) => (
                    <td key={column.property} data-title={`${column.title}, ${column.unit}`}>
                      <Value property={column.property} latest={latest[site.id]} column={column} blind={blind} />
                    </td>
                  ))}
                  <td data-title={w.age}>
                    <Age time={at} now={moment.now} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
