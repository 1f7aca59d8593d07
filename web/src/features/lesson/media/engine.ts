import {
  ConnectionQuality, ConnectionState, DisconnectReason, type LocalTrackPublication, LogLevel, type Participant, type RemoteParticipant, type RemoteTrack,
  type RemoteTrackPublication, Room, RoomEvent, setLogLevel, Track, type TrackPublication, VideoPresets, VideoQuality,
} from "livekit-client";
import { problemOf } from "@/api/problem";
import type { Live } from "../live/live";
import type { MediaSeal } from "./keys";
import { remembered } from "./devices";
import type { Device, DeviceTrouble, MediaView, Mode, Presence, Quality, Source } from "./view";

const RETRY_FIRST = 250;
const RETRY_LONGEST = 4_000;
/** For how long the library tries by itself to come back. */
const OWN_RETRIES = 3_000;
/** A path that has been poor for this long is worth a word. */
const POOR_MS = 10_000;
/** Devices closed within this time before staff dropped were closed by that. */
const TAKEN_WITH = 5_000;
/** How often media that could not be opened are looked at again. */
const LOOK_AGAIN = 2_000;
/** Media that could not be opened for this long are said to be unreadable. */
const UNREADABLE_AFTER = 4_000;

const qualities: Record<ConnectionQuality, Quality> = {
  [ConnectionQuality.Excellent]: "good",
  [ConnectionQuality.Good]: "good",
  [ConnectionQuality.Poor]: "poor",
  [ConnectionQuality.Lost]: "lost",
  [ConnectionQuality.Unknown]: "unknown",
};

const sources = { camera: Track.Source.Camera, microphone: Track.Source.Microphone, screen: Track.Source.ScreenShare } as const;

// The room says what matters to people; the library's own lines name participants and addresses.
setLogLevel(LogLevel.silent);

/**
 * One person's sound and pictures in a lesson: joins the engine with a token of
 * the lesson, comes back by itself, and opens no device but on a press. Sealed
 * or not, it stays so until `stop`: a lesson that begins to seal makes another.
 */
export class Engine {
  private readonly room: Room;
  private view: MediaView;
  private readonly changed = new Set<() => void>();
  private readonly sounds = new Map<string, HTMLMediaElement>();
  /** By person, how many frames had been opened when one could not be, since when (ms), and whether it has lasted. */
  private readonly unreadable = new Map<string, { frames: number; since: number; lasting: boolean }>();
  private readonly looking: ReturnType<typeof setInterval>;
  private wait = RETRY_FIRST;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private poor: ReturnType<typeof setTimeout> | null = null;
  private stopped = false;
  private joining = false;
  private attended = true;
  /** The lesson's epoch when the engine was last joined: another server has another. */
  private epoch: number | undefined;
  /** The room is left to join another server: what closes with it is opened again. */
  private renewing = false;
  /** What the person opened themselves and has not closed, nor staff: opened again after a break. */
  private wanted = { microphone: false, camera: false };
  /** What was taken a moment ago: the engine may close devices before the lesson says that no staff is in. */
  private lately: { at: number; wanted: { microphone: boolean; camera: boolean } } | null = null;

  constructor(
    private readonly live: Live,
    private readonly seal: MediaSeal | null,
    start: { mode: Mode; microphone: boolean; camera: boolean },
  ) {
    this.wanted = { microphone: start.microphone, camera: start.camera };
    this.view = {
      status: "connecting", why: null, mine: { microphone: false, camera: false, screen: false }, mode: start.mode, suggestLighter: false, soundBlocked: false, trouble: null,
      people: new Map(),
    };
    this.room = new Room({
      adaptiveStream: true,
      dynacast: true,
      disconnectOnPageLeave: true,
      // The library comes back with the token it has; after that a new one is asked of the lesson.
      reconnectPolicy: { nextRetryDelayInMs: ({ elapsedMs }) => (elapsedMs < OWN_RETRIES ? RETRY_FIRST * 2 : null) },
      encryption: seal ? { keyProvider: seal.provider, worker: seal.worker } : undefined,
      publishDefaults: {
        // RED repeats sound inside packets, which the engine cannot do with what it cannot read.
        simulcast: true, videoCodec: "vp8", dtx: true, red: seal === null, stopMicTrackOnMute: true,
        videoSimulcastLayers: [VideoPresets.h90, VideoPresets.h216],
      },
      audioOutput: { deviceId: remembered("audiooutput") },
    });
    this.listen();
    this.looking = setInterval(() => void this.lookAgain(), LOOK_AGAIN);
  }

