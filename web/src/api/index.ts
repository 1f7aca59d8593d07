/**
 * The way to the server.
 *
 *     const group = await api.GET("/schools/{school}/groups/{group}", { params: { path } });
 *
 * `unwrap` gives the data of such a call; any failure is thrown as a Problem.
 */
export { Problem, type ProblemKind, problemFrom, problemOf } from "./problem";
export { call, onSignedOut, PATIENCE, wire } from "./wire";
export { makeQueryClient } from "./query";
