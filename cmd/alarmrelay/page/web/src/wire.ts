// What the command's server sends and takes: ../page/*.go has the other end.

export type Service = "discord" | "slack";

export const titles: Record<Service, string> = { discord: "Discord", slack: "Slack" };

export interface Destination {
  name: string;
  service: Service;
  bot: boolean;
  channel: string;
  forum: boolean;
}

export interface Sample {
  name: string;
  kind: string;
  title: string;
}

// Fault is what goes wrong at a service, until it is mended or its time is over.
export interface Fault {
  kind: string;
  title?: string;
  until?: string;
}

export type Faults = Partial<Record<Service, Fault | null>>;

export interface Faulted {
  service: Service;
  fault: Fault | null;
}

export interface Configured {
  config: Config;
  destinations: Destination[];
  mentions: Record<string, string> | null;
}

export interface FaultKind {
  kind: string;
  title: string;
}

export interface Story {
  chapters: { id: string; title: string }[];
  playing: string;
  at?: string; // what time it is in the story, while it is played
}

export interface Config {
  name: string;
  text: string;
}

export interface State {
  version: string;
  samples: Sample[];
  config: Config;
  destinations: Destination[];
  messages: Message[];
  faults: Faults;
  faultKinds: FaultKind[];
  story: Story;
  mentions: Record<string, string> | null; // names by kind:id
  notes: Note[] | null;
  waiting?: Waiting | null;
}

// Waiting is what nobody has been told yet.
export interface Waiting {
  messages: number; // in the queue: to be tried again, or in work
  next?: string; // when the next of them is tried again
  dead: number; // those that were given up, since the channels were emptied
}

// Note is a line of the relay's log.
export interface Note {
  at: string;
  text: string;
}

// Message is a message as its channel keeps it now.
export interface Message {
  id: string;
  destination: string;
  service: Service;
  thread: string;
  at: string;
  editedAt?: string;
  edits: number;
  silent: boolean;
  pings: string[] | null;
  replyTo?: string;
  broadcast?: boolean;
  payload: DiscordPayload & SlackPayload;
  links: Record<string, string> | null;
}

export interface DiscordPayload {
  username?: string;
  avatar_url?: string;
  content?: string;
  embeds?: Embed[];
  components?: Component[];
  attachments?: (Attachment | SlackAttachment)[];
  flags?: number;
  thread_name?: string;
}

export interface Embed {
  title?: string;
  description?: string;
  url?: string;
  timestamp?: string;
  color?: number;
  author?: { name?: string; url?: string; icon_url?: string };
  footer?: { text?: string; icon_url?: string };
  image?: { url?: string };
  thumbnail?: { url?: string };
  fields?: { name?: string; value?: string; inline?: boolean }[];
}

export interface Component {
  type: number;
  style?: number;
  label?: string;
  url?: string;
  disabled?: boolean;
  emoji?: { name?: string };
  components?: Component[];
}

export interface Attachment {
  id: string;
  filename: string;
  description?: string;
  url?: string;
  size?: number;
}

export interface SlackPayload {
  username?: string;
  text?: string;
  blocks?: Block[];
}

export interface SlackAttachment {
  color?: string;
  fallback?: string;
  pretext?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fields?: { title?: string; value?: string; short?: boolean }[];
  footer?: string;
  blocks?: Block[];
}

export interface TextObject {
  type: string;
  text: string;
  verbatim?: boolean;
  emoji?: boolean;
}

export interface Block {
  type: string;
  text?: TextObject | string;
  fields?: TextObject[];
  elements?: Block[];
  accessory?: Block;
  image_url?: string;
  alt_text?: string;
  title?: TextObject;
  url?: string;
  style?: string;
  verbatim?: boolean;
}

// Exchange is one request of the relay and how it was answered.
export interface Exchange {
  destination: string;
  method: string;
  status: number; // 0: the connection was cut
  at: string;
  retryAfter?: number; // seconds
  error?: string; // the service's own word for what is wrong, where the status alone says that all is well
}

// Previewed is how an event would look.
export interface Previewed {
  messages: Message[] | null;
  problems: Problem[] | null;
  destinations?: Destination[] | null; // of the configuration that it was previewed with
  mentions?: Record<string, string> | null; // of that, too
  alerts?: Alert[] | null;
}

export interface StoryStep {
  chapter: string;
  step: number;
  text: string;
  why?: string; // what the relay does there, in a sentence
  playing: string; // the id of a chapter; empty when the story is over
  at?: string; // what time it is in the story
}

export interface Problem {
  line: number;
  column: number;
  message: string;
}

export interface Verdict {
  rule: number;
  name?: string;
  line?: number;
  asked: boolean;
  matched: boolean;
  why: string;
}

export interface Alert {
  name: string;
  key: string;
  change: string;
  explanation: {
    rules?: Verdict[];
    routing?: { deliveries?: { destination: string; rule: number; mention?: string[]; severity?: string }[]; silence?: string };
    [more: string]: unknown;
  };
}

export interface Request {
  method: string;
  path: string;
  headers?: Record<string, string | string[]> | null;
  body?: unknown;
  files?: number;
  status: number;
  answerHeaders?: Record<string, string | string[]> | null;
  answer?: unknown;
  why?: string[];
  fault?: string;
  at: string;
  took: number; // milliseconds
}

export interface Details {
  message: Message;
  alerts: Alert[] | null;
  requests: Request[] | null;
  store: { id: string; facts: unknown }[] | null;
}
