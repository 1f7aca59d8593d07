import {
  ConnectionQuality, ConnectionState, createLocalTracks, DisconnectReason, type LocalTrackPublication, type Participant, type RemoteParticipant, type RemoteTrack,
  type RemoteTrackPublication, Room, RoomEvent, Track, VideoPresets, VideoQuality,
} from "livekit-client";
import { problemOf } from "@/api/problem";
import type { Live } from "../live/live";
import type { Keys } from "./keys";
import { remembered } from "./devices";
import type { Media, MediaStatus, Mode, Presence, Quality, Source } from "./view";

const RETRY_FIRST = 500;
const RETRY_LONGEST = 8_000;
/** A path that has been poor for this long is worth a word. */
const POOR_MS = 10_000;

const nobody: Presence = { microphone: false, camera: false, screen: false, speaking: false, quality: "unknown", unreadable: false };

const qualities: Record<ConnectionQuality, Quality> = {
  [ConnectionQuality.Excellent]: "good",
  [ConnectionQuality.Good]: "good",
  [ConnectionQuality.Poor]: "poor",
  [ConnectionQuality.Lost]: "lost",
  [ConnectionQuality.Unknown]: "unknown",
};

const sources = { camera: Track.Source.Camera, microphone: Track.Source.Microphone, screen: Track.Source.ScreenShare } as const;

type View = Pick<Media, "status" | "why" | "mine" | "mode" | "suggestLighter" | "soundBlocked"> & { people: ReadonlyMap<string, Presence> };

/**
 * One person's sound and pictures in a lesson: joins the engine with a token of
 * the lesson, comes back by itself, and never opens a device but on a press.
 * It belongs to one page; `stop` ends it.
 */
export class Engine {
  private readonly room: Room;
  private view: View = { status: "off", why: null, mine: { microphone: false, camera: false, screen: false }, mode: "all", suggestLighter: false, soundBlocked: false, people: new Map() };
  private readonly changed = new Set<() => void>();
  private readonly sounds = new Map<string, HTMLMediaElement>();
  private readonly unreadable = new Set<string>();
  private wait = RETRY_FIRST;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private poor: ReturnType<typeof setTimeout> | null = null;
  private stopped = false;
  private joining = false;
  /** What the person had opened, to open again after a break. */
  private wanted = { microphone: false, camera: false };

  constructor(
    private readonly live: Live,
    private readonly keys: Keys | null,
  ) {
    this.room = new Room({
      adaptiveStream: true,
      dynacast: true,
      disconnectOnPageLeave: true,
      encryption: keys ? { keyProvider: keys.provider, worker: keys.worker } : undefined,
      publishDefaults: {
        simulcast: true, videoCodec: "vp8", dtx: true, red: keys === null, stopMicTrackOnMute: true,
        videoSimulcastLayers: [VideoPresets.h90, VideoPresets.h216],
      },
      videoCaptureDefaults: { resolution: VideoPresets.h540.resolution },
      audioCaptureDefaults: { noiseSuppression: true, echoCancellation: true, autoGainControl: true },
    });
    this.listen();
  }

  onChange = (heard: () => void): (() => void) => {
    this.changed.add(heard);
    return () => this.changed.delete(heard);
  };

  snapshot = (): View => this.view;

  /** Joins, and joins again after each break, until stopped. */
  start(): void {
    void this.join();
  }

  stop(): void {
    this.stopped = true;
    if (this.retry) clearTimeout(this.retry);
    if (this.poor) clearTimeout(this.poor);
    void this.room.disconnect();
    for (const sound of this.sounds.values()) sound.remove();
    this.sounds.clear();
  }

