/**
 * The way to the server.
 *
 *     const group = await unwrap(api.GET("/schools/{school}/groups/{group}", { params: { path } }));
 *
 * Any failure is thrown as a Problem. `call` does the same for a path without
 * its types: the pupils' door uses it alone, to stay light.
 */
export { Abandoned, Problem, type ProblemKind, problemFrom, problemOf } from "./problem";
export { call, onSignedOut, PATIENCE, wire } from "./wire";
export { makeQueryClient } from "./query";
export { api, everyPage, type Schema, unwrap } from "./client";
