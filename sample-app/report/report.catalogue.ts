/** The visitor report of one month. */
export interface Report {
  /** The month, such as `2024-05`, in URLs and on tickets. */
  readonly id: string;
  readonly name: string;
}

export const reports: readonly Report[] = [
  { id: '2024-05', name: 'May 2024' },
  { id: '2024-06', name: 'June 2024' },
];

export const reportOf = (id: string) => reports.find((report) => report.id === id);
