/** The least that the server takes, in characters. */
export const SHORTEST_PASSWORD = 12;
