import type { BadgeProps } from '@fluentui/react-components';
import type { Schema } from '../../app/gateway';
import type { Run, RunAction } from '../../data/runs';
import type { Translate } from '../../i18n/catalogue';
import type { Count } from '../../parts/ProgressPanel';

type Color = NonNullable<BadgeProps['color']>;
type RunProblem = Schema<'RunProblem'>;

export const STATE_COLORS: Record<Run['state'], Color> = {
  running: 'informative',
  awaiting_approval: 'warning',
  succeeded: 'success',
  failed: 'danger',
  cancelled: 'informative',
};

export const ACTION_COLORS: Record<RunAction, Color> = {
  create: 'success',
  link: 'brand',
  update: 'brand',
  disable: 'danger',
  enable: 'success',
  set_aside: 'warning',
  set_photo: 'brand',
  remove_photo: 'danger',
  create_group: 'success',
  rename_group: 'brand',
  remove_group: 'danger',
  join_group: 'success',
  leave_group: 'warning',
  not_found: 'informative',
  remove: 'danger',
  unlink: 'warning',
  restore: 'success',
};

/** The fields that a directory overwrites, as forms call them. */
export const FIELD_LABELS = {
  mail: 'contact.mail',
  display_name: 'contact.display_name',
  company: 'contact.company',
  job_title: 'contact.job_title',
  office: 'contact.office',
  work_phone: 'contact.work_phone',
  work_country: 'contact.work_country',
  work_state: 'contact.work_state',
  work_zip_code: 'contact.work_zip_code',
  work_city: 'contact.work_city',
  work_street: 'contact.work_street',
} as const;

/** Why a run did not simply succeed, in one sentence. */
export function problemText(t: Translate, problem: RunProblem): string {
  switch (problem.code) {
    case 'unreachable':
      return t('run.problem.unreachable', problem);
    case 'certificate_refused':
      return t('run.problem.certificate_refused', problem);
    case 'bind_refused':
      return t('run.problem.bind_refused', problem);
    case 'search_refused':
      return t('run.problem.search_refused', problem);
    case 'token_refused':
      return t('run.problem.token_refused', problem);
    case 'request_refused':
      return t('run.problem.request_refused', problem);
    case 'busy':
      return t('run.problem.busy', problem);
    case 'cut_short':
      return t('run.problem.cut_short', problem);
    case 'too_many_removals':
      return t('run.problem.too_many_removals', problem);
    case 'too_many_changes':
      return t('run.problem.too_many_changes', problem);
    case 'fewer_entries':
      return t('run.problem.fewer_entries', problem);
    case 'read_elsewhere':
      return t('run.problem.read_elsewhere', problem);
    case 'shared_identities':
      return t('run.problem.shared_identities', problem);
    case 'first_after_undo':
      return t('run.problem.first_after_undo', problem);
    case 'preview':
      return t('run.problem.preview', problem);
    case 'undo':
      return problem.left ? t('run.problem.undo.left', problem) : t('run.problem.undo');
    case 'file_refused':
      return t('run.problem.file_refused', problem);
    case 'leavers_kept':
      return t('run.problem.leavers_kept', problem);
    case 'laggards_kept':
      return t('run.problem.laggards_kept', problem);
    case 'photos_unread':
      return t('run.problem.photos_unread', problem);
    case 'photos_gone':
      return t('run.problem.photos_gone', problem);
    case 'photos_kept':
      return t('run.problem.photos_kept', problem);
    case 'groups_unread':
      return t('run.problem.groups_unread', problem);
    case 'groups_empty':
      return t('run.problem.groups_empty', problem);
    case 'groups_kept':
      return t('run.problem.groups_kept', problem);
    case 'groups_unidentified':
      return t('run.problem.groups_unidentified', problem);
    default:
      return t(`run.problem.${problem.code}`);
  }
}

/** Where a run stands, in one sentence. */
export function statusText(t: Translate, run: Run): string {
  if (run.state === 'running') return t('run.status.running', { at: run.started_at });
  if (run.state === 'awaiting_approval') return t('run.status.awaiting_approval');
  return t(`run.status.${run.state}`, { at: run.ended_at });
}

const COUNTS = [
  'read',
  'created',
  'linked',
  'updated',
  'enabled',
  'disabled',
  'unchanged',
  'photos',
  'set_aside',
  'not_found',
] as const;

/** What hardly any run does, and is shown when one did. */
const RARE = ['needs_read', 'removed', 'unlinked', 'restored'] as const;

/** Shown when there were any: most sources mirror no groups. */
const GROUP_COUNTS = [
  'groups_created',
  'groups_renamed',
  'groups_removed',
  'memberships_added',
  'memberships_removed',
] as const;

/** How much of its source a run reads or has read, and why it is more than was asked for. */
export function extentText(t: Translate, run: Run): string | null {
  if (run.extent === 'changes') return t('run.extent.changes');
  if (run.extent === 'stored') {
    const count = run.counts.needs_read ?? 0;
    const needed = count > 0 ? ` ${t('run.extent.needs_read', { count })}` : '';
    return `${t('run.extent.stored')}${needed}`;
  }
  return run.whole_because ? t(`run.whole_because.${run.whole_because}`) : null;
}

/** Which of a run's numbers counts an action; photos are not counted by what happens to them. */
const COUNTED: Partial<Record<RunAction, keyof Run['counts']>> = {
  create: 'created',
  link: 'linked',
  update: 'updated',
  disable: 'disabled',
  enable: 'enabled',
  set_aside: 'set_aside',
  not_found: 'not_found',
  remove: 'removed',
  unlink: 'unlinked',
  restore: 'restored',
};

/** What is done to entries, and to how many of them as far as that is counted. */
export function countedAction(t: Translate, run: Run, action: RunAction): string {
  const counted = COUNTED[action];
  const label = t(`entries.${action}`);
  return counted ? t('entries.counted', { label, count: run.counts[counted] ?? 0 }) : label;
}

/** The numbers of a run. */
export function countsOf(t: Translate, locale: string, run: Run): Count[] {
  const format = new Intl.NumberFormat(locale);
  const rare = [...RARE, ...GROUP_COUNTS].filter((name) => run.counts[name]);
  return [...COUNTS, ...rare].map((name) => ({
    label: t(`run.count.${name}`),
    value: format.format(run.counts[name] ?? 0),
  }));
}
