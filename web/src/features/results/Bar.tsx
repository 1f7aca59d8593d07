/** A share with its uncertainty, as a bar. */
export function Bar({ mean, low, high }: { mean: number; low: number; high: number }) {
  return (
    <svg className="bar-of" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <rect className="bar-ground" width="100" height="12" rx="2" />
      <rect className="bar-mean" width={mean * 100} height="12" rx="2" />
      {high > low && <path className="bar-range" d={`M${low * 100} 6H${high * 100}M${low * 100} 2V10M${high * 100} 2V10`} />}
    </svg>
  );
}
