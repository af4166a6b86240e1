import type { Link } from './json.ts';

/** The pages, in the order in which they are read. */
export const pageNames = ['overview', 'node', 'pod', 'health', 'own-health'] as const;
export type PageName = (typeof pageNames)[number];

export function uidOf(page: PageName): string {
  return `gpu-profiler-${page}`;
}

/** One dropdown to all pages that carry our tag; time range and variables go along. */
export const pagesLink: Link = {
  title: 'GPU pages',
  type: 'dashboards',
  icon: 'external link',
  tooltip: 'The other pages of gpu-profiler',
  url: '',
  tags: ['gpu-profiler'],
  asDropdown: true,
  targetBlank: false,
  includeVars: true,
  keepTime: true,
};

/** The value of a label as a variable of the page that a cell leads to. */
export function cellLink(
  page: PageName,
  title: string,
  variables: Readonly<Record<string, string>>,
): { title: string; url: string } {
  const given = Object.entries(variables).map(
    ([variable, field]) => `var-${variable}=\${__data.fields["${field}"]:percentencode}`,
  );
  const url = ['var-datasource=${datasource}', ...given, '${__url_time_range}'].join('&');
  return { title, url: `/d/${uidOf(page)}?${url}` };
}
