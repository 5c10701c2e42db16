/** A month that there is a report of. */
export interface Report {
  /** The month, such as `2024-05`, as it stands in addresses and on tickets. */
  readonly id: string;
  readonly name: string;
}

export const reports: readonly Report[] = [
  { id: '2024-05', name: 'May 2024' },
  { id: '2024-06', name: 'June 2024' },
];

export const reportOf = (id: string) => reports.find((report) => report.id === id);
