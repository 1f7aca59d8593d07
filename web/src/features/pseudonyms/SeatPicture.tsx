import { pictureWord } from "./words";

interface SeatPictureProps {
  /** Name of the picture, as kept with the seat. */
  picture: string;
  /** Width and height in CSS pixels; 48 when absent. */
  size?: number;
  /** Says the picture's word to a screen reader; leave out when the pseudonym is written beside it. */
  spoken?: boolean;
  className?: string;
}

/** A seat's picture: a file of this site, made at build time from Noto Emoji. */
export function SeatPicture({ picture, size = 48, spoken = false, className }: SeatPictureProps) {
  if (!/^[a-z0-9-]+$/.test(picture)) return null;
  return (
    <img
      src={`/pictures/${picture}.svg`}
      alt={spoken ? pictureWord(picture) : ""}
      width={size}
      height={size}
      className={className}
      decoding="async"
    />
  );
}