  private async join(): Promise<void> {
    if (this.stopped || this.joining || this.room.state !== ConnectionState.Disconnected) return;
    this.joining = true;
    this.set({ status: this.view.status === "off" ? "connecting" : "reconnecting", why: null });
    try {
      const pass = await this.live.ask("media");
      if (this.keys) await this.room.setE2EEEnabled(true);
      await this.room.connect(new URL(pass.url as string, window.location.href.replace(/^http/, "ws")).href, pass.token as string);
      this.wait = RETRY_FIRST;
      this.set({ status: "connected" });
      if (this.wanted.microphone) await this.setMicrophone(true).catch(() => undefined);
      if (this.wanted.camera) await this.setCamera(true).catch(() => undefined);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === "forbidden" || problem.kind === "conflict") this.set({ status: "off", why: null });
      else this.set({ status: "refused", why: problem.detail || null });
      this.again();
    } finally {
      this.joining = false;
    }
  }

  private again(): void {
    if (this.stopped) return;
    if (this.retry) clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.join(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, RETRY_LONGEST);
  }

  private listen(): void {
    const refresh = () => this.refresh();
    this.room
      .on(RoomEvent.ConnectionStateChanged, (state) => {
        if (state === ConnectionState.Connected) this.set({ status: "connected" });
        if (state === ConnectionState.Reconnecting || state === ConnectionState.SignalReconnecting) this.set({ status: "reconnecting" });
        refresh();
      })
      .on(RoomEvent.Disconnected, (reason) => {
        this.unreadable.clear();
        this.refresh();
        if (this.stopped) return;
        this.set({ status: reason === DisconnectReason.CLIENT_INITIATED ? "off" : "reconnecting" });
        this.again();
      })
      .on(RoomEvent.TrackSubscribed, (track, publication, participant) => this.hear(track, publication, participant))
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        for (const element of track.detach()) element.remove();
        if (track.sid) this.sounds.delete(track.sid);
        refresh();
      })
      .on(RoomEvent.TrackPublished, (publication, participant) => {
        this.choose(publication, participant);
        refresh();
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.set({ soundBlocked: !this.room.canPlaybackAudio }))
      .on(RoomEvent.EncryptionError, (_, participant) => {
        if (participant) this.unreadable.add(participant.identity);
        refresh();
      })
      .on(RoomEvent.LocalTrackUnpublished, (publication) => {
        this.taken(publication);
        refresh();
      })
      .on(RoomEvent.ConnectionQualityChanged, (quality, participant) => {
        if (participant.isLocal) this.feel(quality);
        refresh();
      });
    for (const event of [
      RoomEvent.TrackUnpublished, RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished, RoomEvent.ActiveSpeakersChanged,
      RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.TrackStreamStateChanged,
    ] as const) this.room.on(event, refresh);
  }

  /** A track that the server took away is not opened again by itself. */
  private taken(publication: LocalTrackPublication): void {
    if (publication.source === Track.Source.Microphone) this.wanted.microphone = false;
    if (publication.source === Track.Source.Camera) this.wanted.camera = false;
  }

  private hear(track: RemoteTrack, publication: RemoteTrackPublication, participant: RemoteParticipant): void {
    if (track.kind === Track.Kind.Audio) {
      const element = track.attach();
      element.hidden = true;
      element.dataset.who = participant.identity;
      document.body.append(element);
      if (track.sid) this.sounds.set(track.sid, element);
    }
    this.choose(publication, participant);
    this.refresh();
  }

  /** Takes of a publication what the mode asks. */
  private choose(publication: RemoteTrackPublication, _participant: RemoteParticipant): void {
    if (publication.source !== Track.Source.Camera) return;
    publication.setSubscribed(this.view.mode !== "audio");
    if (this.view.mode === "light") publication.setVideoQuality(VideoQuality.LOW);
    else publication.setVideoQuality(VideoQuality.HIGH);
  }

  private feel(quality: ConnectionQuality): void {
    const poor = quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost;
    if (!poor) {
      if (this.poor) clearTimeout(this.poor);
      this.poor = null;
      this.set({ suggestLighter: false });
    } else this.poor ??= setTimeout(() => this.set({ suggestLighter: true }), POOR_MS);
  }

  /** A key came: what could not be read is tried again. */
  keyChanged(): void {
    this.unreadable.clear();
    this.refresh();
  }

  setMode(mode: Mode): void {
    this.set({ mode });
    for (const participant of this.room.remoteParticipants.values()) for (const publication of participant.trackPublications.values()) this.choose(publication as RemoteTrackPublication, participant);
  }

  async setMicrophone(on: boolean): Promise<void> {
    this.wanted.microphone = on;
    await this.room.localParticipant.setMicrophoneEnabled(on, { deviceId: remembered("audioinput"), noiseSuppression: true, echoCancellation: true, autoGainControl: true });
    this.refresh();
  }

  async setCamera(on: boolean): Promise<void> {
    this.wanted.camera = on;
    await this.room.localParticipant.setCameraEnabled(on, { deviceId: remembered("videoinput"), resolution: VideoPresets.h540.resolution });
    this.refresh();
  }

  async setScreen(on: boolean): Promise<void> {
    await this.room.localParticipant.setScreenShareEnabled(on, { audio: true, contentHint: "detail" });
    this.refresh();
  }

  async playSound(): Promise<void> {
    await this.room.startAudio();
    this.set({ soundBlocked: !this.room.canPlaybackAudio });
  }

  attach(element: HTMLVideoElement, who: string, source: "camera" | "screen"): () => void {
    const track = this.publication(who, source)?.track;
    if (!track) return () => undefined;
    track.attach(element);
    return () => track.detach(element);
  }

  private participant(who: string): Participant | undefined {
    const local = this.room.localParticipant;
    return local.identity === who ? local : this.room.remoteParticipants.get(who);
  }

  private publication(who: string, source: Source) {
    return this.participant(who)?.getTrackPublication(sources[source]);
  }

  private refresh(): void {
    const people = new Map<string, Presence>();
    const local = this.room.localParticipant;
    for (const participant of [local, ...this.room.remoteParticipants.values()]) {
      const shows = (source: Source) => {
        const publication = participant.getTrackPublication(sources[source]);
        return publication !== undefined && !publication.isMuted && publication.track !== undefined;
      };
      people.set(participant.identity, {
        microphone: shows("microphone"), camera: shows("camera"), screen: shows("screen"),
        speaking: participant.isSpeaking, quality: qualities[participant.connectionQuality], unreadable: this.unreadable.has(participant.identity),
      });
    }
    this.set({ people, mine: { microphone: local.isMicrophoneEnabled, camera: local.isCameraEnabled, screen: local.isScreenShareEnabled } });
  }

  private set(part: Partial<View>): void {
    this.view = { ...this.view, ...part };
    for (const heard of this.changed) heard();
  }
}

/** The engine's view as the room takes it. */
export function mediaOf(engine: Engine, view: View): Media {
  return {
    status: view.status, why: view.why, mine: view.mine, mode: view.mode, suggestLighter: view.suggestLighter, soundBlocked: view.soundBlocked,
    of: (who) => view.people.get(who) ?? nobody,
    setMode: (mode) => engine.setMode(mode),
    setMicrophone: (on) => engine.setMicrophone(on),
    setCamera: (on) => engine.setCamera(on),
    setScreen: (on) => engine.setScreen(on),
    attach: (element, who, source) => engine.attach(element, who, source),
    playSound: () => engine.playSound(),
  };
}

export { createLocalTracks, type MediaStatus };
