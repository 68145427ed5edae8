const FORMATS = [
  { ending: 'csv', name: 'CSV' },
  { ending: 'json', name: 'JSON' },
] as const;

export interface DownloadLinksProps {
  /** The address of the files without their ending, such as `/history`. */
  path: string;
  /** Begins with a question mark, or is empty. */
  search?: string;
  /** What the files hold, for readers who hear the links out of their place. */
  what: string;
}

/** The same as a file, in each form that there is. */
export function DownloadLinks({ path, search = '', what }: DownloadLinksProps) {
  return FORMATS.map(({ ending, name }) => (
    <a
      key={ending}
      href={`${path}.${ending}${search}`}
      download
      aria-label={`Download ${what} as ${name}`}
      className="prose-link text-sm"
    >
      {name}
    </a>
  ));
}
