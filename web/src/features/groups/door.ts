/** How long a door may stay open, in minutes: long enough to enter, a lesson, two, a morning. */
export const DOOR_MINUTES = [20, 55, 110, 240] as const;

/** What one press opens for, in minutes. */
export const DOOR_USUAL = 20;
