// The components of a Discord client that the page uses, in the colours of today's client, which also have the contrast that
// people need. They load nothing: no font, no picture.

import "@skyra/discord-components-core/discord-action-row.js";
import "@skyra/discord-components-core/discord-attachments.js";
import { DiscordAuthorInfo } from "@skyra/discord-components-core/discord-author-info.js";
import { DiscordButton } from "@skyra/discord-components-core/discord-button.js";
import { DiscordEmbed } from "@skyra/discord-components-core/discord-embed.js";
import { DiscordEmbedDescription } from "@skyra/discord-components-core/discord-embed-description.js";
import { DiscordEmbedField } from "@skyra/discord-components-core/discord-embed-field.js";
import { DiscordEmbedFields } from "@skyra/discord-components-core/discord-embed-fields.js";
import { DiscordEmbedFooter } from "@skyra/discord-components-core/discord-embed-footer.js";
import { DiscordMention } from "@skyra/discord-components-core/discord-mention.js";
import { DiscordMessage } from "@skyra/discord-components-core/discord-message.js";
import { DiscordMessages } from "@skyra/discord-components-core/discord-messages.js";
import { css, type CSSResult, type LitElement } from "lit";

// restyle adds rules to all elements of a component. Custom properties reach into them from style/discord.css.
function restyle(component: typeof LitElement, styles: CSSResult): void {
  component.elementStyles.push(styles);
}

restyle(
  DiscordMessages,
  css`
    :host,
    :host([light-theme]) {
      background: none;
      border: 0;
      color: var(--discord-text);
      font-family: var(--discord-font);
      line-height: 1.375;
    }
    ::slotted(*),
    ::slotted(*:first-child),
    ::slotted(*:not(:first-child)),
    ::slotted(*:last-child) {
      margin: 0;
      padding: 0;
    }
  `,
);
restyle(
  DiscordMessage,
  css`
    :host,
    :host([light-theme]) {
      color: var(--discord-text);
      font-family: inherit;
      font-size: 1rem;
      padding: 0.5rem 1rem 0.25rem;
    }
    :host(:hover),
    :host([highlight]:hover) {
      background-color: inherit;
    }
    :host([highlight]),
    :host([highlight][light-theme]) {
      background-color: inherit;
      padding-right: 1rem;
    }
    :host([highlight])::before {
      background-color: var(--discord-highlight);
    }
    .discord-author-avatar {
      margin-top: 2px;
    }
    .discord-author-avatar img {
      cursor: inherit;
    }
    .discord-message-content {
      min-width: 0;
      padding: 0;
      line-height: 1.375rem;
    }
    .discord-message-timestamp,
    :host([light-theme]) .discord-message-timestamp,
    .discord-message-edited,
    :host([light-theme]) .discord-message-edited {
      color: var(--discord-faint);
    }
    .discord-message-timestamp {
      margin-left: 0.25rem;
    }
    .discord-message-edited {
      font-size: 0.625rem;
    }
    .silent {
      margin-left: 0.375rem;
      color: var(--discord-faint);
    }
    .silent svg {
      fill: currentColor;
      vertical-align: -2px;
    }
    :host .discord-message-markup {
      display: inline;
      font-size: 1rem;
      white-space: pre-wrap;
    }
  `,
);
restyle(
  DiscordAuthorInfo,
  css`
    .discord-author-username,
    :host([light-theme]) .discord-author-username {
      color: var(--discord-strong) !important;
    }
    :host .discord-author-username:hover {
      text-decoration: none;
      cursor: inherit;
    }
  `,
);
restyle(
  DiscordEmbed,
  css`
    :host,
    :host([light-theme]) {
      color: var(--discord-text);
      margin: 0.125rem 0;
      max-width: 520px;
      width: fit-content;
    }
    :host .discord-left-border,
    :host([light-theme]) .discord-left-border {
      background-color: var(--discord-bar);
    }
    :host .discord-embed-root {
      flex: 1 1 auto;
    }
    :host .discord-embed-wrapper,
    :host([light-theme]) .discord-embed-wrapper {
      background-color: var(--discord-embed);
      border: 1px solid var(--discord-line);
      border-left: 0;
      width: 100%;
    }
    :host .discord-embed-wrapper .discord-embed-grid {
      display: block;
      padding: 0.125rem 1rem 1rem 0.75rem;
    }
  `,
);
restyle(
  DiscordEmbedDescription,
  css`
    :host {
      display: block;
      white-space: pre-wrap;
      line-height: 1.25rem;
    }
  `,
);
restyle(
  DiscordEmbedFields,
  css`
    :host {
      grid-template-columns: repeat(12, minmax(0, 1fr));
    }
  `,
);
restyle(
  DiscordEmbedField,
  css`
    :host {
      white-space: pre-wrap;
      line-height: 1.25rem;
    }
  `,
);
restyle(
  DiscordEmbedFooter,
  css`
    :host,
    :host([light-theme]) {
      color: var(--discord-text);
    }
  `,
);
restyle(
  DiscordMention,
  css`
    :host,
    :host([light-theme]),
    :host(:hover),
    :host([light-theme]:hover) {
      color: var(--discord-mention);
      background-color: var(--discord-mention-behind);
      cursor: inherit;
    }
  `,
);
restyle(
  DiscordButton,
  css`
    :host > *:first-child {
      border-radius: 8px;
      padding: 0 14px;
      margin: 4px 8px 4px 0;
      font-family: inherit;
    }
    .secondary {
      background-color: var(--discord-button);
      color: var(--discord-button-text);
    }
    a.secondary:hover {
      background-color: var(--discord-button-over);
    }
    svg {
      margin-left: 6px;
    }
    a:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
  `,
);