  onChange = (heard: () => void): (() => void) => {
    this.changed.add(heard);
    return () => this.changed.delete(heard);
  };

  snapshot = (): MediaView => this.view;

  /** Joins, and joins again after each break, until stopped. */
  start(): void {
    void this.join();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.looking);
    if (this.retry) clearTimeout(this.retry);
    if (this.poor) clearTimeout(this.poor);
    void this.room.disconnect();
    for (const sound of this.sounds.values()) sound.remove();
    this.sounds.clear();
  }

  /** What another engine opens in place of this one. */
  opened(): { mode: Mode; microphone: boolean; camera: boolean } {
    return { mode: this.view.mode, ...this.wanted };
  }

  private async join(): Promise<void> {
    if (this.stopped || this.joining || this.room.state !== ConnectionState.Disconnected) return;
    this.joining = true;
    try {
      const pass = await this.live.ask("media");
      this.epoch = this.live.state()?.epoch;
      if (this.stopped) return;
      if (this.seal) await this.room.setE2EEEnabled(true);
      await this.room.connect(new URL(pass.url as string, window.location.href.replace(/^http/, "ws")).href, pass.token as string);
      if (this.stopped) return void this.room.disconnect();
      this.wait = RETRY_FIRST;
      this.set({ status: "connected", why: null });
      void this.room.startAudio().catch(() => undefined); // refused, the room asks for a press
      await this.reopen();
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === "offline" || problem.kind === "limited") this.set({ status: this.view.status === "connecting" ? "connecting" : "reconnecting" });
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

  /** Joins at once: the lesson's own connection is back. What the library tries with a server that was restarted cannot succeed. */
  async hurry(): Promise<void> {
    if (this.stopped || this.joining) return;
    if (this.room.state !== ConnectionState.Disconnected) {
      if (this.live.state()?.epoch === this.epoch) return;
      this.renewing = true;
      await this.room.disconnect().finally(() => (this.renewing = false));
      this.set({ status: "reconnecting" });
    }
    this.wait = RETRY_FIRST;
    this.again();
  }

  /** While no staff is in, what a pupil had opened is closed; it comes back as it was. */
  setAttended(attended: boolean): void {
    if (attended === this.attended) return;
    this.attended = attended;
    if (!attended && this.lately && Date.now() - this.lately.at < TAKEN_WITH) this.wanted = this.lately.wanted;
    this.lately = null;
    if (attended) void this.reopen();
    else void Promise.allSettled([this.switch("microphone", false), this.switch("camera", false), this.switch("screen", false)]);
  }

  private async reopen(): Promise<void> {
    if (!this.attended || this.room.state !== ConnectionState.Connected) return;
    const again = (["microphone", "camera"] as const).filter((device) => this.wanted[device] && !this.view.mine[device]);
    await Promise.allSettled(again.map((device) => this.switch(device, true)));
    this.refresh();
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
        if (this.stopped || reason === DisconnectReason.CLIENT_INITIATED) return;
        this.set({ status: "reconnecting" });
        this.again();
      })
      .on(RoomEvent.TrackSubscribed, (track, publication, participant) => this.hear(track, publication, participant))
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        for (const element of track.detach()) if (element instanceof HTMLAudioElement) element.remove();
        if (track.sid) this.sounds.delete(track.sid);
        refresh();
      })
      .on(RoomEvent.TrackPublished, (publication) => {
        this.choose(publication);
        refresh();
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, refresh)
      .on(RoomEvent.EncryptionError, (_, participant) => {
        if (participant && !participant.isLocal && !this.unreadable.has(participant.identity)) void this.note(participant);
      })
      // Rights that come back reach the engine a moment after the lesson.
      .on(RoomEvent.ParticipantPermissionsChanged, (_, participant) => {
        if (participant.isLocal) void this.reopen();
      })
      .on(RoomEvent.LocalTrackUnpublished, (publication) => this.taken(publication, false))
      .on(RoomEvent.TrackMuted, (publication, participant) => {
        if (participant.isLocal) this.taken(publication as LocalTrackPublication, true);
        refresh();
      })
      .on(RoomEvent.ConnectionQualityChanged, (quality, participant) => {
        if (participant.isLocal) this.feel(quality);
        refresh();
      });
    for (const event of [
      RoomEvent.TrackUnpublished, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished, RoomEvent.ActiveSpeakersChanged,
      RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.TrackStreamStateChanged,
    ] as const) this.room.on(event, refresh);
  }

  /** What staff took away or muted is not opened again by itself. */
  private taken(publication: LocalTrackPublication, muted: boolean): void {
    if (this.attended && !this.renewing && this.room.state === ConnectionState.Connected) {
      if (muted) this.lately = null;
      else if (!this.lately || Date.now() - this.lately.at > TAKEN_WITH) this.lately = { at: Date.now(), wanted: { ...this.wanted } };
      if (publication.source === Track.Source.Microphone) this.wanted.microphone = false;
      if (publication.source === Track.Source.Camera) this.wanted.camera = false;
    }
    this.refresh();
  }

  private hear(track: RemoteTrack, publication: RemoteTrackPublication, participant: RemoteParticipant): void {
    if (this.seal && !publication.isEncrypted) {
      publication.setSubscribed(false);
      this.unreadable.set(participant.identity, { frames: Number.POSITIVE_INFINITY, since: Date.now(), lasting: true });
      return this.refresh();
    }
    if (track.kind === Track.Kind.Audio) {
      const element = track.attach();
      element.hidden = true;
      element.dataset.who = participant.identity;
      document.body.append(element);
      if (track.sid) this.sounds.set(track.sid, element);
    }
    this.choose(publication);
    this.refresh();
  }

  /** Takes of a camera what the mode asks. */
  private choose(publication: TrackPublication): void {
    if (publication.source !== Track.Source.Camera || publication.isLocal) return;
    const camera = publication as RemoteTrackPublication;
    if (this.seal && !camera.isEncrypted) return;
    camera.setSubscribed(this.view.mode !== "audio");
    if (this.view.mode !== "audio") camera.setVideoQuality(this.view.mode === "light" ? VideoQuality.LOW : VideoQuality.HIGH);
  }

  private feel(quality: ConnectionQuality): void {
    const poor = quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost;
    if (!poor) {
      if (this.poor) clearTimeout(this.poor);
      this.poor = null;
      this.set({ suggestLighter: false });
    } else this.poor ??= setTimeout(() => this.set({ suggestLighter: true }), POOR_MS);
  }

  /** The engine fills the end of a track that stops with frames of its own, which have no key: only what lasts is said. */
  private async note(participant: Participant): Promise<void> {
    const noted = { frames: Number.POSITIVE_INFINITY, since: Date.now(), lasting: false };
    this.unreadable.set(participant.identity, noted);
    noted.frames = await openedFrames(participant);
  }

  /** Somebody whose frames are opened again, or who sends nothing, is not unreadable. */
  private async lookAgain(): Promise<void> {
    for (const [who, noted] of this.unreadable) {
      const participant = this.room.remoteParticipants.get(who);
      const unsealed = noted.lasting && noted.frames === Number.POSITIVE_INFINITY;
      if (!participant || (!unsealed && (!sends(participant) || (await openedFrames(participant)) > noted.frames))) this.unreadable.delete(who);
      else if (Date.now() - noted.since > UNREADABLE_AFTER) noted.lasting = true;
    }
    if (this.view.people.size > 0) this.refresh();
  }

  setMode(mode: Mode): void {
    this.set({ mode });
    if (mode === "audio") void this.setDevice("camera", false);
    for (const participant of this.room.remoteParticipants.values()) for (const publication of participant.trackPublications.values()) this.choose(publication);
  }

  async setDevice(device: Device, on: boolean): Promise<void> {
    if (device !== "screen") this.wanted[device] = on;
    this.set({ trouble: null });
    try {
      await this.switch(device, on);
    } catch (error) {
      if (device !== "screen") this.wanted[device] = false;
      const why = troubleOf(error);
      // Closing the browser's own question about the screen is an answer, not a trouble.
      if (device !== "screen" || why !== "denied") this.set({ trouble: { device, why } });
    }
    this.refresh();
  }

  private async switch(device: Device, on: boolean): Promise<void> {
    const local = this.room.localParticipant;
    switch (device) {
      case "microphone":
        await local.setMicrophoneEnabled(on, { deviceId: remembered("audioinput"), noiseSuppression: true, echoCancellation: true, autoGainControl: true });
        return;
      case "camera": {
        const light = this.view.mode === "light";
        await local.setCameraEnabled(on, { deviceId: remembered("videoinput"), resolution: (light ? VideoPresets.h216 : VideoPresets.h540).resolution });
        return;
      }
      case "screen":
        await local.setScreenShareEnabled(on, { audio: true, contentHint: "detail", systemAudio: "include" });
    }
  }

  /** Uses another device for what is open. */
  async useDevice(kind: "audioinput" | "videoinput" | "audiooutput", id: string): Promise<void> {
    await this.room.switchActiveDevice(kind, id);
  }

  playSound = async (): Promise<void> => {
    await this.room.startAudio();
    this.refresh();
  };

  forgetTrouble = (): void => this.set({ trouble: null });

  attach = (element: HTMLVideoElement, who: string, source: "camera" | "screen"): (() => void) => {
    const track = this.publication(who, source)?.track;
    if (!track) return () => undefined;
    track.attach(element);
    return () => track.detach(element);
  };

  private publication(who: string, source: Source): TrackPublication | undefined {
    const local = this.room.localParticipant;
    const participant = local.identity === who ? local : this.room.remoteParticipants.get(who);
    return participant?.getTrackPublication(sources[source]);
  }

  private refresh(): void {
    if (this.stopped) return;
    const people = new Map<string, Presence>();
    const local = this.room.localParticipant;
    for (const participant of [local, ...this.room.remoteParticipants.values()]) {
      const shown = (source: Source): string | null => {
        const publication = participant.getTrackPublication(sources[source]);
        return publication && !publication.isMuted && publication.track ? publication.trackSid || "local" : null;
      };
      people.set(participant.identity, {
        microphone: participant.isMicrophoneEnabled, camera: shown("camera"), screen: shown("screen"),
        speaking: participant.isSpeaking, quality: qualities[participant.connectionQuality], unreadable: this.unreadable.get(participant.identity)?.lasting ?? false,
      });
    }
    // Where nothing sounds there is nothing to allow.
    this.set({ soundBlocked: this.sounds.size > 0 && !this.room.canPlaybackAudio, people, mine: { microphone: local.isMicrophoneEnabled, camera: local.isCameraEnabled, screen: local.isScreenShareEnabled } });
  }

  private set(part: Partial<MediaView>): void {
    this.view = { ...this.view, ...part };
    for (const heard of this.changed) heard();
  }
}

/** Whether somebody sends sound or a picture now. */
function sends(participant: Participant): boolean {
  return [...participant.trackPublications.values()].some((publication) => publication.track && !publication.isMuted);
}

/** How many frames of a person were opened and played so far. */
async function openedFrames(participant: Participant): Promise<number> {
  let frames = 0;
  for (const { track } of participant.trackPublications.values()) {
    const report = await track?.getRTCStatsReport();
    report?.forEach((stat: { type: string; framesDecoded?: number; totalSamplesReceived?: number; concealedSamples?: number }) => {
      if (stat.type === "inbound-rtp") frames += (stat.framesDecoded ?? 0) + (stat.totalSamplesReceived ?? 0) - (stat.concealedSamples ?? 0);
    });
  }
  return frames;
}

function troubleOf(error: unknown): DeviceTrouble["why"] {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "other";
}
