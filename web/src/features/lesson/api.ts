import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schema, unwrap } from "@/api/client";

export type Lesson = Schema<"Lesson">;
export type Plan = Schema<"Plan">;
export type Change = Schema<"Change">;
export type Attendance = Schema<"Attendance">;
export type Attendee = Schema<"Attendee">;

/** How often a list that somebody looks at is asked again, in ms. */
const WATCH_MS = 15_000;

/** Lessons that start in a window, UTC ms, and those open now. */
export const lessonsQuery = (school: string, from: number, to: number) =>
  queryOptions({
    queryKey: ["school", school, "lessons", from, to],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/lessons", { params: { path: { school }, query: { from, to } }, signal }))).items,
    refetchInterval: WATCH_MS,
    staleTime: 0,
  });

/** A pupil's lessons: those open, and those of the coming days. */
export const seatLessonsQuery = (school: string) =>
  queryOptions({
    queryKey: ["seat-lessons", school],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/lessons", { params: { path: { school }, query: { as: "seat" } }, signal }))).items,
    refetchInterval: 10_000,
    staleTime: 0,
    gcTime: 0,
  });

export const lessonQuery = (school: string, lesson: string, as?: "staff" | "seat") =>
  queryOptions({
    queryKey: ["school", school, "lesson", lesson, as ?? "staff"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/lessons/{lesson}", { params: { path: { school, lesson }, query: { as } }, signal })),
    staleTime: 0,
  });

export const attendanceQuery = (school: string, lesson: string, live: boolean) =>
  queryOptions({
    queryKey: ["school", school, "lesson", lesson, "attendance"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/lessons/{lesson}/attendance", { params: { path: { school, lesson } }, signal })),
    refetchInterval: live ? WATCH_MS : false,
    staleTime: 0,
  });

export const summaryQuery = (school: string, lesson: string) =>
  queryOptions({
    queryKey: ["school", school, "lesson", lesson, "summary"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/lessons/{lesson}/summary", { params: { path: { school, lesson } }, signal })),
    staleTime: 0,
  });

export const guestLinkQuery = (school: string, lesson: string) =>
  queryOptions({
    queryKey: ["school", school, "lesson", lesson, "guests"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/lessons/{lesson}/guests", { params: { path: { school, lesson } }, signal })),
    staleTime: 0,
  });

export const calendarQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "lesson-calendar"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/lesson-calendar", { params: { path: { school } }, signal })),
  });

export const reportsQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "lesson-reports"],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/lesson-reports", { params: { path: { school } }, signal }))).items,
  });

/** A change in a school's lessons, after which what is shown is asked again. */
function useChange<In, Out>(school: string, act: (input: In) => Promise<Out>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => queries.invalidateQueries({ queryKey: ["school", school] }) });
}

const at = (school: string, lesson: string) => ({ params: { path: { school, lesson } } });

export const useMakeLesson = (school: string) => useChange(school, (body: Plan) => unwrap(api.POST("/schools/{school}/lessons", { params: { path: { school } }, body })));
export const useOpenLesson = (school: string) => useChange(school, (lesson: string) => api.POST("/schools/{school}/lessons/{lesson}/open", at(school, lesson)));
export const useEndLesson = (school: string) => useChange(school, (lesson: string) => api.POST("/schools/{school}/lessons/{lesson}/end", at(school, lesson)));
export const useChangeLesson = (school: string) =>
  useChange(school, ({ lesson, ...body }: Change & { lesson: string }) => api.PATCH("/schools/{school}/lessons/{lesson}", { ...at(school, lesson), body }));
export const useCancelLesson = (school: string) =>
  useChange(school, ({ lesson, following }: { lesson: string; following: boolean }) =>
    api.DELETE("/schools/{school}/lessons/{lesson}", { params: { path: { school, lesson }, query: { following } } }),
  );
export const useGuestLink = (school: string, lesson: string) =>
  useChange(school, (open: boolean) => (open ? unwrap(api.POST("/schools/{school}/lessons/{lesson}/guests", at(school, lesson))) : unwrap(api.DELETE("/schools/{school}/lessons/{lesson}/guests", at(school, lesson)))));
export const useCalendarLink = (school: string) => useChange(school, () => unwrap(api.POST("/schools/{school}/lesson-calendar", { params: { path: { school } } })));
export const useCalendarVoid = (school: string) => useChange(school, () => api.DELETE("/schools/{school}/lesson-calendar", { params: { path: { school } } }));

/** The page of a lesson's room, for staff. */
export const roomPage = (school: string, lesson: string) => `/seance/${school}/${lesson}`;
/** The page of a lesson's room, for a pupil. */
export const pupilRoomPage = (school: string, lesson: string) => `/eleve/seance/${school}/${lesson}`;
/** The link to hand to guests; its secret stands after # and is never sent in an address. */
export const guestPage = (secret: string) => `${window.location.origin}/invite#${secret}`;
