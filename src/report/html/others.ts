import type { Report, ReportedCheck } from '../../model/report.ts';
import { type Markup, markup } from '../markup.ts';
import { milliseconds } from '../summary.ts';
import type { Anchors } from './findings.ts';
import { fold } from './parts.ts';

/** Findings that somebody accepted, with the reason. */
export function accepted({ checks }: Report): Markup | [] {
  const all = checks.flatMap(({ id, ignored }) => ignored.map((finding) => ({ id, finding })));
  const rows = all.map(({ id, finding: { message, ignored } }) => {
    const words = ignored.by === 'baseline' ? 'Known from the baseline' : 'Accepted by the configuration';
    const reason = ignored.reason === '' ? [] : markup`: ${ignored.reason}`;
    const until = ignored.until === '' ? [] : markup`, until ${ignored.until}`;
    return markup`
<li><p>${message}</p><code>${id}</code> <span class="dim">${words}${reason}${until}</span></li>`;
  });
  return fold('accepted', 'Accepted', all.length, markup`<ul class="rows">${rows}</ul>`);
}

/** Known from the baseline, and not there any more. */
export function gone({ baseline }: Report): Markup | [] {
  const rows = (baseline?.gone ?? []).map(
    ({ check, message, since }) =>
      markup`\n<li><p>${message}</p><code>${check}</code> <span class="dim">known since ${since.slice(0, 10)}</span></li>`,
  );
  return fold(
    'gone',
    `Gone since ${baseline?.file ?? ''}`,
    rows.length,
    markup`<ul class="rows">${rows}</ul>`,
  );
}

/** What could not be judged, and why: what could not be seen before what is not there. */
export function unjudged({ checks }: Report, anchors: Anchors): Markup | [] {
  const of = (verdict: ReportedCheck['verdict']) => checks.filter((check) => check.verdict === verdict);
  const parts = of('found').filter(({ problems }) => problems.length > 0);
  const rows = [
    ...of('unknown').map((check) => unjudgedRow(check, 'not known', anchors)),
    ...parts.map((check) =>
      unjudgedRow({ ...check, reason: check.problems.map((p) => p.message).join('; ') }, 'in part', anchors),
    ),
    ...of('skipped').map((check) => unjudgedRow(check, 'does not apply', anchors)),
  ];
  return fold('unjudged', 'Not judged', rows.length, markup`<ul class="rows">${rows}</ul>`);
}

function unjudgedRow(
  { id, title, reason, explainedBy: [cause] }: ReportedCheck,
  word: string,
  anchors: Anchors,
) {
  const at = cause && anchors.checks.get(cause.check);
  const name = cause ? markup`<code>${cause.check}</code>` : [];
  const because = cause ? markup`, because of ${at ? markup`<a href="#${at}">${name}</a>` : name}` : [];
  return markup`
<li><p>${title}</p><code>${id}</code> <span class="dim">${word}${because}: ${reason}</span></li>`;
}

export function passed({ checks }: Report): Markup | [] {
  const rows = checks
    .filter(({ verdict }) => verdict === 'pass')
    .map(
      ({ id, title }) => markup`
<li>${title} <code>${id}</code></li>`,
    );
  return fold('passed', 'Checks that pass', rows.length, markup`<ul class="rows">${rows}</ul>`);
}

/** How each fact was come by. */
export function factRows({ facts }: Report): Markup | [] {
  const rows = facts.map(({ name, status, ms, problems, reason }) => {
    const why = [reason, ...problems.map(({ message }) => message)].filter((text) => text !== '').join('; ');
    return markup`
<li><strong>${name}</strong> ${status} <span class="dim">${milliseconds(ms)}${why === '' ? [] : markup`: ${why}`}</span></li>`;
  });
  return fold('facts', 'What was looked at', rows.length, markup`<ul class="rows">${rows}</ul>`);
}

/** Cures of this run, and what came of each step. */
export function cured({ plans, applied }: Report): Markup | [] {
  if (plans.length === 0) return [];
  const rows = plans.map((plan, n) => {
    const results = new Map(applied.find(({ plan: at }) => at === n)?.steps.map((step) => [step.id, step]));
    const steps = plan.steps.map(({ id, because }) => {
      const result = results.get(id);
      const reason = result && result.reason !== '' ? `: ${result.reason}` : '';
      return markup`
<li>${because} <span class="dim">${result ? `${result.status}${reason}` : 'planned'}</span></li>`;
    });
    const subject = plan.subject?.name ?? plan.subject?.id ?? '';
    const notes = plan.notes.map((note) => markup`<p class="dim">${note}</p>`);
    return markup`
<li><p><strong>${plan.remedy}</strong> ${subject} <span class="dim">${plan.risk}</span></p><ol class="steps">${steps}</ol>${notes}</li>`;
  });
  return markup`<section aria-labelledby="cures"><h2 id="cures">Cures <small>${plans.length}</small></h2><ul class="rows">${rows}</ul></section>`;
}
