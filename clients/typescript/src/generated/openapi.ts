// Generated from openapi.yaml by `npm run generate`; not to be edited.
export interface paths {
    "/api/message/send": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message into a session
         * @description Sends one text, file, interactive message, location or reaction to the session's contact and waits for the provider's answer, 25 seconds at most unless the operator sets another time (`OMNI_SEND_TIMEOUT`). What has to wait longer for its turn is answered 202. A failure is final: what failed is not tried again by us.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/message": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to a number or a group
         * @description Sends over WhatsApp Web, in the contact's open session or in one that this opens.
         */
        post: operations["sendToNumber"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/message/start/d360": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a conversation with a template
         * @description Opens, or finds, the contact and its session, and sends a template over 360dialog. Only a template may go out before the contact has written, or more than 24 hours after.
         */
        post: operations["startD360"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/message/{messageId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a message, or the provider's id, percent-encoded. */
                messageId: components["parameters"]["MessageId"];
            };
            cookie?: never;
        };
        /**
         * Read a message
         * @description By our id, or by the provider's with `channelId`. Its `statusHistory` tells how far it came.
         */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        /**
         * Delete a message for everyone
         * @description Takes back a message that the channel sent. WhatsApp Web can; 360dialog cannot (`capability_unsupported`). One that is still queued is not sent any more: it is `failed`, with the code `revoked`. One that failed, or is being sent at this moment, is 409. An admin key belongs to no account and must name the channel.
         */
        delete: operations["deleteMessage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionId}/messages": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        /**
         * List a session's messages
         * @description By their number in the session, the newest first unless `order` says otherwise.
         */
        get: operations["listMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        /**
         * Read a session
         * @description Read a session.
         */
        get: operations["getSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/sessions": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /**
         * List sessions
         * @description By when they were opened, the newest first unless `order` says otherwise.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/transfer/{sessionId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Transfer a session
         * @description Gives the session to another platform and agent, and sends `transferMessage` to the contact where one is given, also when the caller hangs up. That the message cannot go does not undo the transfer: `transferMessageError` says why. Both platforms get `session.transferred`. Under one `Idempotency-Key` a session is transferred once: a repetition after the server died is answered with the session as it is.
         */
        post: operations["transferSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/finish/{sessionId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Finish a session
         * @description Again gives the same answer. The contact's next message opens another session.
         */
        delete: operations["finishSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionId}/read": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark a session as read
         * @description Sets `unreadCount` to 0, and lets the contact see it where the provider shows such things.
         */
        post: operations["readSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/{sessionId}/typing": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show that somebody is typing
         * @description What the contact sees ends by itself after a while, or with the next message.
         */
        post: operations["typeInSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/contacts": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /**
         * List contacts
         * @description By `sort`, rising unless `order` says otherwise.
         */
        get: operations["listContacts"];
        put?: never;
        /**
         * Create a contact
         * @description One contact per channel and person: a Brazilian mobile is the same with and without its ninth digit.
         */
        post: operations["createContact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/contacts/{contactId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a contact. One that was merged into another answers with that one. */
                contactId: components["parameters"]["ContactId"];
            };
            cookie?: never;
        };
        /**
         * Read a contact
         * @description Read a contact.
         */
        get: operations["getContact"];
        /**
         * Change a contact by PUT
         * @description Only what is sent changes; `null` clears. PUT does what PATCH does.
         */
        put: operations["replaceContact"];
        post?: never;
        /**
         * Erase a person
         * @description Deletes the contact and all that names the person: sessions, messages, files, and what others wrote down of it (LGPD, article 18). The platforms get `contact.erased`. From the first moment on nothing finds or reaches the person any more; the rest is deleted also when the caller hangs up. Asking again is `not_found`.
         */
        delete: operations["eraseContact"];
        options?: never;
        head?: never;
        /**
         * Change a contact
         * @description Only what is sent changes; `null` clears.
         */
        patch: operations["updateContact"];
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/contacts/{contactId}/export": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a contact. One that was merged into another answers with that one. */
                contactId: components["parameters"]["ContactId"];
            };
            cookie?: never;
        };
        /**
         * Export a person
         * @description All that is kept of the person, as one JSON file.
         */
        get: operations["exportContact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/tags": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /**
         * List tags
         * @description By when they were made, rising unless `order` says otherwise.
         */
        get: operations["listTags"];
        put?: never;
        /**
         * Create a tag
         * @description Create a tag.
         */
        post: operations["createTag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/tags/{tagId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a tag. */
                tagId: components["parameters"]["TagId"];
            };
            cookie?: never;
        };
        /**
         * Read a tag
         * @description Read a tag.
         */
        get: operations["getTag"];
        put?: never;
        post?: never;
        /**
         * Delete a tag
         * @description The contacts that had it lose it.
         */
        delete: operations["deleteTag"];
        options?: never;
        head?: never;
        /**
         * Change a tag
         * @description Change a tag.
         */
        patch: operations["updateTag"];
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/channels": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /**
         * List channels
         * @description By when they were made, rising unless `order` says otherwise.
         */
        get: operations["listChannels"];
        put?: never;
        /**
         * Create a channel
         * @description A channel of 360dialog is asked how it is, and told where to deliver when the server knows its public URL; what fails shows in `state` and is tried again.
         */
        post: operations["createChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/channels/{channelId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        /**
         * Read a channel
         * @description Read a channel.
         */
        get: operations["getChannel"];
        put?: never;
        post?: never;
        /**
         * Delete a channel
         * @description Its credentials are deleted and its webhooks are 404; its conversations stay readable, and its number may be added anew.
         */
        delete: operations["deleteChannel"];
        options?: never;
        head?: never;
        /**
         * Change a channel
         * @description Only what is sent changes. New credentials are tried at once.
         */
        patch: operations["updateChannel"];
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/channels/{channelId}/capabilities": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        /**
         * Read what a channel can do
         * @description Read what a channel can do.
         */
        get: operations["getChannelCapabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/channels/{channelId}/webhook": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell the provider where to deliver
         * @description Asks the provider how the number is and tells it the channel's webhook URL again; a new key at 360dialog forgets it.
         */
        post: operations["setChannelWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/channels/{channelId}/templates": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        /**
         * List a channel's templates
         * @description What the provider knows now, by name and language, rising unless `order` says otherwise.
         */
        get: operations["listChannelTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/platform-configs": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /**
         * List platform configs
         * @description By when they were made, rising unless `order` says otherwise.
         */
        get: operations["listPlatformConfigs"];
        put?: never;
        /**
         * Create a platform config
         * @description Create a platform config.
         */
        post: operations["createPlatformConfig"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/platform-configs/{platformConfigId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
            };
            cookie?: never;
        };
        /**
         * Read a platform config
         * @description Read a platform config.
         */
        get: operations["getPlatformConfig"];
        put?: never;
        post?: never;
        /**
         * Delete a platform config
         * @description Refused while channels deliver to it, sessions are active on it, or it is the default of several.
         */
        delete: operations["deletePlatformConfig"];
        options?: never;
        head?: never;
        /**
         * Change a platform config
         * @description Change a platform config.
         */
        patch: operations["updatePlatformConfig"];
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/platform-configs/{platformConfigId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new signing secret
         * @description The old one goes on signing beside it for 24 hours, and so do those that were replaced before, each for its own 24 hours; five at most.
         */
        post: operations["rotatePlatformSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/platform-configs/{platformConfigId}/test": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description Posts a `platform.test` event to the URL, in its turn, whatever types the config asks for.
         */
        post: operations["testPlatformConfig"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/events": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /**
         * Listen to events
         * @description Server-Sent Events, for as long as the connection lives: every event of the account as it happens, in the order of
         *     its position, which has no gap and no repeat on any server.
         *
         *     - Each has `id`, its position; `event`, its type; `data`, the same JSON that webhooks get. What it shows of messages,
         *       contacts and sessions is as of now.
         *     - An `id` without `data` tells how far the stream is, past events that the filter leaves out. A comment every 15
         *       seconds shows that it lives.
         *     - To go on after a break, send the last `id` as `Last-Event-ID`. Events are kept for 7 days, unless the operator sets
         *       another time; a position before that, or of another store, is 410 `cursor_expired`: read anew what you show, then
         *       listen without it.
         *     - A client that takes events more slowly than 8 KiB/s for half a minute is cut off, and can go on where it was.
         *     - `platform.status` comes here only: the URL of a platform config takes no events (`failing`), takes them again
         *       (`active`), or answered 410 (`disabled`).
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/deliveries": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /**
         * List deliveries
         * @description By when they were made, the newest first unless `order` says otherwise.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/deliveries/replay": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay the deliveries of a time
         * @description Makes deliveries that were made in this time pending again: the platforms get the same events, with the same ids, once more. Media links are signed anew; what the webhook of one number took is as it was, byte for byte. Events that are not kept once they are delivered are left out: those of channels in mode `gateway`, of ignored contacts, and `QRCODE`.
         */
        post: operations["replayDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a delivery. */
                deliveryId: components["parameters"]["DeliveryId"];
            };
            cookie?: never;
        };
        /**
         * Read a delivery
         * @description Read a delivery and its last ten attempts.
         */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a delivery. */
                deliveryId: components["parameters"]["DeliveryId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay a delivery
         * @description Makes it pending again: the platform gets the same event, with the same id, once more. One that is pending stays so. One whose event is not kept any more is a `conflict`: it is too old, or was not kept once it was delivered, as those of channels in mode `gateway`, of ignored contacts, and `QRCODE`.
         */
        post: operations["replayDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * List accounts
         * @description By when they were made, rising unless `order` says otherwise.
         */
        get: operations["listAccounts"];
        put?: never;
        /**
         * Create an account
         * @description Create an account.
         */
        post: operations["createAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /**
         * Read an account
         * @description Read an account.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        /**
         * Delete an account
         * @description Refused while it has channels or contacts. Its keys, tags, platform configs and uploaded files go with it, and soon what the linked devices of its deleted channels kept.
         */
        delete: operations["deleteAccount"];
        options?: never;
        head?: never;
        /**
         * Rename an account
         * @description Rename an account.
         */
        patch: operations["updateAccount"];
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/api-keys": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /**
         * List API keys
         * @description By when they were made, rising unless `order` says otherwise.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Create an API key
         * @description Create an API key.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/api-keys/{apiKeyId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of an API key; not the key itself. */
                apiKeyId: components["parameters"]["ApiKeyId"];
            };
            cookie?: never;
        };
        /**
         * Read an API key
         * @description Read an API key.
         */
        get: operations["getApiKey"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description It stops working at once, on other servers within three seconds.
         */
        delete: operations["deleteApiKey"];
        options?: never;
        head?: never;
        /**
         * Rename an API key
         * @description Rename an API key.
         */
        patch: operations["updateApiKey"];
        trace?: never;
    };
    "/api/accounts/{clientIdentifier}/media": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a file
         * @description The body is the file of 100 MiB at most, or a form with the file in its part `file`. The answer's `_id` may be used as `mediaUri`.
         */
        post: operations["uploadMedia"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/media/{mediaId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a file. */
                mediaId: components["parameters"]["MediaId"];
            };
            cookie?: never;
        };
        /**
         * Download a file
         * @description Opens with an API key of the account, or with the signature of a link that an answer or event printed. It is served as an attachment unless it is an image (never SVG), audio, video or PDF.
         */
        get: operations["getMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhook/360dialog/{platformConfigId}/{channelId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in what 360dialog delivers
         * @description The body is 4 MiB and 64 levels deep at most. Where the platform config in the URL was deleted, the account's default stands in, and the channel's `state.detail` says so.
         */
        post: operations["receiveD360"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhook/whatsappweb/{platformConfigId}/{channelId}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in what a WhatsApp gateway delivers
         * @description The body is 4 MiB and 64 levels deep at most.
         */
        post: operations["receiveWhatsAppWeb"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/status": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * Read how a number is connected
         * @description How the number is connected, and, while it is being linked, the code to scan. It asks nothing of WhatsApp, and may be read as often as you like; `channel.status` and `channel.qr` tell of every change by themselves.
         */
        get: operations["getNumberStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/setWebhook": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * Set the number's webhook by its URL alone
         * @description Posts the number's events to a URL from now on, as `PUT /{clientNumber}/webhook` does; the types that it hears stay as they are. Encode the URL where it has a query of its own. The secret stands in the answer only where the webhook is new: setting it again, also to another URL, keeps the secret, and `POST .../platform-configs/{platformConfigId}/rotate-secret` makes another.
         */
        get: operations["setNumberWebhookByQuery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/webhook": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * Look at the number's webhook
         * @description Where the number's events are posted, and whether the URL takes them. 404 where it has no webhook.
         */
        get: operations["getNumberWebhook"];
        /**
         * Set the number's webhook
         * @description Posts what happens to the number to a URL from now on, signed like the events of platforms (Standard Webhooks): the webhooks in capitals. The secret stands in the answer only where the webhook is new; setting it again keeps it. It is a platform config of its own, listed among them with its `channelId`: there its deliveries are looked at and its secret is replaced. It holds no session, is never the default, and goes with its channel.
         */
        put: operations["setNumberWebhook"];
        post?: never;
        /**
         * End the number's webhook
         * @description Nothing is posted any more; what waited is kept as failed for as long as it would have waited.
         */
        delete: operations["deleteNumberWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/qr": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * Get the code to scan
         * @description Begins to link the number, where that was not begun, and gives the QR code that its phone can scan now: WhatsApp, linked devices, link a device. It answers `image/png`, so that a page or a terminal can show it, and JSON to whoever prefers that by `Accept`. Codes are replaced every 20 seconds, the first after a minute; after six the attempt ends, and asking again begins another. Where WhatsApp asks for a passkey the answer is JSON with `passkey`, to be answered by `POST /{clientNumber}/pair/passkey`. A scan by another phone than the number's comes to nothing: the status is then `failed` and `detail` names who came.
         */
        get: operations["getNumberQR"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/pair": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a code to type on the phone
         * @description In place of scanning: the phone shows WhatsApp's request, or one goes to linked devices, link with phone number, and types this code. It begins to link the number, where that was not begun. A new code makes the one before useless.
         */
        post: operations["pairNumber"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/pair/passkey": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer the passkey that WhatsApp asks for
         * @description Some accounts want a passkey before a device is linked: `GET /{clientNumber}/qr` then has its WebAuthn request in `passkey`. Give that to `navigator.credentials.get` where the account's owner has the passkey, and post what it answers here.
         */
        post: operations["answerNumberPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/pair/confirm": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm that both codes are equal
         * @description Where WhatsApp wants a code compared after the passkey, `GET /{clientNumber}/qr` has it in `code`. Call this when the phone shows the same one, and only then: whoever shows another is not your phone.
         */
        post: operations["confirmNumberPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/connect": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect a number
         * @description Connects the linked device, or begins to link the number where it is linked to none, and waits up to 20 seconds for what comes of it. Connecting what is connected changes nothing. A connection that breaks is made anew by itself.
         */
        post: operations["connectNumber"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/disconnect": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disconnect a number
         * @description Ends the connection until somebody connects it again. The device stays linked, and what customers write meanwhile comes with the next connection. Disconnecting what is not connected changes nothing.
         */
        post: operations["disconnectNumber"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/reset": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close the connection and open it anew
         * @description For a connection that seems stuck. The device stays linked; a number that is being linked gets new codes.
         */
        post: operations["resetNumber"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/logout": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unlink a number from its phone
         * @description The device disappears from the phone's list, and its keys are deleted here; contacts, sessions and messages stay. A number that is connected to nothing is connected for that first. Logging out what is not linked changes nothing. A device that cannot be opened (the number is `failed` and says so) is given up: the phone still lists it.
         */
        post: operations["logoutNumber"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/validate/{contact}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, or a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`). */
                contact: components["parameters"]["NumberContact"];
            };
            cookie?: never;
        };
        /**
         * Tell whether a number is on WhatsApp
         * @description `jid` is the WhatsApp address in the form that was always printed here, `…@c.us`; `phone` is the number as it is registered, with its ninth digit or without. A hidden address (`…@lid`) may be asked for too; of strangers WhatsApp tells no number then, and `jid` is that address. Whoever is not on WhatsApp is `isValid: false`, not a failure. An answer may be a day old, a miss ten minutes: numbers that ask too much are banned.
         */
        get: operations["validateNumber"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/contacts": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * List the contacts of a number's device
         * @description Whom the linked device knows by a name: from the phone's address book, which WhatsApp hands on by and by, and from what people call themselves. In the order of their numbers. These are the device's; `GET /api/accounts/{clientIdentifier}/contacts` has those who wrote, or were written to, here.
         */
        get: operations["listNumberContacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/contacts/{contact}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, or a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`). */
                contact: components["parameters"]["NumberContact"];
            };
            cookie?: never;
        };
        /**
         * Get what is known of somebody on WhatsApp
         * @description What the linked device knows of them, and what they show to this number, asked at this moment. They need not be among the contacts.
         */
        get: operations["getNumberContact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/contacts/{contact}/photo": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, or a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`). */
                contact: components["parameters"]["NumberContact"];
            };
            cookie?: never;
        };
        /**
         * Get somebody's profile picture
         * @description As WhatsApp has it at this moment, mostly a JPEG. Where there is none, or it is hidden from this number: 404.
         */
        get: operations["getNumberContactPhoto"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * List the groups that a number is in
         * @description Asked of WhatsApp at this moment, in the order of their ids, without their members.
         */
        get: operations["listGroups"];
        put?: never;
        /**
         * Make a group
         * @description The number becomes its admin. Who is not on WhatsApp, or lets only their contacts add them, is left out, as `results` tells; where nobody is left there is no group. Where no answer came in time the group may be there all the same: list the groups before trying again.
         */
        post: operations["createGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/join": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join a group by its link
         * @description Takes the link that a group's admin gave out, or only the code at its end. Joining a group again changes nothing.
         */
        post: operations["joinGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        /**
         * Get a group
         * @description With its members. Of a group that the number is not in, WhatsApp tells nothing: 403, or 404 where there is no such group.
         */
        get: operations["getGroup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/subject": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Name a group
         * @description Where the group is `locked`, only its admins may.
         */
        put: operations["setGroupSubject"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/description": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Describe a group
         * @description Where the group is `locked`, only its admins may. An empty description takes away the one that was there.
         */
        put: operations["setGroupDescription"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/participants": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add people to a group
         * @description For admins of the group. Each of those named has a result of their own.
         */
        post: operations["addGroupParticipants"];
        /**
         * Remove people from a group
         * @description For admins of the group. Each of those named has a result of their own.
         */
        delete: operations["removeGroupParticipants"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/admins": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Make members admins, or members again
         * @description For admins of the group. Who is named in neither list stays what they are. Promotions come first; where the demotions then fail as a whole, the promotions stay, and `detail` says so.
         */
        put: operations["setGroupAdmins"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/invite": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        /**
         * Get the link into a group
         * @description For admins of the group.
         */
        get: operations["getGroupInvite"];
        put?: never;
        post?: never;
        /**
         * End the link into a group
         * @description For admins of the group. The old link lets nobody in any more; there is a new one at once.
         */
        delete: operations["revokeGroupInvite"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/leave": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave a group
         * @description The number is out of the group; the group goes on.
         */
        post: operations["leaveGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/account": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * Get the account of a number
         * @description What WhatsApp shows of the number's own account, asked at this moment. `photo` is where its picture is, for whoever may use this number.
         */
        get: operations["getNumberAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/account/about": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Change the status text of a number
         * @description What WhatsApp shows as the account's status text, or about text, to whoever may see it. An empty one takes away what was there.
         */
        put: operations["setNumberAbout"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/account/name": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Change the public name of a number
         * @description What people see who have not saved the number. It is changed the way WhatsApp's own linked devices do it, on the phone too.
         */
        put: operations["setNumberName"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/presence": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Show a number online, or not
         * @description From now on, and after a reconnection too, for as long as the same server holds the connection; at first it is as the channel's `settings.sendPresence` says. While a number is shown online, its phone notifies less.
         */
        put: operations["setNumberPresence"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/number": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * Get the linked number
         * @description The number whose phone the channel is linked to, as WhatsApp has it: with its ninth digit or without. It asks nothing of WhatsApp, and answers while the number is not connected.
         */
        get: operations["getLinkedNumber"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/platform": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * Get the platform of a number's phone
         * @description `platform` is what the phone said of itself when it was linked. Of manufacturer, model and system no phone tells its linked devices: these are always null.
         */
        get: operations["getNumberPlatform"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/version": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * Get the versions that run here
         * @description Of this service, of WhatsApp Web as its client speaks it, and of that client.
         */
        get: operations["getNumberVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/access-code": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * Check the access code of a number
         * @description Shown in `X-Access-Code`, the code is right where this answers 200: a wrong one is 401, and locks its sender out after some more. With an API key no code is looked at; the answer tells whether the channel has one. The code itself is never shown.
         */
        get: operations["checkAccessCode"];
        /**
         * Make a new access code
         * @description Takes no body: codes are made here, of 130 random bits, and shown once. The code before opens nothing any more, on every server within three seconds. `credentials.accessCode` of the channel sets one of your own, or takes it away.
         */
        put: operations["renewAccessCode"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/photo": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Change the picture of a group
         * @description `mediaUri` is fetched as that of a message is, and not kept: a JPEG, PNG or still WebP of 16 MiB at most. Phones show a square of at most 640 pixels each way, which is made of it here, the middle of a longer one. Where the group is `locked`, only its admins may.
         */
        put: operations["setGroupPhoto"];
        post?: never;
        /**
         * Take away the picture of a group
         * @description Where the group is `locked`, only its admins may. Where there is none, nothing changes.
         */
        delete: operations["removeGroupPhoto"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/chats": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        /**
         * List the chats of a number's phone
         * @description As the phone has them, the latest first: those that it told when the number was linked, and those that came since. They are kept here, so that the number need not be connected. A logout, and the deletion of the channel, delete them. Nothing is kept, and the list is empty, where the operator keeps no messages (`OMNI_CHAT_MESSAGES=0`) and in mode `gateway`; nor is anything that a contact says, or is told, while it is ignored.
         */
        get: operations["listChats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/chats/{chat}/archive": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive a chat
         * @description On the phone and on all of its linked devices; nobody else sees it. It is pinned no more, if it was.
         */
        post: operations["archiveChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/archive": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive a group
         * @description On the phone and on all of its linked devices; nobody else sees it. It is pinned no more, if it was.
         */
        post: operations["archiveGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/chats/{chat}/unarchive": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a chat out of the archive
         * @description On the phone and on all of its linked devices.
         */
        post: operations["unarchiveChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/unarchive": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a group out of the archive
         * @description On the phone and on all of its linked devices.
         */
        post: operations["unarchiveGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/chats/{chat}/mute": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mute a chat
         * @description The phone and all of its linked devices notify no more of what is written there, until then, or for good. WhatsApp's own clients offer eight hours, a week, and for good; any time will do.
         */
        post: operations["muteChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/mute": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mute a group
         * @description The phone and all of its linked devices notify no more of what is written there, until then, or for good. WhatsApp's own clients offer eight hours, a week, and for good; any time will do.
         */
        post: operations["muteGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/chats/{chat}/unmute": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unmute a chat
         * @description The phone and all of its linked devices notify again.
         */
        post: operations["unmuteChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/unmute": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unmute a group
         * @description The phone and all of its linked devices notify again.
         */
        post: operations["unmuteGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/chats/{chat}/read": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark a chat as read
         * @description On the phone and on all of its linked devices. Whoever wrote what is unread here sees that it was read, where the account shows such things, and the open session counts nothing unread any more.
         */
        post: operations["readChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/read": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark a group as read
         * @description On the phone and on all of its linked devices. Whoever wrote what is unread here sees that it was read, where the account shows such things, and the open session counts nothing unread any more.
         */
        post: operations["readGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/chats/{chat}/messages": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        /**
         * List the messages of a chat
         * @description The newest first: those that are kept here, `OMNI_CHAT_MESSAGES` of each chat. With `older`, the phone is asked for what is missing of the page; it must be switched on and have a connection, and is waited for up to 25 seconds. What it tells is kept, as far as there is room. Files are linked to where they were fetched: those of messages that came in, or went out, over this service.
         */
        get: operations["listChatMessages"];
        put?: never;
        post?: never;
        /**
         * Clear the messages of a chat
         * @description On the phone and on all of its linked devices, starred messages included; the chat stays, and so do files that the phone has saved. What is kept of sessions here stays.
         */
        delete: operations["clearChat"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/messages": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message from a number
         * @description The same as `POST /api/message` over the channel of this number: everything that WhatsApp Web carries, to a person or to a group, in the contact's open session or in one that this opens. In mode `gateway` it goes straight to the device and nothing of it is kept: `sessionId` is `null`, and what becomes of the message the number's webhook hears. There a message to react to or to quote is not known: quote it with its text.
         */
        post: operations["sendFromNumber"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{clientNumber}/groups/{group}/messages": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        /**
         * List the messages of a group
         * @description The newest first: those that are kept here, `OMNI_CHAT_MESSAGES` of each chat. With `older`, the phone is asked for what is missing of the page; it must be switched on and have a connection, and is waited for up to 25 seconds. What it tells is kept, as far as there is room. Files are linked to where they were fetched: those of messages that came in, or went out, over this service.
         */
        get: operations["listGroupMessages"];
        put?: never;
        /**
         * Send a message to a group
         * @description Everything that WhatsApp Web carries; `quotedMessage` answers one of the group's messages.
         */
        post: operations["sendToGroup"];
        /**
         * Clear the messages of a group
         * @description On the phone and on all of its linked devices, starred messages included; the chat stays, and so do files that the phone has saved. What is kept of sessions here stays.
         */
        delete: operations["clearGroup"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether the process is alive
         * @description Tell whether the process is alive.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether requests can be answered
         * @description Fails while the store does not answer or lacks migrations; channels are only counted.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.yaml": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * Read this document
         * @description Read this document.
         */
        get: operations["getOpenAPI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * Read the reference as a page
         * @description Read the reference as a page.
         */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "session.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A session was opened
         * @description A session was opened: by a contact's first message, or by a send.
         */
        post: operations["onSessionCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "session.transferred": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A session got another platform or agent
         * @description A session got another platform or agent. Both platforms get it.
         */
        post: operations["onSessionTransferred"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "session.finished": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A session was finished
         * @description A session was finished.
         */
        post: operations["onSessionFinished"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.received": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A contact wrote
         * @description A contact wrote.
         */
        post: operations["onMessageReceived"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.sent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A message went out
         * @description A message went out: the provider took one of ours, or a person wrote on the number's own phone (`origin: phone`).
         */
        post: operations["onMessageSent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A sent message came further, or failed
         * @description A sent message came further, or failed.
         */
        post: operations["onMessageStatusChanged"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.revoked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A message was deleted for everyone
         * @description A message was deleted for everyone.
         */
        post: operations["onMessageRevoked"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.edited": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A message was edited
         * @description A message was edited.
         */
        post: operations["onMessageEdited"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The file of a message is ready, or could not be fetched
         * @description The file of a message is ready, or could not be fetched.
         */
        post: operations["onMessageMediaChanged"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.reaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody reacted to a message, or took that back
         * @description Somebody reacted to a message, or took that back.
         */
        post: operations["onMessageReacted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "contact.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A contact was made
         * @description A contact was made: by its first message, by a send, or by a caller.
         */
        post: operations["onContactCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "contact.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A contact was changed
         * @description A contact was changed.
         */
        post: operations["onContactUpdated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "contact.merged": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Two contacts turned out to be one
         * @description Two contacts turned out to be one. The old id goes on answering with the survivor.
         */
        post: operations["onContactMerged"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "contact.erased": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A person was erased
         * @description A person was erased. Platforms must erase what they keep of it.
         */
        post: operations["onContactErased"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "channel.status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A channel's condition changed
         * @description A channel's condition changed.
         */
        post: operations["onChannelStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "channel.qr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A channel has a new code to be scanned (whatsappweb)
         * @description A channel has a new code to be scanned (whatsappweb).
         */
        post: operations["onChannelQR"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "platform.test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A test
         * @description Sent on demand, to see that events arrive. Whatever types the config asks for.
         */
        post: operations["onPlatformTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    MESSAGE: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A contact wrote
         * @description A contact wrote to the number. A location is one, with `body.type: location`; a reaction is one, with its target. The link of a file works at once: until the file has come from WhatsApp, it waits for it.
         */
        post: operations["onNumberMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    GROUP_MESSAGE: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody wrote in a group
         * @description Somebody wrote in a group that the number is in.
         */
        post: operations["onNumberGroupMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    ATTACHMENT: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The file of a message is there
         * @description The file of a message has come from WhatsApp, or will not: `body.status` says which. It repeats what the message said.
         */
        post: operations["onNumberAttachment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    MESSAGE_SENT: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The number sent a message
         * @description The number sent a message: by this API, or a person on its phone. `body` is what it says.
         */
        post: operations["onNumberMessageSent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    MESSAGE_DELIVERED: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A message was delivered
         * @description A message of the number arrived on a phone; in a group, on the first.
         */
        post: operations["onNumberMessageDelivered"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    MESSAGE_READ: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A message was read
         * @description A message of the number was read; in a group, by the first.
         */
        post: operations["onNumberMessageRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    MESSAGE_PLAYED: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A message was played
         * @description A voice message or video of the number was played.
         */
        post: operations["onNumberMessagePlayed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    MESSAGE_REVOKED: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A message was deleted for everyone
         * @description A message was deleted for everyone. `fromMe` tells whether it was the number's own.
         */
        post: operations["onNumberMessageRevoked"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    MESSAGE_DELETED: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A message was deleted on the phone
         * @description A message was deleted on the number's own phone, for itself only.
         */
        post: operations["onNumberMessageDeleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    GROUP_UPDATE: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A group changed
         * @description A group that the number is in changed: `changes` has what is different.
         */
        post: operations["onNumberGroupUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    GROUP_JOIN: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The number is in a group
         * @description The number was taken into a group, made one, or followed a link into one.
         */
        post: operations["onNumberGroupJoin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    GROUP_LEAVE: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The number left a group
         * @description The number left a group, or was taken out of it.
         */
        post: operations["onNumberGroupLeave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    GROUP_PERMISSION: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What the number may do in a group changed
         * @description What the number may do in a group changed: it became an admin or is none any more, or only admins may write.
         */
        post: operations["onNumberGroupPermission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    QRCODE: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * There is a code to scan
         * @description The number waits for its phone: this is what the QR code says. Another follows when it counts no more.
         */
        post: operations["onNumberQRCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    AUTHENTICATED: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The number was linked
         * @description The number was linked to its phone.
         */
        post: operations["onNumberAuthenticated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    LOGGED_IN: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The number is connected
         * @description The number is logged in to WhatsApp: messages come and go from now on.
         */
        post: operations["onNumberLoggedIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    CONNECTION_STATE: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The connection changed
         * @description The connection has another status; the events that name one follow it.
         */
        post: operations["onNumberConnectionState"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    CONNECTION_FAILURE: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The connection failed
         * @description The connection came to an end that needs somebody: it failed, or WhatsApp banned the number or finds the version too old.
         */
        post: operations["onNumberConnectionFailure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    DISCONNECTED: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The number is disconnected
         * @description The number is not connected any more: on request, or because it was unlinked.
         */
        post: operations["onNumberDisconnected"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /** @description 24 hexadecimal digits, unique everywhere. */
        Id: string;
        /**
         * Format: uuid
         * @description An account's id, a UUID.
         */
        ClientIdentifier: string;
        /**
         * Format: date-time
         * @description RFC 3339 in UTC with milliseconds.
         */
        Time: string;
        /** @description RFC 3339, or Unix seconds as a number or string; from 1e11 on, milliseconds. */
        TimeIn: string | number;
        /**
         * @description Who carries the messages: `whatsappweb`, a linked device, or `d360`, 360dialog's Cloud API.
         * @enum {string}
         */
        Provider: "whatsappweb" | "d360";
        /**
         * @description How far an outbound message came. It only moves up, in this order; a late proof lifts even `failed`. `unknown`: perhaps sent; its status webhook settles that, or after a day it is failed. Of a group message: what its first recipient reached.
         * @enum {string}
         */
        MessageStatus: "queued" | "unknown" | "sent" | "failed" | "delivered" | "read" | "played";
        /** @description Why a request failed (RFC 9457). */
        Problem: {
            /**
             * Format: uri-reference
             * @description Where the code is explained.
             */
            type: string;
            /** @description What it is in a few words, in the caller's language. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description The stable name of the failure. */
            code: components["schemas"]["ProblemCode"];
            /** @description For people: what happened, to which id, and what to do. */
            detail: string;
            /** @description The request's X-Request-Id. */
            requestId: string;
            /** @description What is wrong, field by field. */
            errors?: components["schemas"]["FieldError"][];
            /** @description The provider's own code. */
            providerCode?: string;
            /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
            _id?: components["schemas"]["Id"];
            /**
             * @description The message was perhaps sent.
             * @constant
             */
            messageStatus?: "unknown";
            /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
            messageId?: string;
            /** @description The contact that has the identifier already. */
            contactId?: components["schemas"]["Id"];
            /** @description The channel that has the number already. */
            channelId?: components["schemas"]["Id"];
            /** @description What still uses it. */
            usedBy?: components["schemas"]["Id"];
            /** @description What the provider lacks. */
            capability?: string;
            /** @description Which provider lacks it. */
            provider?: components["schemas"]["Provider"];
            /** @description The names of the templates that can reopen the conversation. */
            templates?: string[];
            /** @description The channels that could send. */
            channels?: components["schemas"]["Id"][];
            /** @description The messages that the id could mean. */
            messages?: components["schemas"]["Id"][];
        };
        /** @description What is wrong with one field. */
        FieldError: {
            /** @description Its JSON name; nested with dots, list elements by index: `buttons.0.value`. */
            field: string;
            /** @description What it violates, such as `required`, `max`, `oneof`, `unknown`. */
            code: string;
            /** @description The same for people. */
            message: string;
        };
        /**
         * @description The stable name of a failure.
         * @enum {string}
         */
        ProblemCode: "number_not_on_whatsapp" | "whatsapp_connection_closed" | "invalid_number" | "d360_invalid_token" | "d360_invalid_message" | "d360_rate_limited" | "d360_internal_error" | "d360_account_blocked" | "recipient_unavailable" | "malformed_request" | "validation_failed" | "method_not_allowed" | "payload_too_large" | "unsupported_media_type" | "unauthenticated" | "forbidden" | "not_found" | "contact_exists" | "session_finished" | "idempotency_key_reused" | "conflict" | "capability_unsupported" | "reply_window_closed" | "media_unavailable" | "media_too_large" | "media_type_unsupported" | "channel_ambiguous" | "rate_limited" | "cursor_expired" | "provider_timeout" | "provider_unavailable" | "internal";
        /** @description A tenant. What belongs to it no other account sees. */
        Account: {
            /** @description Its id. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description Its name. */
            name: string;
            /** @description When it was made. */
            createdAt: components["schemas"]["Time"];
        };
        /** @description An account to make, or its new name. */
        AccountWrite: {
            /** @description Its name. */
            name: string;
        };
        /** @description An API key. The key itself stands in the answer that made it only; of it a hash is kept. */
        ApiKey: {
            /** @description Its id. */
            _id: components["schemas"]["Id"];
            /** @description What it is for. */
            name: string;
            /** @description When it was made. */
            createdAt: components["schemas"]["Time"];
        };
        /** @description An API key with the key, which is not shown again. */
        NewApiKey: {
            /** @description Its id. */
            _id: components["schemas"]["Id"];
            /** @description What it is for. */
            name: string;
            /** @description When it was made. */
            createdAt: components["schemas"]["Time"];
            /** @description The key. */
            key: string;
        };
        /** @description A name. */
        NamedWrite: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description The name. */
            name: string;
        };
        /** @description A label that an account puts on contacts. Two tags of an account differ by name. */
        Tag: {
            /** @description Its id. */
            _id: components["schemas"]["Id"];
            /** @description Its name. */
            name: string;
            /** @description Its colour, such as `#25d366`. Left out where it has none. */
            color?: string;
            /** @description When it was made. */
            createdAt: components["schemas"]["Time"];
        };
        /** @description A tag to make. */
        CreateTag: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description Its name. */
            name: string;
            /** @description Its colour as `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`. */
            color?: string;
        };
        /** @description What of a tag is to change. */
        UpdateTag: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description Its new name. */
            name?: string;
            /** @description Its new colour; `null` clears. */
            color?: string | null;
        };
        /**
         * @description A type of event; those in capitals are the WhatsApp gateway's.
         * @enum {string}
         */
        EventType: "session.created" | "session.transferred" | "session.finished" | "message.received" | "message.sent" | "message.status" | "message.revoked" | "message.edited" | "message.media" | "message.reaction" | "contact.created" | "contact.updated" | "contact.merged" | "contact.erased" | "channel.status" | "channel.qr" | "MESSAGE" | "GROUP_MESSAGE" | "ATTACHMENT" | "MESSAGE_SENT" | "MESSAGE_DELIVERED" | "MESSAGE_READ" | "MESSAGE_PLAYED" | "MESSAGE_REVOKED" | "MESSAGE_DELETED" | "GROUP_UPDATE" | "GROUP_JOIN" | "GROUP_LEAVE" | "GROUP_PERMISSION" | "QRCODE" | "AUTHENTICATED" | "LOGGED_IN" | "CONNECTION_STATE" | "CONNECTION_FAILURE" | "DISCONNECTED" | "BATTERY";
        /** @description An agent platform of an account, and where its events go. */
        PlatformConfig: {
            /** @description Its id. */
            _id: components["schemas"]["Id"];
            /** @description Its account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description Its short name. Sessions and contacts are filed under it; it stays. */
            platformSlug: string;
            /** @description Its name for people. */
            name: string;
            /** @description Where its events are posted. Empty where it takes none. */
            url: string;
            /** @description The types of event that it wants; empty, all. */
            events: components["schemas"]["EventType"][];
            /** @description Whether it gets the sessions that nothing else decides about. An account has exactly one default. */
            isDefault: boolean;
            /** @description Whose own webhook it is; then it hears of that number only, and holds no session. */
            channelId?: components["schemas"]["Id"];
            /** @description Whether its URL is called. */
            state: components["schemas"]["PlatformState"];
            /** @description When it was made. */
            createdAt: components["schemas"]["Time"];
            /** @description The signing secret, `whsec_…`. It stands in the answer that made it only. */
            secret?: string;
        };
        /** @description The condition of a platform config. */
        PlatformState: {
            /**
             * @description `failing`: its URL takes no events now; they wait up to three days, and it is tried again and again. `disabled`: its URL answered 410; its events are kept for replay.
             * @enum {string}
             */
            status: "active" | "failing" | "disabled";
            /** @description Since when. */
            since: components["schemas"]["Time"];
            /** @description What to do; empty while all is well. */
            detail: string;
        };
        /** @description A platform config to make. An account's first one is its default. */
        CreatePlatformConfig: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description Its short name, unique in the account: letters, digits, dots, dashes and underscores. */
            platformSlug: string;
            /** @description Its name for people; left out, the slug. */
            name?: string;
            /** @description Where its events are posted. A private host is refused unless the operator allows it. */
            url?: string;
            /** @description The types of event that it wants; empty, all. */
            events?: components["schemas"]["EventType"][];
            /**
             * @description Makes it the default, instead of the one that is.
             * @default false
             */
            isDefault?: boolean;
        };
        /** @description What of a platform config is to change. A new `url` ends `disabled` and `failing`. */
        UpdatePlatformConfig: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description May be sent, but only as it is: a slug stays. */
            platformSlug?: string | null;
            /** @description Its name; `null` makes it the slug. */
            name?: string | null;
            /** @description Where its events are posted; `null` clears. */
            url?: string | null;
            /** @description The types of event that it wants; empty or `null`, all. */
            events?: components["schemas"]["EventType"][] | null;
            /** @description `true` makes it the default. A default stays one until another takes its place. */
            isDefault?: boolean | null;
        };
        /** @description One number at one provider. */
        Channel: {
            /** @description Its id. */
            _id: components["schemas"]["Id"];
            /** @description Its account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description Its name for people. */
            name: string;
            /**
             * @description The network that it is on.
             * @constant
             */
            channelType: "whatsapp";
            /** @description Who carries its messages. */
            provider: components["schemas"]["Provider"];
            /** @description Its number, with country code, digits only. */
            identifier: string;
            /** @description The platform that gets its sessions; `null`, the account's default. */
            platformConfigId: components["schemas"]["Id"] | null;
            /** @description What may be switched. */
            settings: components["schemas"]["ChannelSettings"];
            /** @description How it is connected. */
            state: components["schemas"]["ChannelState"];
            /** @description What its provider can do. */
            capabilities: components["schemas"]["Capabilities"];
            /** @description Where its provider delivers. */
            webhook: components["schemas"]["ChannelWebhook"];
            /** @description When it was made. */
            createdAt: components["schemas"]["Time"];
        };
        /** @description What may be switched per channel. */
        ChannelSettings: {
            /**
             * @description `gateway`: no contact, session or message is kept, only events until they are delivered; `POST /{clientNumber}/messages` sends and keeps nothing, other sends are refused.
             * @enum {string}
             */
            mode: "sessions" | "gateway";
            /** @description Whether the contact sees `agentName`, as a bold first line. */
            showAgentName: boolean;
            /** @description Whether the contact sees somebody typing before a text arrives (whatsappweb). */
            typingBeforeText: boolean;
            /** @description Whether what was taken in is marked as read at once (whatsappweb). */
            markReadOnProcess: boolean;
            /** @description Whether the number shows itself as online (whatsappweb). */
            sendPresence: boolean;
            /** @description The language of a template that names none, such as `pt_BR`. */
            templateLanguage: string;
            /** @description The largest file that is taken, in bytes. */
            mediaMaxBytes: number;
            /** @description How fast one server sends for the number. Over D360 most numbers may send 80 a second, in and out; upgraded ones 1,000, coexistence ones 20. WhatsApp Web has no known limit, and blocks numbers that send as no person would. */
            messagesPerSecond: number;
        };
        /**
         * @description Only `open` sends; `connecting` counts as open. `qr` waits for a phone to scan, `pairing` for what follows; `closed` was disconnected, or nobody scanned in time; `logged_out` was unlinked; of the others `detail` says what to do.
         * @enum {string}
         */
        ConnectionStatus: "created" | "connecting" | "qr" | "pairing" | "open" | "closed" | "logged_out" | "banned" | "outdated" | "failed";
        /** @description How a channel is connected. */
        ChannelState: {
            /** @description What it is now. */
            status: components["schemas"]["ConnectionStatus"];
            /** @description Since when it has this status. */
            since: components["schemas"]["Time"];
            /** @description What to do, refused webhooks included; empty while all is well. */
            detail: string;
        };
        /** @description Where a channel's provider delivers. */
        ChannelWebhook: {
            /** @description The URL; a path where the server does not know its public URL; empty while the account has no platform. */
            url: string;
            /** @description The webhook secret, `whsec_…`. It stands in the answer that made it only. */
            secret?: string;
        };
        /** @description How a number is connected. */
        NumberStatus: {
            /** @description What it is now. */
            status: components["schemas"]["ConnectionStatus"];
            /** @description What the QR code says that the phone can scan now; null, there is none. */
            qr: string | null;
            /** @description The phone's battery in percent, as another gateway told by the channel's webhook; null where nobody told, which no phone with linked devices does. */
            battery: number | null;
            /** @description Whether the phone is being charged; null as `battery`. */
            plugged: boolean | null;
            /** @description What to do; empty while all is well. */
            detail: string;
            /** @description Since when it has this status, in Unix seconds. */
            since: number;
            /** @description The number of the phone that it is linked to, as WhatsApp writes it; null, linked to none. */
            number: string | null;
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
        };
        /** @description Where a number's events are posted. */
        NumberWebhook: {
            /** @description Where its events are posted. */
            url: string;
            /** @description The types that it hears; empty, all. */
            events: components["schemas"]["NumberEventType"][];
            /** @description Whether the URL takes them. */
            state: components["schemas"]["NumberWebhookState"];
            /** @description The platform config that it is, for its deliveries and its secret. */
            platformConfigId: components["schemas"]["Id"];
            /** @description When it was made, in Unix seconds. */
            createdAt: number;
            /** @description The signing secret, `whsec_…`. It stands in the answer that made it only. */
            secret?: string;
        };
        /** @description The condition of a platform config. */
        NumberWebhookState: {
            /**
             * @description `failing`: its URL takes no events now; they wait up to three days, and it is tried again and again. `disabled`: its URL answered 410; its events are kept for replay.
             * @enum {string}
             */
            status: "active" | "failing" | "disabled";
            /** @description Since when, in Unix seconds. */
            since: number;
            /** @description What to do; empty while all is well. */
            detail: string;
        };
        /** @description Where a number's events are to be posted. */
        SetNumberWebhook: {
            /** @description The URL; one in a private network is refused unless the operator allows it. */
            url: string;
            /** @description The types that it is to hear; left out or empty, all. */
            events?: components["schemas"]["NumberEventType"][] | null;
        };
        /**
         * @description A type of event of one number. `BATTERY` never arises, since a phone with linked devices does not tell.
         * @enum {string}
         */
        NumberEventType: "MESSAGE" | "GROUP_MESSAGE" | "ATTACHMENT" | "MESSAGE_SENT" | "MESSAGE_DELIVERED" | "MESSAGE_READ" | "MESSAGE_PLAYED" | "MESSAGE_REVOKED" | "MESSAGE_DELETED" | "GROUP_UPDATE" | "GROUP_JOIN" | "GROUP_LEAVE" | "GROUP_PERMISSION" | "QRCODE" | "AUTHENTICATED" | "LOGGED_IN" | "CONNECTION_STATE" | "CONNECTION_FAILURE" | "DISCONNECTED" | "BATTERY";
        /** @description What became of a message. */
        NumberSendAnswer: {
            /** @description Its session, which was opened where there was none; `null` in mode `gateway`, where there are none. */
            sessionId: components["schemas"]["Id"] | null;
            /** @description WhatsApp's id; `null` while it is queued. */
            messageId: string | null;
            /** @description Our id; in mode `gateway` nothing is found by it. */
            _id: components["schemas"]["Id"];
            /** @description How far it came. */
            status: components["schemas"]["MessageStatus"];
        };
        /** @description What the owner of a number is to do now, so that it gets linked. */
        NumberQR: {
            /** @description What the QR code says; null where nothing is to be scanned any more. */
            qr: string | null;
            /** @description Until when all this is good, in Unix seconds; then ask again. */
            expiresAt: number;
            /** @description The WebAuthn request that the owner of the account must answer (PublicKeyCredentialRequestOptions in its JSON form); null where WhatsApp asks for none. */
            passkey: {
                [key: string]: unknown;
            } | null;
            /** @description A code to compare with the one on the phone; null, nothing to compare. */
            code: string | null;
        };
        /** @description Which phone is to be linked. */
        PairNumber: {
            /** @description Its number with country code; left out or empty, the channel's own. Another is refused. */
            phone?: string;
        };
        /** @description A code to type on the phone. */
        PairingCode: {
            /** @description Eight characters with a dash. */
            code: string;
            /** @description The number whose phone takes it, as WhatsApp has it: the ninth digit may be there or not. */
            phone: string;
            /** @description Until when the phone takes it, in Unix seconds. */
            expiresAt: number;
        };
        /** @description What the authenticator of the account's owner answered. */
        PasskeyAnswer: {
            /** @description The credential that the browser gave. */
            response: components["schemas"]["PasskeyCredential"];
        };
        /** @description A PublicKeyCredential of WebAuthn in its JSON form (`toJSON()`). */
        PasskeyCredential: {
            /** @description The credential's id, in base64url. */
            id: string;
            /** @description The same. */
            rawId: string;
            /**
             * @description Its type.
             * @enum {string}
             */
            type: "public-key";
            /** @description What was signed. */
            response: components["schemas"]["PasskeyAssertion"];
            /** @description What browsers print beside it. It is not passed on. */
            authenticatorAttachment?: string | null;
            /** @description What browsers print beside it. It is not passed on. */
            clientExtensionResults?: {
                [key: string]: unknown;
            };
        };
        /** @description What an authenticator signed; bytes in base64url without padding. */
        PasskeyAssertion: {
            /** @description What was signed over. */
            clientDataJSON: string;
            /** @description What the authenticator says of itself. */
            authenticatorData: string;
            /** @description The signature. */
            signature: string;
            /** @description Whose passkey it is, where the authenticator tells. */
            userHandle?: string | null;
        };
        /** @description Whether somebody is on WhatsApp. */
        NumberValidation: {
            /** @description What was asked for. */
            input: string;
            /** @description Whether it is there. */
            isValid: boolean;
            /** @description The WhatsApp address, `…@c.us`, or `…@lid` where the number is not known; null, nobody is there. */
            jid: string | null;
            /** @description The hidden address, `…@lid`; null, not known. */
            lid: string | null;
            /** @description The number as it is registered, in digits; null, not known. */
            phone: string | null;
        };
        /** @description A chat of a number's phone. What is not known is null. */
        Conversation: {
            /** @description What the routes take for it: `…@c.us`, `…@lid` where the number is not known, or `…-group`. */
            id: string;
            /** @description The number of whom it is with, in digits; null for a group. */
            phone: string | null;
            /** @description The hidden address, `…@lid`; null for a group. */
            lid: string | null;
            /** @description In the phone's address book, else what they call themselves; of a group its subject. */
            name: string | null;
            /** @description Whether it is a group's. */
            isGroup: boolean;
            /** @description How many messages nobody has read, on the phone or here. Where messages are shown as read at once (`markReadOnProcess`) they count as read. */
            unreadCount: number;
            /** @description Whether it was marked as unread by hand. */
            markedUnread: boolean;
            /** @description Whether it is archived. */
            archived: boolean;
            /** @description Whether it is pinned. */
            pinned: boolean;
            /** @description Until when it is silent, in Unix seconds; 253402300799 (the end of the year 9999) for good; null, it is not. */
            mutedUntil: number | null;
            /** @description The newest message; null, there is none. */
            lastMessage: components["schemas"]["ConversationLast"] | null;
            /** @description When something was last said, in Unix seconds; null, nothing ever was. */
            lastMessageAt: number | null;
        };
        /** @description The newest message of a chat. */
        ConversationLast: {
            /** @description Its id. */
            id: string;
            /** @description Whether the number wrote it. */
            fromMe: boolean;
            /** @description What it is. */
            type: components["schemas"]["ContentType"];
            /** @description The beginning of its words, at most 200 characters; null, it has none. */
            preview: string | null;
            /** @description When it was written, in Unix seconds. */
            timestamp: number;
            /** @description Whether it was deleted for everyone. */
            revoked: boolean;
        };
        /** @description A page of a list. */
        ConversationList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Conversation"][];
        };
        /** @description A message of a chat, in the form that `POST /api/webhook/whatsappweb/…` takes in, with what is known beyond. */
        ConversationMessage: {
            /** @description Its id, as WhatsApp has it. */
            id: string;
            /**
             * @description Whether it was written in a group.
             * @enum {string}
             */
            type: "MESSAGE" | "GROUP_MESSAGE";
            /** @description Whether the number wrote it, on the phone or over this service. */
            fromMe: boolean;
            /** @description Who wrote it: a number, `…@lid` where it is not known, or `web…` for the number itself. */
            from: string;
            /** @description The name that they chose; null, not known, or the number itself. */
            fromUserName: string | null;
            /** @description To whom: of what others wrote `web…` for the number itself, also in a group; of what the number wrote a number, `…@lid` where it is not known, or `…-group`. */
            to: string;
            /** @description When it was written, in Unix seconds. */
            timestamp: number;
            /** @description What it says; null, it was deleted for everyone. */
            body: components["schemas"]["NumberBody"] | null;
            /** @description The group, of a `GROUP_MESSAGE`. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
            /** @description The message that it answers. */
            quotedMessage?: {
                /** @description Its id. */
                id: string;
                /** @description What it says, as it was quoted. */
                message?: string;
            };
            /** @description How far a message of the number's came; null for those of others. */
            status: components["schemas"]["MessageStatus"] | null;
            /** @description When it was last edited, in Unix seconds; null, never. */
            editedAt: number | null;
            /** @description When it was deleted for everyone, in Unix seconds; null, it was not. */
            revokedAt: number | null;
        };
        /** @description Messages of a chat. */
        ConversationMessages: {
            /** @description The messages, the newest first. */
            items: components["schemas"]["ConversationMessage"][];
            /** @description `before` of the next page; null where nothing earlier is known to be. Where fewer came than were asked for, `older` asks the phone. With `older` a page may be short, or empty, and go on all the same: the phone's chat has lines there that are no messages. */
            nextBefore: string | null;
        };
        /** @description Somebody whom a number's device knows. What it was not told is null. */
        KnownContact: {
            /** @description The number in digits; null, not known. */
            phone: string | null;
            /** @description The hidden address, `…@lid`; null, not known. */
            lid: string | null;
            /** @description What to call them: the first of the names below that is known, `pushName` last. */
            name: string | null;
            /** @description In the phone's address book. */
            fullName: string | null;
            /** @description In the phone's address book. */
            firstName: string | null;
            /** @description What they call themselves. */
            pushName: string | null;
            /** @description The name of a business. */
            businessName: string | null;
        };
        /** @description Somebody on WhatsApp, as a number sees them. What it was not told is null. */
        NumberContact: {
            /** @description The number in digits; null, not known. */
            phone: string | null;
            /** @description The hidden address, `…@lid`; null, not known. */
            lid: string | null;
            /** @description What to call them: the first of the names below that is known, `pushName` last. */
            name: string | null;
            /** @description In the phone's address book. */
            fullName: string | null;
            /** @description In the phone's address book. */
            firstName: string | null;
            /** @description What they call themselves. */
            pushName: string | null;
            /** @description The name of a business. */
            businessName: string | null;
            /** @description Their status text; null, none or hidden. */
            about: string | null;
            /** @description Whether they show a profile picture. */
            hasPhoto: boolean;
        };
        /** @description A page of a list. */
        NumberContactList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["KnownContact"][];
        };
        /** @description A group without its members. */
        Group: {
            /** @description Its id. */
            id: string;
            /** @description Its name. */
            subject: string;
            /** @description Its description; empty where it has none. */
            description: string;
            /** @description When it was made, in Unix seconds; null where WhatsApp does not tell. */
            createdAt: number | null;
            /** @description Who made it; null where WhatsApp does not tell. */
            createdBy: components["schemas"]["WhatsAppPerson"] | null;
            /** @description How many are in it. */
            size: number;
            /**
             * @description What the number itself is in it; null, not in it.
             * @enum {string|null}
             */
            role: "member" | "admin" | "superadmin" | null;
            /** @description Whether only admins may write. */
            announceOnly: boolean;
            /** @description Whether only admins may change name, description and photo. */
            locked: boolean;
            /** @description After how many seconds messages disappear; 0, never. */
            disappearing: number;
        };
        /** @description A group with its members. */
        GroupDetail: {
            /** @description Its id. */
            id: string;
            /** @description Its name. */
            subject: string;
            /** @description Its description; empty where it has none. */
            description: string;
            /** @description When it was made, in Unix seconds; null where WhatsApp does not tell. */
            createdAt: number | null;
            /** @description Who made it; null where WhatsApp does not tell. */
            createdBy: components["schemas"]["WhatsAppPerson"] | null;
            /** @description How many are in it. */
            size: number;
            /**
             * @description What the number itself is in it; null, not in it.
             * @enum {string|null}
             */
            role: "member" | "admin" | "superadmin" | null;
            /** @description Whether only admins may write. */
            announceOnly: boolean;
            /** @description Whether only admins may change name, description and photo. */
            locked: boolean;
            /** @description After how many seconds messages disappear; 0, never. */
            disappearing: number;
            /** @description Who is in it. */
            participants: components["schemas"]["GroupParticipant"][];
        };
        /** @description Somebody's names on WhatsApp. Of strangers it often tells the hidden address only. */
        WhatsAppPerson: {
            /** @description The number in digits; null, not told. */
            phone: string | null;
            /** @description The hidden address, `…@lid`; null, not told. */
            lid: string | null;
        };
        /** @description Somebody in a group. */
        GroupParticipant: {
            /** @description The number in digits; null, not told. */
            phone: string | null;
            /** @description The hidden address, `…@lid`; null, not told. */
            lid: string | null;
            /**
             * @description What they may do; superadmin made the group.
             * @enum {string}
             */
            role: "member" | "admin" | "superadmin";
        };
        /** @description What came of a change for one of those named. */
        GroupOutcome: {
            /** @description As the request named them. */
            input: string;
            /** @description The number in digits; null, not told. */
            phone: string | null;
            /** @description The hidden address, `…@lid`; null, not told. */
            lid: string | null;
            /**
             * @description `not_allowed`: they let only their contacts add them, so send them the group's link. `refused`: for another reason, see `providerCode`. `unknown`: WhatsApp did not say; the group tells.
             * @enum {string}
             */
            result: "done" | "not_on_whatsapp" | "not_allowed" | "not_in_group" | "already_there" | "refused" | "unknown";
            /** @description WhatsApp's code; null where there is none. */
            providerCode: number | null;
        };
        /** @description What came of a change for each of those named. */
        GroupOutcomes: {
            /** @description In the order of the request. */
            results: components["schemas"]["GroupOutcome"][];
        };
        /** @description What came of each promotion and demotion. */
        GroupAdminOutcomes: {
            /** @description Of `promote`, in its order. */
            promoted: components["schemas"]["GroupOutcome"][];
            /** @description Of `demote`, in its order. */
            demoted: components["schemas"]["GroupOutcome"][];
        };
        /** @description A new group. */
        GroupMade: {
            /** @description The group. */
            group: components["schemas"]["GroupDetail"];
            /** @description What came of inviting each, in the order of the request. */
            results: components["schemas"]["GroupOutcome"][];
        };
        /** @description A group to make. */
        CreateGroup: {
            /** @description Its name. */
            subject: string;
            /** @description Who is to be in it beside the number itself. */
            participants: components["schemas"]["Participants"];
        };
        /** @description People, by number with country code or by WhatsApp address. */
        Participants: string[];
        /** @description Whom of a group to change. */
        GroupParticipants: {
            /** @description Whom it is about. */
            participants: components["schemas"]["Participants"];
        };
        /** @description Whose role in a group to change; at least one. */
        GroupAdmins: {
            /** @description Members who become admins. */
            promote?: string[];
            /** @description Admins who become members. */
            demote?: string[];
        };
        /** @description A group's new name. */
        GroupSubject: {
            /** @description The name. */
            subject: string;
        };
        /** @description A group's new description. */
        GroupDescription: {
            /** @description The description; empty takes it away. */
            description: string;
        };
        /** @description The way into a group. */
        JoinGroup: {
            /** @description Its link, or the code at the link's end. */
            invite: string;
        };
        /** @description Which group a link led into. */
        GroupJoined: {
            /** @description The group's id. */
            group: string;
            /** @description Whether the number is in it now; false, its admins must say yes first. */
            joined: boolean;
        };
        /** @description The way into a group. */
        GroupInvite: {
            /** @description The link. */
            link: string;
            /** @description The link's end. */
            code: string;
        };
        /** @description The account of a number, as WhatsApp shows it. What it does not tell is null. */
        NumberAccount: {
            /** @description The number as it is registered, in digits. */
            number: string;
            /** @description Its WhatsApp address, `…@c.us`. */
            jid: string;
            /** @description Its hidden address, `…@lid`. */
            lid: string | null;
            /** @description Its public name, which people see who have not saved it. */
            name: string | null;
            /** @description Its status text. */
            about: string | null;
            /** @description Where its picture is, for who may use this number; null, there is none. */
            photo: string | null;
            /** @description The name of a business, as WhatsApp has verified it. */
            businessName: string | null;
            /** @description Of its phone, such as `android`, `iphone`, `smba` or `smbi` (WhatsApp Business on either). */
            platform: string | null;
        };
        /** @description A status text. */
        NumberAbout: {
            /** @description The text; empty takes it away. */
            about: string;
        };
        /** @description A public name. */
        NumberName: {
            /** @description The name. */
            name: string;
        };
        /** @description How a number shows itself. */
        NumberPresence: {
            /**
             * @description Online, or not.
             * @enum {string}
             */
            presence: "available" | "unavailable";
        };
        /** @description The number that a channel is linked to. */
        LinkedNumber: {
            /** @description The number as it is registered, in digits; null, none is linked. */
            number: string | null;
            /** @description Its WhatsApp address, `…@c.us`. */
            jid: string | null;
        };
        /** @description What kind of phone a number is on. */
        NumberPlatform: {
            /** @description As the phone said when it was linked, such as `android`, `iphone`, `smba` or `smbi` (WhatsApp Business on either). */
            platform: string | null;
            /** @description No phone tells its linked devices. */
            manufacturer: null;
            /** @description No phone tells its linked devices. */
            model: null;
            /** @description No phone tells its linked devices. */
            osVersion: null;
        };
        /** @description What runs here. */
        NumberVersion: {
            /** @description Of this service, with the commit it was built from where that is known. */
            version: string;
            /** @description Of WhatsApp Web as the client speaks it. */
            whatsAppWeb: string;
            /** @description Of the client's module; `unknown` where the build does not say. */
            whatsmeow: string;
        };
        /** @description How the access code of a channel is, never the code itself. */
        AccessCode: {
            /** @description Whether the channel has one. */
            set: boolean;
            /** @description True: the caller showed it. Null: a key opened the route, and no code was looked at. */
            valid: boolean | null;
            /** @description Since when it is that, in Unix seconds; null, there is none, or it is not known. */
            since: number | null;
        };
        /** @description A new access code, which is not shown again. */
        NewAccessCode: {
            /** @description The code. */
            accessCode: string;
            /** @description Since when it counts, in Unix seconds. */
            since: number | null;
        };
        /** @description A group's new picture. */
        GroupPhoto: {
            /** @description An http(s) address, the id of an uploaded file, or an `s3://` address of a bucket that the operator lists: a JPEG, PNG or still WebP. */
            mediaUri: string;
        };
        /** @description How long a chat is muted. */
        MuteChat: {
            /** @description Until when: RFC 3339 or Unix seconds, in the future. Left out or null: for good. */
            until?: string | number | null;
        };
        /** @description A page of a list. */
        GroupList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Group"][];
        };
        /** @description What a provider can do. */
        Capabilities: {
            /** @description A date that changes whenever a value does. */
            version: string;
            /** @description Texts. */
            text: boolean;
            /** @description Images, videos and audio. */
            media: boolean;
            /** @description Documents. */
            document: boolean;
            /** @description Stickers. */
            sticker: boolean;
            /** @description Messages in groups. */
            groups: boolean;
            /** @description Message templates. */
            template: boolean;
            /** @description Interactive messages with buttons. */
            buttons: boolean;
            /** @description Interactive lists. */
            lists: boolean;
            /** @description Contact cards. */
            structuredContacts: boolean;
            /** @description Showing that somebody is typing. */
            typing: boolean;
            /** @description Deleting a sent message for everyone. */
            delete: boolean;
            /** @description Asking whether a number is on WhatsApp. */
            validateNumber: boolean;
            /** @description A contact's photo. */
            profilePhoto: boolean;
            /** @description How long after the contact's last message free messages may go out, in hours; 0, always. */
            replyWindowHours: number;
            /** @description What the provider takes of each type of content that it carries. */
            limits: {
                [key: string]: components["schemas"]["ContentLimit"];
            };
        };
        /** @description What a provider takes of one type of content. What is left out has no limit. */
        ContentLimit: {
            /** @description Characters of a text or of an interactive's body. */
            maxText?: number;
            /** @description Characters of a caption. */
            maxCaption?: number;
            /** @description A text beside it is refused. */
            noCaption?: boolean;
            /** @description Bytes of the file. */
            maxBytes?: number;
            /** @description Bytes of an animated sticker. */
            maxAnimated?: number;
            /** @description The types of file that it takes. */
            mimetypes?: string[];
            /** @description Buttons of an interactive. */
            maxButtons?: number;
            /** @description Sections of a list. */
            maxSections?: number;
            /** @description Rows of a list, over all sections. */
            maxRows?: number;
            /** @description Characters of a button's title. */
            maxTitle?: number;
            /** @description Characters of a header. */
            maxHeader?: number;
            /** @description Characters of a footer. */
            maxFooter?: number;
            /** @description Not in groups. */
            individualOnly?: boolean;
        };
        /** @description A channel to make. Its provider is asked at once; what it refuses shows in `state`. */
        CreateChannel: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description Its name for people; left out, the number. */
            name?: string;
            /**
             * @description The network; there is one.
             * @enum {string}
             */
            channelType?: "whatsapp" | "";
            /** @description Who carries its messages. */
            provider: components["schemas"]["Provider"];
            /** @description Its number with country code. One channel per account, provider and number, with or without the ninth digit. */
            identifier: string;
            /** @description The platform that gets its sessions; left out, the account's default. */
            platformConfigId?: components["schemas"]["Id"];
            /** @description What differs from the defaults. */
            settings?: components["schemas"]["ChannelSettingsWrite"];
            /** @description What the provider and its webhooks need. They never come out again. */
            credentials?: components["schemas"]["ChannelCredentials"];
        };
        /** @description What of a channel is to change. */
        UpdateChannel: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description Its name; `null` makes it the number. */
            name?: string | null;
            /** @description Another number; only while the channel is `logged_out`. */
            identifier?: string;
            /** @description The platform that gets its sessions; `null`, the account's default. */
            platformConfigId?: components["schemas"]["Id"] | null;
            /** @description The settings to change. */
            settings?: components["schemas"]["ChannelSettingsWrite"];
            /** @description The credentials to change. */
            credentials?: components["schemas"]["ChannelCredentials"];
        };
        /** @description Settings to change. What is left out stays; `null` is the default. */
        ChannelSettingsWrite: {
            /**
             * @description What is kept; by default `sessions`.
             * @enum {string|null}
             */
            mode?: "sessions" | "gateway" | null;
            /** @description By default true. */
            showAgentName?: boolean | null;
            /** @description By default true. */
            typingBeforeText?: boolean | null;
            /** @description By default true. */
            markReadOnProcess?: boolean | null;
            /** @description By default true. */
            sendPresence?: boolean | null;
            /** @description By default `pt_BR`. */
            templateLanguage?: string | null;
            /** @description By default 104857600 (100 MiB). */
            mediaMaxBytes?: number | null;
            /** @description By default 72. */
            messagesPerSecond?: number | null;
        };
        /** @description What goes in and never comes out. Printable ASCII without spaces, 512 characters at most. `null` clears. */
        ChannelCredentials: {
            /** @description The key of the number at 360dialog. */
            apiKey?: string | null;
            /** @description What webhooks must prove to know. Left out or cleared, one is made and shown once. */
            webhookSecret?: string | null;
            /** @description The access code of the WhatsApp gateway. */
            accessCode?: string | null;
        };
        /** @description A message template as the provider keeps it. */
        Template: {
            /** @description The provider's id of it. */
            id?: string;
            /** @description Its name. */
            name: string;
            /** @description Its language, such as `pt_BR`. */
            language: string;
            /** @description In capitals; only `APPROVED` ones can be sent. */
            status: string;
            /** @description Such as `UTILITY` or `MARKETING`. */
            category?: string;
            /** @description How its variables are called: `POSITIONAL` by numbers, `NAMED` by names. Left out: the provider does not say. */
            parameterFormat?: string;
            /** @description Its parts, as the Cloud API has them. */
            components: {
                [key: string]: unknown;
            }[] | null;
        };
        /**
         * @description A person or a group.
         * @enum {string}
         */
        ContactKind: "individual" | "group";
        /** @description One person, or one group, on one channel. */
        Contact: {
            /** @description Its id. */
            _id: components["schemas"]["Id"];
            /** @description The number, the business-scoped user id, or the group (`…-group`), as first seen or as it was set. */
            contactIdentifier: string;
            /** @description The name that a caller gave, else the one that the person chose, as last heard of; a group's subject. */
            name: string;
            /** @description A name of the account's own. */
            customName?: string;
            /** @description The person's public handle at WhatsApp, as last heard of. */
            username?: string;
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /**
             * @description The network.
             * @constant
             */
            channelType: "whatsapp";
            /** @description A person or a group. */
            type: components["schemas"]["ContactKind"];
            /** @description The slug of the platform that gets this contact's new sessions. */
            platform?: string;
            /** @description Where the person works. */
            companyName?: string;
            /** @description The URL of a photo. */
            photo?: string;
            /** @description Its tags. */
            tagIds: components["schemas"]["Id"][];
            /** @description Whether nothing of it is taken in: no session, message, event or file. */
            isIgnored: boolean;
            /** @description Who is in the group, where that is known. */
            participants?: string[];
            /** @description Every name that the provider has for it, as `kind:value`; phones with their ninth digit. */
            identities: string[];
            /** @description When it was made. */
            createdAt: components["schemas"]["Time"];
            /** @description When it was changed last. */
            updatedAt: components["schemas"]["Time"];
        };
        /** @description A contact to make. */
        CreateContact: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description A number with country code, with or without the ninth digit; a business-scoped user id; or a group (`…-group` or `…@g.us`). */
            contactIdentifier: string;
            /** @description The name. */
            name: string;
            /** @description A person or a group; it must fit the identifier. */
            type: components["schemas"]["ContactKind"];
            /** @description A channel of the account. */
            channelId: components["schemas"]["Id"];
            /**
             * @description The network; there is one.
             * @constant
             */
            channelType: "whatsapp";
            /** @description The slug of the platform that gets this contact's new sessions. One that no config has is kept, and the channel's platform gets them. */
            platform?: string;
            /** @description A name of the account's own. */
            customName?: string;
            /** @description Where the person works. */
            companyName?: string;
            /** @description The http(s) URL of a photo. */
            photo?: string;
            /** @description Tags of the account. */
            tagIds?: components["schemas"]["Id"][];
            /**
             * @description Whether nothing of it is to be taken in.
             * @default false
             */
            isIgnored?: boolean;
        };
        /** @description What of a contact is to change. What is left out stays; `null` clears. */
        UpdateContact: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description May stand here too; then it must be the path's. */
            contactId?: components["schemas"]["Id"];
            /** @description Another number or group. It cannot be cleared. */
            contactIdentifier?: string;
            /** @description The name. */
            name?: string | null;
            /** @description A name of the account's own. */
            customName?: string | null;
            /** @description Where the person works. */
            companyName?: string | null;
            /** @description The http(s) URL of a photo. */
            photo?: string | null;
            /** @description The slug of the platform that gets this contact's new sessions. */
            platform?: string | null;
            /** @description Its tags, all of them. */
            tagIds?: components["schemas"]["Id"][] | null;
            /** @description Whether nothing of it is to be taken in. */
            isIgnored?: boolean | null;
        };
        /** @description What was erased of a person. */
        ErasedContact: {
            /** @description The contact that was. */
            contactId: components["schemas"]["Id"];
            /** @description How many of each were deleted. */
            erased: {
                /** @description Contacts, those merged into it included. */
                contacts: number;
                /** @description Sessions. */
                sessions: number;
                /** @description Messages. */
                messages: number;
                /** @description Files. */
                media: number;
            };
        };
        /** @description All that is kept of a person: the contact, then one list per kind of row. A list that would be empty is left out; there may be more lists than are named here. */
        ContactExport: {
            /** @description The contact. */
            contact: components["schemas"]["Contact"];
            /** @description Its sessions. */
            sessions?: {
                [key: string]: unknown;
            }[];
            /** @description Its messages. */
            messages?: {
                [key: string]: unknown;
            }[];
            /** @description Its files. */
            media?: {
                [key: string]: unknown;
            }[];
        } & {
            [key: string]: {
                [key: string]: unknown;
            }[];
        };
        /**
         * @description `active`, then `finished`. The contact's next message opens another session.
         * @enum {string}
         */
        SessionStatus: "active" | "finished";
        /** @description One conversation between one contact and the platform that answers it. */
        Session: {
            /** @description Its id. */
            _id: components["schemas"]["Id"];
            /** @description The contact in short. */
            client: components["schemas"]["SessionClient"];
            /** @description Who carries its messages. */
            type: components["schemas"]["Provider"];
            /** @description Its place in its life. */
            status: components["schemas"]["SessionStatus"];
            /** @description When it was opened. */
            createdAt: components["schemas"]["Time"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Who answers it; `null` while the account has no platform. */
            platform: components["schemas"]["PlatformRef"] | null;
            /** @description Which of the platform's people answers it, where that was said. */
            agent: components["schemas"]["Agent"] | null;
            /** @description When its last message came in or went out. */
            lastMessageAt: components["schemas"]["Time"] | null;
            /** @description When the contact wrote last, into this session or before it. */
            lastInboundAt: components["schemas"]["Time"] | null;
            /** @description Until when free messages may go out (d360): 24 hours after the contact's last one, whichever session that went into. `null` where there is no such window, or nobody has written yet. */
            replyWindowExpiresAt: components["schemas"]["Time"] | null;
            /** @description How many of the contact's messages were not marked as read. */
            unreadCount: number;
            /** @description When it was finished. */
            finishedAt: components["schemas"]["Time"] | null;
            /** @description Its hand-overs, the newest last, 50 at most. */
            transfers: components["schemas"]["Transfer"][];
            /** @description Its newest message in short; `null` while it has none. */
            lastMessage: components["schemas"]["SessionPreview"] | null;
            /** @description In the answer to a transfer only, why its message could not go, or that nobody knows yet whether it went (`provider_timeout`). The transfer stands. */
            transferMessageError?: {
                /** @description Which failure it was. */
                code: components["schemas"]["ProblemCode"];
                /** @description What happened and what to do. */
                detail: string;
                /** @description The message, where it was stored: its status tells. */
                _id?: components["schemas"]["Id"];
            };
        };
        /** @description A message in short, as a list of conversations shows it. */
        SessionPreview: {
            /** @description The message. */
            _id: components["schemas"]["Id"];
            /**
             * @description Who wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /** @description Its kind, as the message has it. */
            type: string;
            /** @description How its text, caption or name begins, or the emoji; empty where it has none of these, and when it was revoked. */
            text: string;
            /** @description When it was written, by the provider. */
            timestamp: components["schemas"]["Time"];
            /** @description How far it came; of outbound messages only. */
            status?: string;
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
        };
        /** @description The contact of a session in short. */
        SessionClient: {
            /** @description The name that people see: the account's own one, where there is one. */
            name: string;
            /** @description What the provider calls the contact. */
            providerId: string;
        };
        /** @description A platform that answers. */
        PlatformRef: {
            /** @description Its slug. */
            slug: string;
            /** @description Its platform config. */
            configId?: components["schemas"]["Id"];
        };
        /** @description One of a platform's people. */
        Agent: {
            /** @description The platform's id of the person. */
            id: string;
            /** @description The person's name. */
            name?: string;
        };
        /** @description Who answers a session. */
        Holder: {
            /** @description The platform. */
            platform: components["schemas"]["PlatformRef"];
            /** @description One of its people. */
            agent?: components["schemas"]["Agent"];
        };
        /** @description One hand-over of a session. */
        Transfer: {
            /** @description When. */
            at: components["schemas"]["Time"];
            /** @description The `_id` of the API key that asked; with `admin:` before it for an admin key. `omnichannel`: nobody asked, the platform was deleted as the session opened. */
            by: string;
            /** @description Who answered before. */
            from: components["schemas"]["Holder"];
            /** @description Who answers since. */
            to: components["schemas"]["Holder"];
        };
        /** @description Where a session goes. */
        TransferSession: {
            /** @description Who answers from now on. */
            params: {
                /** @description A platform of the account. */
                platformSlug: string;
                /** @description The platform's id of one of its people; needed where agentName stands. */
                agentId?: string;
                /** @description That person's name. */
                agentName?: string;
            };
            /** @description Sent to the contact. */
            transferMessage?: string;
        };
        /** @description A session that is finished. */
        FinishedSession: {
            /**
             * @description Always this.
             * @constant
             */
            message: "Session finished successfully";
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
        };
        /** @description A session that was read. */
        ReadSession: {
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description 0, unless the contact wrote meanwhile. */
            unreadCount: number;
        };
        /**
         * @description What the contact sees of the person who answers.
         * @enum {string}
         */
        TypingState: "typing" | "recording" | "paused";
        /** @description What to show. */
        TypeInSession: {
            /** @description What to show. */
            state: components["schemas"]["TypingState"];
        };
        /** @description What the contact sees now. */
        TypedInSession: {
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description What is shown. */
            state: components["schemas"]["TypingState"];
        };
        /** @description What to say: exactly one of `text`, `mediaUri`, `interactive`, `location` and `reaction`; a `text` beside a `mediaUri` is its caption. */
        Draft: {
            /** @description The text, or the caption of a file. Audio and stickers take none. */
            text?: string;
            /** @description A file: an http(s) URL, the `_id` of an uploaded file, or an `s3://` URL of a bucket that the operator lists. What it is follows from its bytes, then its Content-Type, then its extension. */
            mediaUri?: string;
            /** @description Buttons, a list, contact cards, or another interactive message of the Cloud API. */
            interactive?: components["schemas"]["Interactive"];
            /** @description A place. */
            location?: components["schemas"]["LocationDraft"];
            /** @description An emoji for an earlier message. */
            reaction?: components["schemas"]["ReactionDraft"];
            /** @description The earlier message that this one answers. */
            quotedMessage?: components["schemas"]["QuotedMessageDraft"];
            /** @description Who answers: shown as a bold first line, unless the channel is set otherwise. */
            agentName?: string;
            /** @description The name of the file that `mediaUri` gives. */
            fileName?: string;
            /**
             * @description Sends audio as a voice note.
             * @default false
             */
            asVoice?: boolean;
        };
        /** @description A place to send. */
        LocationDraft: {
            /** @description Degrees north. */
            latitude: number;
            /** @description Degrees east. */
            longitude: number;
            /** @description What is there. */
            name?: string;
            /** @description Its address. */
            address?: string;
        };
        /** @description An emoji for an earlier message. */
        ReactionDraft: {
            /** @description The message's `_id` or its provider's id. */
            messageId: string;
            /** @description One emoji; empty takes it back. */
            emoji?: string;
        };
        /** @description An earlier message to quote. */
        QuotedMessageDraft: {
            /** @description The message's `_id` or its provider's id. */
            id: string;
            /** @description Its text, needed where we do not know the message (whatsappweb). */
            message?: string;
        };
        /** @description A message into a session. */
        SendMessage: {
            /** @description The text, or the caption of a file. Audio and stickers take none. */
            text?: string;
            /** @description A file: an http(s) URL, the `_id` of an uploaded file, or an `s3://` URL of a bucket that the operator lists. What it is follows from its bytes, then its Content-Type, then its extension. */
            mediaUri?: string;
            /** @description Buttons, a list, contact cards, or another interactive message of the Cloud API. */
            interactive?: components["schemas"]["Interactive"];
            /** @description A place. */
            location?: components["schemas"]["LocationDraft"];
            /** @description An emoji for an earlier message. */
            reaction?: components["schemas"]["ReactionDraft"];
            /** @description The earlier message that this one answers. */
            quotedMessage?: components["schemas"]["QuotedMessageDraft"];
            /** @description Who answers: shown as a bold first line, unless the channel is set otherwise. */
            agentName?: string;
            /** @description The name of the file that `mediaUri` gives. */
            fileName?: string;
            /**
             * @description Sends audio as a voice note.
             * @default false
             */
            asVoice?: boolean;
            /** @description An active session. */
            sessionId: components["schemas"]["Id"];
        };
        /** @description A message to a number or a group. */
        SendToNumber: {
            /** @description The text, or the caption of a file. Audio and stickers take none. */
            text?: string;
            /** @description A file: an http(s) URL, the `_id` of an uploaded file, or an `s3://` URL of a bucket that the operator lists. What it is follows from its bytes, then its Content-Type, then its extension. */
            mediaUri?: string;
            /** @description Buttons, a list, contact cards, or another interactive message of the Cloud API. */
            interactive?: components["schemas"]["Interactive"];
            /** @description A place. */
            location?: components["schemas"]["LocationDraft"];
            /** @description An emoji for an earlier message. */
            reaction?: components["schemas"]["ReactionDraft"];
            /** @description The earlier message that this one answers. */
            quotedMessage?: components["schemas"]["QuotedMessageDraft"];
            /** @description Who answers: shown as a bold first line, unless the channel is set otherwise. */
            agentName?: string;
            /** @description The name of the file that `mediaUri` gives. */
            fileName?: string;
            /**
             * @description Sends audio as a voice note.
             * @default false
             */
            asVoice?: boolean;
            /** @description A number with country code, or a group: `5521977776666-group` or `…@g.us`. */
            recipientNumber: string;
            /** @description Whether it is a group; the recipient's ending decides, and this must agree. The spelling with three s is the older one. */
            isGroupMesssage?: boolean;
            /** @description The same in the usual spelling. */
            isGroupMessage?: boolean;
            /** @description Which channel sends; left out, the account's only one of provider whatsappweb. An admin key must name it. */
            channelId?: components["schemas"]["Id"];
        };
        /** @description A message to a number or a group. */
        SendFromNumber: {
            /** @description The text, or the caption of a file. Audio and stickers take none. */
            text?: string;
            /** @description A file: an http(s) URL, the `_id` of an uploaded file, or an `s3://` URL of a bucket that the operator lists. What it is follows from its bytes, then its Content-Type, then its extension. */
            mediaUri?: string;
            /** @description Buttons, a list, contact cards, or another interactive message of the Cloud API. */
            interactive?: components["schemas"]["Interactive"];
            /** @description A place. */
            location?: components["schemas"]["LocationDraft"];
            /** @description An emoji for an earlier message. */
            reaction?: components["schemas"]["ReactionDraft"];
            /** @description The earlier message that this one answers. */
            quotedMessage?: components["schemas"]["QuotedMessageDraft"];
            /** @description Who answers: shown as a bold first line, unless the channel is set otherwise. */
            agentName?: string;
            /** @description The name of the file that `mediaUri` gives. */
            fileName?: string;
            /**
             * @description Sends audio as a voice note.
             * @default false
             */
            asVoice?: boolean;
            /** @description A number with country code, or a group: `5521977776666-group` or `…@g.us`. */
            recipientNumber: string;
            /** @description Whether it is a group; the recipient's ending decides, and this must agree. The spelling with three s is the older one. */
            isGroupMesssage?: boolean;
            /** @description The same in the usual spelling. */
            isGroupMessage?: boolean;
        };
        /** @description A template to a number. */
        StartConversation: {
            /** @description A number with country code, or a business-scoped user id. */
            to: string;
            /** @description The contact's name, where it is new. */
            userName?: string;
            /** @description Where the person works, written where the contact has no such entry. */
            companyName?: string;
            /** @description The name of an approved template. */
            template: string;
            /** @description The values of its body's variables, in their order; where they have names, in the order in which the names first appear. A header with a variable of its own takes `components`. */
            templateVariables?: string[];
            /** @description Its language, such as `pt_BR`; left out, the channel's `templateLanguage`. */
            language?: string;
            /** @description Which channel sends; left out, the account's only one of provider d360. An admin key must name it. */
            channelId?: components["schemas"]["Id"];
            /** @description The file of its header, as `mediaUri` elsewhere. */
            headerMediaUri?: string;
            /** @description The values of its buttons. */
            buttons?: components["schemas"]["TemplateButton"][];
            /** @description Its components as the Cloud API has them, instead of variables, header and buttons. */
            components?: {
                [key: string]: unknown;
            }[];
            /** @description Recorded with the message. */
            agentName?: string;
        };
        /** @description The value of one button of a template. */
        TemplateButton: {
            /**
             * @description Which button, from 0.
             * @default 0
             */
            index?: number;
            /**
             * @description What kind of button it is.
             * @enum {string}
             */
            type: "quick_reply" | "url" | "copy_code";
            /** @description The payload that comes back, the end of the URL, or the code. */
            value: string;
        };
        /** @description What became of a message. */
        SendAnswer: {
            /** @description Its session, which was opened where there was none. */
            sessionId: components["schemas"]["Id"];
            /** @description The provider's id; `null` while it is queued. */
            messageId: string | null;
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description How far it came. */
            status: components["schemas"]["MessageStatus"];
        };
        /** @description A message that was deleted for everyone. */
        DeletedMessage: {
            /** @description The provider's id. */
            messageId: string;
            /**
             * @description Always this.
             * @constant
             */
            status: "revoked";
        };
        /** @description An interactive message. `contacts` goes out as contact cards; all others are the Cloud API's own and need a provider that has them. */
        Interactive: components["schemas"]["InteractiveButtons"] | components["schemas"]["InteractiveList"] | components["schemas"]["InteractiveContacts"] | components["schemas"]["InteractiveOther"];
        /** @description A text with up to three reply buttons. */
        InteractiveButtons: {
            /**
             * @description Which kind it is.
             * @constant
             */
            type: "button";
            /** @description What stands above. */
            header?: components["schemas"]["InteractiveHeader"];
            /** @description The text. */
            body: components["schemas"]["InteractiveText"];
            /** @description What stands below. */
            footer?: components["schemas"]["InteractiveText"];
            /** @description The buttons. */
            action: {
                /** @description One to three buttons. */
                buttons: {
                    /**
                     * @description Always this.
                     * @constant
                     */
                    type: "reply";
                    /** @description What it says. */
                    reply: {
                        /** @description Comes back in the contact's reply. */
                        id: string;
                        /** @description What stands on it. */
                        title: string;
                    };
                }[];
            };
        } & {
            [key: string]: unknown;
        };
        /** @description A text with a list to choose from. */
        InteractiveList: {
            /**
             * @description Which kind it is.
             * @constant
             */
            type: "list";
            /** @description What stands above; text only. */
            header?: components["schemas"]["InteractiveHeader"];
            /** @description The text. */
            body: components["schemas"]["InteractiveText"];
            /** @description What stands below. */
            footer?: components["schemas"]["InteractiveText"];
            /** @description The list. */
            action: {
                /** @description What opens it. */
                button: string;
                /** @description Up to ten sections with ten rows in all. */
                sections: {
                    /** @description Its title, needed where there are several. */
                    title?: string;
                    /** @description Its rows. */
                    rows: {
                        /** @description Comes back in the contact's reply. */
                        id: string;
                        /** @description What it says. */
                        title: string;
                        /** @description What stands below it. */
                        description?: string;
                    }[];
                }[];
            };
        } & {
            [key: string]: unknown;
        };
        /** @description Contact cards. Both providers send them. */
        InteractiveContacts: {
            /**
             * @description Which kind it is.
             * @constant
             */
            type: "contacts";
            /** @description The cards. */
            contacts: components["schemas"]["ContactCard"][];
        } & {
            [key: string]: unknown;
        };
        /** @description Any other kind that the Cloud API has: `cta_url`, `flow`, `product`, `product_list`, `catalog_message`, `location_request_message`, `order_details`, `order_status`, `call_permission_request`, `carousel`, `request_contact_info`. It passes through as it is, checked against the limits that the Cloud API sets. */
        InteractiveOther: {
            /** @description Which kind it is. */
            type: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A text of an interactive message. */
        InteractiveText: {
            /** @description The text: a body of 1,024 characters at most, a header or footer of 60. */
            text: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The header of an interactive message. */
        InteractiveHeader: {
            /** @description `text`, `image`, `video` or `document`. */
            type: string;
            /** @description Its text. */
            text?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A contact card as the Cloud API has it; what is not named here is kept too. */
        ContactCard: {
            /** @description The name. */
            name?: {
                /** @description As it is shown; needed to send. */
                formatted_name?: string;
                /** @description First name. */
                first_name?: string;
                /** @description Last name. */
                last_name?: string;
            } & {
                [key: string]: unknown;
            };
            /** @description The numbers. */
            phones?: ({
                /** @description The number as it is shown. */
                phone?: string;
                /** @description Such as `WORK` or `CELL`. */
                type?: string;
                /** @description Its WhatsApp id, digits only. */
                wa_id?: string;
            } & {
                [key: string]: unknown;
            })[];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description What kind of message it is.
         * @enum {string}
         */
        ContentType: "text" | "image" | "audio" | "video" | "document" | "sticker" | "location" | "contacts" | "interactive" | "template" | "order" | "reaction" | "system" | "unsupported";
        /** @description One message of a session, in either direction. `content` follows from `type`. */
        Message: components["schemas"]["TextMessage"] | components["schemas"]["MediaMessage"] | components["schemas"]["AudioMessage"] | components["schemas"]["StickerMessage"] | components["schemas"]["LocationMessage"] | components["schemas"]["ContactsMessage"] | components["schemas"]["InteractiveMessage"] | components["schemas"]["TemplateMessage"] | components["schemas"]["OrderMessage"] | components["schemas"]["ReactionMessage"] | components["schemas"]["SystemMessage"] | components["schemas"]["UnsupportedMessage"];
        /** @description What every message has. */
        MessageBase: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /** @description What kind of message it is. */
            type: components["schemas"]["ContentType"];
            /** @description What it says. */
            content: Record<string, unknown>;
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `text`. */
        TextMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "text";
            /** @description What it says. */
            content: components["schemas"]["TextContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `image` or `video` or `document`. */
        MediaMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @enum {unknown}
             */
            type: "image" | "video" | "document";
            /** @description What it says. */
            content: components["schemas"]["MediaContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `audio`. */
        AudioMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "audio";
            /** @description What it says. */
            content: components["schemas"]["AudioContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `sticker`. */
        StickerMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "sticker";
            /** @description What it says. */
            content: components["schemas"]["StickerContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `location`. */
        LocationMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "location";
            /** @description What it says. */
            content: components["schemas"]["LocationContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `contacts`. */
        ContactsMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "contacts";
            /** @description What it says. */
            content: components["schemas"]["ContactsContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `interactive`. */
        InteractiveMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "interactive";
            /** @description What it says. */
            content: components["schemas"]["InteractiveContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `template`. */
        TemplateMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "template";
            /** @description What it says. */
            content: components["schemas"]["TemplateContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `order`. */
        OrderMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "order";
            /** @description What it says. */
            content: components["schemas"]["OrderContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `reaction`. */
        ReactionMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "reaction";
            /** @description What it says. */
            content: components["schemas"]["ReactionContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `system`. */
        SystemMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "system";
            /** @description What it says. */
            content: components["schemas"]["SystemContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description A message of type `unsupported`. */
        UnsupportedMessage: {
            /** @description Our id. */
            _id: components["schemas"]["Id"];
            /** @description Its session. */
            sessionId: components["schemas"]["Id"];
            /** @description Its contact. */
            contactId: components["schemas"]["Id"];
            /** @description Its channel. */
            channelId: components["schemas"]["Id"];
            /** @description Its number in the session, from 1, without a gap. */
            sequence: number;
            /**
             * @description `inbound`: the contact wrote it.
             * @enum {string}
             */
            direction: "inbound" | "outbound";
            /**
             * @description How an outbound one came to be: `phone`, on another device of the number.
             * @enum {string}
             */
            origin?: "api" | "phone";
            /** @description The provider's id, unique per channel and direction; `null` while it is queued. */
            messageId: string | null;
            /**
             * @description What kind of message it is.
             * @constant
             */
            type: "unsupported";
            /** @description What it says. */
            content: components["schemas"]["UnsupportedContent"];
            /** @description Its file. */
            media?: components["schemas"]["MessageMedia"];
            /** @description Who wrote it in a group. */
            author?: components["schemas"]["Author"];
            /** @description Who answered. It is not part of the text here, though the contact may see it there. */
            agentName?: string;
            /** @description The earlier message that it answers. */
            quotedMessage?: components["schemas"]["QuotedMessage"];
            /** @description Its reactions as they stand, one per person. */
            reactions: components["schemas"]["Reaction"][];
            /** @description What it said before it was edited, the newest last, 20 at most. */
            edits?: components["schemas"]["Edit"][];
            /** @description When it was edited last. */
            editedAt?: components["schemas"]["Time"];
            /** @description When it was deleted for everyone. */
            revokedAt?: components["schemas"]["Time"];
            /** @description The provider's time of it; ours where it said none. */
            timestamp: components["schemas"]["Time"];
            /** @description When we took it in. */
            receivedAt: components["schemas"]["Time"];
            /** @description How far an outbound one came. */
            status?: components["schemas"]["MessageStatus"];
            /** @description The steps of an outbound one. */
            statusHistory?: components["schemas"]["StatusStep"][];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
        };
        /** @description The file of a message. */
        MessageMedia: {
            /** @description The file's `_id`; `null` until it is ready. */
            id: components["schemas"]["Id"] | null;
            /**
             * Format: uri-reference
             * @description Where it is: a path where the server does not know its public URL. It opens for seven days for everyone who has it, and with an API key of the account for as long as the file is there.
             */
            url: string | null;
            /** @description Its type. */
            mimetype?: string;
            /** @description Its name. */
            fileName?: string;
            /** @description Its size, in bytes. */
            size?: number;
            /** @description Its SHA-256, in hex. */
            sha256?: string;
            /**
             * @description How far it is: an inbound file is fetched right after its message was stored.
             * @enum {string}
             */
            status: "pending" | "ready" | "failed";
            /** @description Why it failed. */
            error?: string;
        };
        /** @description Who wrote a message, or reacted. */
        Author: {
            /** @description What the provider calls the person; `self` for the channel's own number. */
            id: string;
            /** @description The person's name. */
            name?: string;
        };
        /** @description An earlier message as a later one quotes it. */
        QuotedMessage: {
            /** @description The provider's id of it. */
            id: string;
            /** @description Its text, where that is known. */
            message?: string;
        };
        /** @description One person's emoji. */
        Reaction: {
            /** @description The emoji. */
            emoji: string;
            /** @description Whose it is. */
            author: components["schemas"]["Author"];
            /** @description When. */
            timestamp: components["schemas"]["Time"];
        };
        /** @description What a message said before an edit. */
        Edit: {
            /** @description What it said. */
            content: components["schemas"]["Content"];
            /** @description Until when. */
            replacedAt: components["schemas"]["Time"];
        };
        /** @description One step of a message's way. */
        StatusStep: {
            /** @description What it reached. */
            status: components["schemas"]["MessageStatus"];
            /** @description When. */
            timestamp: components["schemas"]["Time"];
            /** @description Why it failed. */
            error?: components["schemas"]["MessageError"];
            /** @description The provider's word where it took the message and holds it back: `held_for_quality_assessment` or `paused`, of a template. What becomes of it comes as a later step, or never. */
            note?: string;
        };
        /** @description Why a message failed. */
        MessageError: {
            /** @description A problem's code; `expired` where it was not sent in ten minutes, or nothing settled it within a day; `revoked` where it was deleted before it was sent. */
            code: string;
            /** @description The provider's words for it. */
            title?: string;
            /** @description What happened. */
            detail?: string;
            /** @description The provider's own code. */
            providerCode?: string;
        };
        /** @description What a message says; which it is follows from the message's `type`. */
        Content: components["schemas"]["TextContent"] | components["schemas"]["MediaContent"] | components["schemas"]["AudioContent"] | components["schemas"]["StickerContent"] | components["schemas"]["LocationContent"] | components["schemas"]["ContactsContent"] | components["schemas"]["InteractiveContent"] | components["schemas"]["TemplateContent"] | components["schemas"]["OrderContent"] | components["schemas"]["ReactionContent"] | components["schemas"]["SystemContent"] | components["schemas"]["UnsupportedContent"];
        /** @description What any message may carry beside its content. */
        ContentMarks: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
        };
        /** @description A text. */
        TextContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description The text. */
            text?: string;
        };
        /** @description An image, a video or a document; the file stands in the message's `media`. */
        MediaContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description Its caption. */
            text?: string;
        };
        /** @description Audio; the file stands in the message's `media`. */
        AudioContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description Whether it is a voice note. */
            voice?: boolean;
            /** @description A caption, where a provider sent one. */
            text?: string;
        };
        /** @description A sticker; the file stands in the message's `media`. */
        StickerContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description Whether it moves. */
            animated?: boolean;
            /** @description A caption, where a provider sent one. */
            text?: string;
        };
        /** @description A place. */
        LocationContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description Degrees north. */
            latitude: number;
            /** @description Degrees east. */
            longitude: number;
            /** @description What is there. */
            name?: string;
            /** @description Its address. */
            address?: string;
            /** @description A link to it. */
            url?: string;
        };
        /** @description Contact cards. */
        ContactsContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description The cards, as the Cloud API has them. */
            contacts: components["schemas"]["ContactCard"][];
        };
        /** @description An interactive message that was sent, or what a contact chose of one or of a template. */
        InteractiveContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description Inbound: what was chosen, as a text. */
            text?: string;
            /** @description Inbound: what was chosen. */
            reply?: components["schemas"]["ContactReply"];
            /** @description Outbound: as it was sent. */
            interactive?: {
                [key: string]: unknown;
            };
        };
        /** @description A template that was sent. */
        TemplateContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description Its name. */
            name: string;
            /** @description Its language. */
            language?: string;
            /** @description Its components, as the Cloud API has them. */
            components?: {
                [key: string]: unknown;
            }[];
        };
        /** @description What a contact ordered from a catalogue. */
        OrderContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description What the contact wrote beside it. */
            text?: string;
            /** @description The order. */
            order: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description Its lines. */
                items: components["schemas"]["OrderItem"][];
            };
        };
        /** @description An emoji for an earlier message; that message shows it too. */
        ReactionContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description The provider's id of the message. */
            messageId: string;
            /** @description The emoji; `null` takes it back. */
            emoji: string | null;
        };
        /** @description A notice of the provider inside the conversation. */
        SystemContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description The notice. */
            system: {
                /** @description Which one, such as `user_changed_number`. */
                type: string;
                /** @description Its text. */
                body?: string;
                /** @description What the contact is called now. */
                newIdentifier?: string;
            };
        };
        /** @description A message of a kind that we do not know. */
        UnsupportedContent: {
            /**
             * @description It was forwarded.
             * @constant
             */
            forwarded?: true;
            /**
             * @description It was forwarded many times.
             * @constant
             */
            frequentlyForwarded?: true;
            /** @description The advertisement that it came from, as the Cloud API has it. */
            referral?: {
                [key: string]: unknown;
            };
            /** @description The product that it asks about. */
            referredProduct?: {
                /** @description The catalogue. */
                catalogId: string;
                /** @description The product in it. */
                productRetailerId: string;
            };
            /** @description What the provider said was wrong with it, as it said it. */
            errors?: unknown[];
            /** @description The provider's name of the kind. */
            kind?: string;
            /** @description The provider's own JSON of it. */
            raw: unknown;
        };
        /** @description What a contact chose of an interactive message or a template. */
        ContactReply: {
            /** @description `button_reply`, `list_reply`, `quick_reply` (of a template), `nfm_reply` (a form), or another kind of the Cloud API. */
            type: string;
            /** @description The id or payload that was sent with the choice. */
            id?: string;
            /** @description What it said. */
            title?: string;
            /** @description What stood below it. */
            description?: string;
            /** @description The form's name. */
            name?: string;
            /** @description The form's answers, JSON as text. */
            responseJson?: string;
            /** @description Of another kind: the provider's own JSON. */
            data?: unknown;
        };
        /** @description One line of an order. */
        OrderItem: {
            /** @description The product. */
            productRetailerId: string;
            /** @description How many. */
            quantity: number;
            /** @description The price of one, in units of the currency. */
            itemPrice: number;
            /** @description Such as `BRL`. */
            currency: string;
        };
        /** @description A stored file. */
        File: {
            /** @description Its id, to be used as `mediaUri`. */
            _id: components["schemas"]["Id"];
            /**
             * Format: uri-reference
             * @description Where it is; opens for seven days for everyone who has it.
             */
            url: string;
            /** @description Its type, from its bytes where they tell. */
            mimetype: string;
            /** @description Its name. */
            fileName?: string;
            /** @description Its size, in bytes. */
            size: number;
            /** @description Its SHA-256, in hex. */
            sha256: string;
        };
        /** @description What 360dialog posts: the Cloud API's envelope (`entry`), or its value's arrays at the top. Messages, statuses and errors may be mixed, in any number; an element that cannot be read costs its neighbours nothing. */
        D360Webhook: {
            /** @description `whatsapp_business_account` in the envelope. */
            object?: unknown;
            /** @description The envelope's entries, each with `changes` of a `field` and a `value`. */
            entry?: unknown;
            /** @description What contacts wrote. */
            messages?: unknown;
            /** @description Who they are: `profile`, `wa_id`, `user_id`. */
            contacts?: unknown;
            /** @description What became of sent messages. */
            statuses?: unknown;
            /** @description What the number's operator should know. */
            errors?: unknown;
        } & {
            [key: string]: unknown;
        };
        /** @description What a WhatsApp gateway posts. What is not named here is ignored. */
        WhatsAppWebWebhook: {
            /** @description `MESSAGE`, `GROUP_MESSAGE`, `ATTACHMENT`, `MESSAGE_SENT`, `MESSAGE_DELIVERED`, `MESSAGE_READ`, `MESSAGE_PLAYED`, `MESSAGE_REVOKED`, or another event of the gateway. */
            type: string;
            /** @description The message's id. Without one, a message is told by its sender, time and content; without a time too, the same body within ten seconds is a duplicate. A `webhook-id` or `Idempotency-Key` header counts as the id. */
            id?: unknown;
            /** @description Who wrote it: a number, `…@c.us` or `…@lid`. */
            from?: unknown;
            /** @description That person's name. */
            fromUserName?: unknown;
            /** @description Recorded only; of a group message, the group. */
            to?: unknown;
            /** @description When: Unix seconds or milliseconds, or RFC 3339. */
            timestamp?: unknown;
            /** @description What it says: `type` (text, image, audio, video, document, sticker, location, contacts, reaction), `content`, and of a file `mediaUri`, `mimetype`, `fileName`, `caption`. */
            body?: unknown;
            /** @description The group: `id`, `name`, `participants`. */
            groupInfo?: unknown;
        } & {
            [key: string]: unknown;
        };
        /** @description What was taken in. */
        WebhookReceipt: {
            /** @description How many things the body told. */
            received: number;
            /**
             * @description All of it had been taken in before.
             * @constant
             */
            duplicate?: true;
        };
        /** @description The process is alive. */
        Health: {
            /**
             * @description Always this.
             * @constant
             */
            status: "ok";
        };
        /** @description Whether requests can be answered. */
        Readiness: {
            /**
             * @description Ready means that the store answers and has every migration.
             * @enum {string}
             */
            status: "ready" | "not ready";
            /** @description `ok`, or what is wrong. */
            store: string;
            /** @description The migrations that the store lacks. */
            pendingMigrations: string[];
            /** @description How many channels have each status; `null` where that could not be counted. */
            channels: {
                [key: string]: number;
            } | null;
        };
        /** @description Where a page lies in its list. */
        Page: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
        };
        /** @description A page of a list. */
        AccountList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Account"][];
        };
        /** @description A page of a list. */
        ApiKeyList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["ApiKey"][];
        };
        /** @description A page of a list. */
        TagList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Tag"][];
        };
        /** @description A page of a list. */
        PlatformConfigList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["PlatformConfig"][];
        };
        /** @description A page of a list. */
        ChannelList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Channel"][];
        };
        /** @description A page of a list. */
        TemplateList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Template"][];
        };
        /** @description A page of a list. */
        ContactList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Contact"][];
        };
        /** @description A page of a list. */
        SessionList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Session"][];
        };
        /** @description A page of a list. */
        MessageList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Message"][];
        };
        /**
         * @description `pending`: still to be made. `failed`: given up; it can be replayed.
         * @enum {string}
         */
        DeliveryStatus: "pending" | "delivered" | "failed";
        /** @description An event on its way to a platform. */
        Delivery: {
            /** @description Its id. */
            _id: components["schemas"]["Id"];
            /** @description Its account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The platform that gets it. */
            platformConfigId: components["schemas"]["Id"];
            /** @description The platform's short name. */
            platformSlug: string;
            /** @description The event. */
            eventId: components["schemas"]["EventId"];
            /** @description What happened. */
            type: string;
            /** @description The event's place among all of the account. */
            position: number;
            /** @description The event's channel. */
            channelId?: components["schemas"]["Id"];
            /** @description The event's session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session. */
            sequence?: number;
            /** @description How far it came. */
            status: components["schemas"]["DeliveryStatus"];
            /** @description Why it is `failed`. */
            error?: string;
            /** @description The last calls of the URL, the newest last. */
            attempts: components["schemas"]["DeliveryAttempt"][];
            /** @description How often it was tried or replayed. */
            tries: number;
            /** @description Not before; `null` unless it waits after a refusal. */
            nextAt: components["schemas"]["Time"] | null;
            /** @description When it was made. */
            createdAt: components["schemas"]["Time"];
        };
        /** @description One call of a platform's URL. */
        DeliveryAttempt: {
            /** @description When it was made. */
            at: components["schemas"]["Time"];
            /** @description The HTTP status; `null`: there was no answer. */
            status: number | null;
            /** @description How long it took, in milliseconds. */
            latencyMs: number;
            /** @description Why it was no success. */
            error?: string;
            /** @description How an answer that was no success begins; 1 KiB at most. */
            answer?: string;
        };
        /** @description Which deliveries are to be made again. */
        ReplayDeliveries: {
            /** @description May stand here too; then it must be the path's. */
            clientIdentifier?: components["schemas"]["ClientIdentifier"];
            /** @description Those made from then on, by their `createdAt`. */
            from: components["schemas"]["TimeIn"];
            /** @description Those made before then. */
            to: components["schemas"]["TimeIn"];
            /**
             * @description Only those of this status; left out, both.
             * @enum {string}
             */
            status?: "delivered" | "failed";
            /** @description Only those of events of this type; one that there is not is 422. */
            type?: string;
            /** @description Only those to this platform. */
            platformSlug?: string;
        };
        /** @description How many deliveries are made again. */
        Replayed: {
            /** @description How many there were. */
            replayed: number;
        };
        /** @description A test event on its way. */
        TestStarted: {
            /** @description The event. */
            eventId: components["schemas"]["EventId"];
        };
        /** @description A page of a list. */
        DeliveryList: {
            /** @description Which page it is, from 1. */
            page: number;
            /** @description The most rows of a page. */
            limit: number;
            /** @description How many rows there are, counted up to 10,000. */
            total: number;
            /** @description Whether there are no more than `total`. */
            totalIsExact: boolean;
            /** @description Continues behind this page, as `cursor`; left out on the last one. */
            nextCursor?: string;
            /** @description The page's rows. */
            items: components["schemas"]["Delivery"][];
        };
        /** @description An event's id. */
        EventId: string;
        /** @description An event of a person who was erased before it was delivered, or replayed. It stands where the event would. */
        ErasedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /** @description What happened. */
            type: string;
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Nothing of the person. */
            data: {
                /**
                 * @description The person was erased.
                 * @constant
                 */
                erased: true;
            };
        };
        /** @description An event of a channel in mode `gateway`, of which nothing is kept. */
        PassedOnEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /** @description What happened. */
            type: string;
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description What the provider told. */
            data: {
                /** @description What it is a notice of. */
                kind: string;
                /** @description The notice. */
                payload: {
                    [key: string]: unknown;
                };
            };
        };
        /** @description A test. */
        PlatformTestEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "platform.test";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId?: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Its facts. */
            data: {
                /** @description The platform config that it was asked for. */
                platformConfigId: components["schemas"]["Id"];
                /** @description Its short name. */
                platformSlug: string;
            };
        };
        /** @description A platform's URL takes no events, takes them again, or is gone. It comes on the stream only. */
        PlatformStatusEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "platform.status";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId?: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Its facts; the config's `state` has more. */
            data: {
                /** @description The platform config. */
                platformConfigId: components["schemas"]["Id"];
                /** @description Its short name. */
                platformSlug: string;
                /**
                 * @description What became of it.
                 * @enum {string}
                 */
                status: "active" | "failing" | "disabled";
            };
        };
        /** @description What every event has. */
        EventEnvelope: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /** @description What happened. */
            type: string;
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId?: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Its own facts, and the rows as they are at delivery. */
            data: Record<string, unknown>;
        };
        /** @description A session was opened: by a contact's first message, or by a send. */
        SessionCreatedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "session.created";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The session as it is at delivery. */
                session: components["schemas"]["Session"];
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
            };
        };
        /** @description A session got another platform or agent. Both platforms get it. */
        SessionTransferredEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "session.transferred";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The session as it is at delivery. */
                session: components["schemas"]["Session"];
                /** @description Who answered before. */
                from: components["schemas"]["Holder"];
                /** @description Who answers since. */
                to: components["schemas"]["Holder"];
                /** @description When. */
                at?: components["schemas"]["Time"];
                /** @description Its last messages, 20 at most, the newest last. */
                messages: components["schemas"]["Message"][];
            };
        };
        /** @description A session was finished. */
        SessionFinishedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "session.finished";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The session as it is at delivery. */
                session: components["schemas"]["Session"];
                /**
                 * @description `finished` by its platform, `merged` with its contact, or `erased`.
                 * @enum {string}
                 */
                reason: "finished" | "merged" | "erased";
            };
        };
        /** @description A contact wrote. */
        MessageReceivedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "message.received";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The message as it is at delivery. */
                message: components["schemas"]["Message"];
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
            };
        };
        /** @description A message went out: the provider took one of ours, or a person wrote on the number's own phone (`origin: phone`). */
        MessageSentEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "message.sent";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The message as it is at delivery. */
                message: components["schemas"]["Message"];
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
                /** @description How far it came by then. */
                status?: components["schemas"]["MessageStatus"];
                /** @description When the provider took it. */
                timestamp?: components["schemas"]["Time"];
            };
        };
        /** @description A sent message came further, or failed. */
        MessageStatusChangedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "message.status";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The message as it is at delivery. */
                message: components["schemas"]["Message"];
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
                /** @description What it reached. */
                status: components["schemas"]["MessageStatus"];
                /** @description When. */
                timestamp: components["schemas"]["Time"];
                /** @description Why it failed. */
                error?: components["schemas"]["MessageError"];
            };
        };
        /** @description A message was deleted for everyone. */
        MessageRevokedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "message.revoked";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The message as it is at delivery. */
                message: components["schemas"]["Message"];
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
            };
        };
        /** @description A message was edited. */
        MessageEditedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "message.edited";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The message as it is at delivery. */
                message: components["schemas"]["Message"];
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
            };
        };
        /** @description The file of a message is ready, or could not be fetched. */
        MessageMediaChangedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "message.media";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The message as it is at delivery. */
                message: components["schemas"]["Message"];
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
                /**
                 * @description What became of it.
                 * @enum {string}
                 */
                status: "ready" | "failed";
                /** @description When. */
                at?: components["schemas"]["Time"];
            };
        };
        /** @description Somebody reacted to a message, or took that back. */
        MessageReactedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "message.reaction";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence: number;
            /** @description Its facts. */
            data: {
                /** @description The message as it is at delivery. */
                message: components["schemas"]["Message"];
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
                /** @description The emoji; empty or `null` takes it back. */
                emoji: string | null;
                /** @description The message that it is for, where we know it. */
                target?: components["schemas"]["Id"];
            };
        };
        /** @description A contact was made: by its first message, by a send, or by a caller. */
        ContactCreatedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "contact.created";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Its facts. */
            data: {
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
            };
        };
        /** @description A contact was changed. */
        ContactUpdatedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "contact.updated";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Its facts. */
            data: {
                /** @description The contact as it is at delivery. */
                contact: components["schemas"]["Contact"];
            };
        };
        /** @description Two contacts turned out to be one. The old id goes on answering with the survivor. */
        ContactMergedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "contact.merged";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Its facts. */
            data: {
                /** @description The contact that is no more. */
                contactId: components["schemas"]["Id"];
                /** @description The contact that it is now. */
                into: components["schemas"]["Id"];
                /** @description The contact as it is at delivery. */
                contact?: components["schemas"]["Contact"];
            };
        };
        /** @description A person was erased. Platforms must erase what they keep of it. */
        ContactErasedEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "contact.erased";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId?: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Its facts. */
            data: {
                /** @description The contact that was. */
                contactId: components["schemas"]["Id"];
            };
        };
        /** @description A channel's condition changed. */
        ChannelStatusEvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "channel.status";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Its facts. */
            data: {
                /** @description What it is now. */
                state: components["schemas"]["ChannelState"];
            };
        };
        /** @description A channel has a new code to be scanned (whatsappweb). */
        ChannelQREvent: {
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            id: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "channel.qr";
            /** @description When it happened. */
            timestamp: components["schemas"]["Time"];
            /** @description The account. */
            clientIdentifier: components["schemas"]["ClientIdentifier"];
            /** @description The channel. */
            channelId: components["schemas"]["Id"];
            /** @description The session. */
            sessionId?: components["schemas"]["Id"];
            /** @description The event's number in its session, from 1; a gap shows that one was parked, was not asked for, or was for another platform. */
            sequence?: number;
            /** @description Its facts. */
            data: {
                /** @description What the QR code says. Null where it did not count any more when this was delivered: another event brings the next one. */
                qr: string | null;
                /** @description Until when it is good. */
                expiresAt?: components["schemas"]["Time"];
            };
        };
        /** @description What every event of a number has. */
        NumberEventHead: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /** @description What happened. */
            type: components["schemas"]["NumberEventType"];
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
        };
        /** @description An event that named a person who was erased before it was delivered, or replayed. It stands where the event would. */
        NumberErasedEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /** @description What happened. */
            type: components["schemas"]["NumberEventType"];
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /**
             * @description The person was erased.
             * @constant
             */
            erased: true;
        };
        /** @description Between whom it happened. */
        NumberChat: {
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId?: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
        };
        /** @description A group, as far as it was told. */
        NumberGroupInfo: {
            /** @description Its id, `…-group`. */
            id: string;
            /** @description Its name. */
            name?: string;
            /** @description Who is in it. */
            participants?: string[];
        };
        /** @description A message, in the form that `POST /api/webhook/whatsappweb/…` takes in. */
        NumberContent: {
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId?: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
            /** @description What it says. */
            body: components["schemas"]["NumberBody"];
            /** @description The message that it answers. */
            quotedMessage?: {
                /** @description Its id. */
                id: string;
                /** @description What it says, as it was quoted. */
                message?: string;
            };
        };
        /** @description What a message says. */
        NumberBody: {
            /** @description As the `type` of messages: text, image, audio, video, document, sticker, location, contacts, reaction, …. */
            type: string;
            /** @description The text; of a location the place; of the types that have no fields here, as the `content` of messages. */
            content?: unknown;
            /** @description Contact cards, as the Cloud API has them. */
            contacts?: {
                [key: string]: unknown;
            }[];
            /** @description The message that a reaction is about. */
            messageId?: string;
            /** @description A reaction; empty, it was taken back. */
            emoji?: string;
            /** @description The file, for everyone who has the link, for seven days since the event, also where it is replayed; in mode `gateway` for an hour after `ATTACHMENT` was delivered. */
            mediaUri?: string;
            /** @description What the file is. */
            mimetype?: string;
            /** @description Its name. */
            fileName?: string;
            /** @description The text below it. */
            caption?: string;
            /** @description Whether an audio is a voice message. */
            voice?: boolean;
            /** @description Whether a sticker moves. */
            animated?: boolean;
            /** @description How many bytes it has, once that is known. */
            size?: number;
            /** @description Its digest in hex, once that is known. */
            sha256?: string;
            /**
             * @description Of `ATTACHMENT`: whether the file is there.
             * @enum {string}
             */
            status?: "ready" | "failed";
            /** @description Why it is not. */
            error?: string;
            /** @description Whether the message was forwarded. */
            forwarded?: boolean;
        };
        /** @description News of a group. */
        NumberGroupNews: {
            /** @description Who did it, where that was told. */
            from?: string;
            /** @description The number, `web…`. */
            to: string;
            /** @description The group, `…-group`. */
            group: string;
            /** @description The group, as far as it was told. */
            groupInfo: components["schemas"]["NumberGroupInfo"];
        };
        /** @description How the number is connected. */
        NumberConnection: {
            /** @description What it is now. */
            status: components["schemas"]["ConnectionStatus"];
            /** @description What to do. */
            detail?: string;
            /** @description The number of the phone that it is linked to, as WhatsApp writes it. */
            number?: string;
        };
        /** @description A contact wrote. */
        NumberMessageEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "MESSAGE";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId?: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
            /** @description What it says. */
            body: components["schemas"]["NumberBody"];
            /** @description The message that it answers. */
            quotedMessage?: {
                /** @description Its id. */
                id: string;
                /** @description What it says, as it was quoted. */
                message?: string;
            };
        };
        /** @description Somebody wrote in a group. */
        NumberGroupMessageEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "GROUP_MESSAGE";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId?: string;
            /** @description The group, where it happened in one. */
            groupInfo: components["schemas"]["NumberGroupInfo"];
            /** @description What it says. */
            body: components["schemas"]["NumberBody"];
            /** @description The message that it answers. */
            quotedMessage?: {
                /** @description Its id. */
                id: string;
                /** @description What it says, as it was quoted. */
                message?: string;
            };
        };
        /** @description The file of a message is there. */
        NumberAttachmentEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "ATTACHMENT";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId?: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
            /** @description What it says. */
            body: components["schemas"]["NumberBody"];
            /** @description The message that it answers. */
            quotedMessage?: {
                /** @description Its id. */
                id: string;
                /** @description What it says, as it was quoted. */
                message?: string;
            };
        };
        /** @description The number sent a message. */
        NumberMessageSentEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "MESSAGE_SENT";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe: true;
            /** @description The message that it is about. */
            messageId?: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
            /** @description What it says. */
            body: components["schemas"]["NumberBody"];
            /** @description The message that it answers. */
            quotedMessage?: {
                /** @description Its id. */
                id: string;
                /** @description What it says, as it was quoted. */
                message?: string;
            };
        };
        /** @description A message was delivered. */
        NumberMessageDeliveredEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "MESSAGE_DELIVERED";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId?: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
        };
        /** @description A message was read. */
        NumberMessageReadEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "MESSAGE_READ";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId?: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
        };
        /** @description A message was played. */
        NumberMessagePlayedEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "MESSAGE_PLAYED";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId?: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
        };
        /** @description A message was deleted for everyone. */
        NumberMessageRevokedEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "MESSAGE_REVOKED";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
        };
        /** @description A message was deleted on the phone. */
        NumberMessageDeletedEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "MESSAGE_DELETED";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it: a number, `…@lid`, `…-group` where a group's member is not told, or `web…` for the number itself. */
            from: string;
            /** @description Whom it was done to: `web…` for the number itself. */
            to: string;
            /** @description The name that they chose. */
            fromUserName?: string;
            /**
             * @description Of a message: the number itself sent it.
             * @constant
             */
            fromMe?: true;
            /** @description The message that it is about. */
            messageId: string;
            /** @description The group, where it happened in one. */
            groupInfo?: components["schemas"]["NumberGroupInfo"];
        };
        /** @description A group changed. */
        NumberGroupUpdateEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "GROUP_UPDATE";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it, where that was told. */
            from?: string;
            /** @description The number, `web…`. */
            to: string;
            /** @description The group, `…-group`. */
            group: string;
            /** @description The group, as far as it was told. */
            groupInfo: components["schemas"]["NumberGroupInfo"];
            /** @description What is different. */
            changes: {
                /** @description Its name. */
                subject?: string;
                /** @description Its description; empty, none any more. */
                description?: string;
                /** @description Whether only admins may write. */
                announceOnly?: boolean;
                /** @description Whether only admins change name, description and photo. */
                locked?: boolean;
                /** @description After how many seconds messages disappear; 0, never. */
                disappearing?: number;
                /** @description It has another photo, or none any more (`false`). */
                photo?: boolean;
                /** @description Who came. */
                joined?: string[];
                /** @description Who went. */
                left?: string[];
                /** @description Who became an admin. */
                promoted?: string[];
                /** @description Who is an admin no more. */
                demoted?: string[];
                /** @description The group is gone. */
                deleted?: boolean;
            };
        };
        /** @description The number is in a group. */
        NumberGroupJoinEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "GROUP_JOIN";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it, where that was told. */
            from?: string;
            /** @description The number, `web…`. */
            to: string;
            /** @description The group, `…-group`. */
            group: string;
            /** @description The group, as far as it was told. */
            groupInfo: components["schemas"]["NumberGroupInfo"];
        };
        /** @description The number left a group. */
        NumberGroupLeaveEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "GROUP_LEAVE";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it, where that was told. */
            from?: string;
            /** @description The number, `web…`. */
            to: string;
            /** @description The group, `…-group`. */
            group: string;
            /** @description The group, as far as it was told. */
            groupInfo: components["schemas"]["NumberGroupInfo"];
        };
        /** @description What the number may do in a group changed. */
        NumberGroupPermissionEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "GROUP_PERMISSION";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description Who did it, where that was told. */
            from?: string;
            /** @description The number, `web…`. */
            to: string;
            /** @description The group, `…-group`. */
            group: string;
            /** @description The group, as far as it was told. */
            groupInfo: components["schemas"]["NumberGroupInfo"];
            /**
             * @description What the number is in the group; null, not told yet.
             * @enum {string|null}
             */
            role: "member" | "admin" | "superadmin" | null;
            /** @description Whether only admins may write; null, not told yet. */
            announceOnly: boolean | null;
        };
        /** @description There is a code to scan. */
        NumberQRCodeEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "QRCODE";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description What the QR code says; null where it counts no more. */
            qr: string | null;
            /** @description Until when it is good, in Unix seconds. */
            expiresAt: number;
        };
        /** @description The number was linked. */
        NumberAuthenticatedEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "AUTHENTICATED";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description What it is now. */
            status: components["schemas"]["ConnectionStatus"];
            /** @description What to do. */
            detail?: string;
            /** @description The number of the phone that it is linked to, as WhatsApp writes it. */
            number?: string;
        };
        /** @description The number is connected. */
        NumberLoggedInEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "LOGGED_IN";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description What it is now. */
            status: components["schemas"]["ConnectionStatus"];
            /** @description What to do. */
            detail?: string;
            /** @description The number of the phone that it is linked to, as WhatsApp writes it. */
            number?: string;
        };
        /** @description The connection changed. */
        NumberConnectionStateEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "CONNECTION_STATE";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description What it is now. */
            status: components["schemas"]["ConnectionStatus"];
            /** @description What to do. */
            detail?: string;
            /** @description The number of the phone that it is linked to, as WhatsApp writes it. */
            number?: string;
        };
        /** @description The connection failed. */
        NumberConnectionFailureEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "CONNECTION_FAILURE";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description What it is now. */
            status: components["schemas"]["ConnectionStatus"];
            /** @description What to do. */
            detail?: string;
            /** @description The number of the phone that it is linked to, as WhatsApp writes it. */
            number?: string;
        };
        /** @description The number is disconnected. */
        NumberDisconnectedEvent: {
            /** @description The message that it is about, as WhatsApp calls it; where there is none, as `eventId`. */
            id: string;
            /** @description Its id, the same in every delivery and replay; also in `webhook-id`. */
            eventId: components["schemas"]["EventId"];
            /**
             * @description What happened.
             * @constant
             */
            type: "DISCONNECTED";
            /** @description When it happened, in Unix seconds. */
            timestamp: number;
            /** @description The number. */
            clientNumber: string;
            /** @description What it is now. */
            status: components["schemas"]["ConnectionStatus"];
            /** @description What to do. */
            detail?: string;
            /** @description The number of the phone that it is linked to, as WhatsApp writes it. */
            number?: string;
        };
    };
    responses: {
        /** @description The body is empty, cut off, or not JSON. */
        Malformed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 400;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "malformed_request";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The channel is not connected, or its provider refuses the call. */
        ConnectionClosed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 400;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "whatsapp_connection_closed" | "d360_invalid_message" | "invalid_number";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description Not JSON, not a number, a channel that is not connected, or a message that the provider refuses as it is. */
        SendMalformed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 400;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "malformed_request" | "invalid_number" | "whatsapp_connection_closed" | "d360_invalid_message";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The key, secret or signature is missing, unknown or revoked. */
        Unauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "WWW-Authenticate": components["headers"]["Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 401;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "unauthenticated";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description Our key is missing or wrong, or the provider refuses the channel's. */
        SendUnauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "WWW-Authenticate": components["headers"]["Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 401;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "unauthenticated" | "d360_invalid_token";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The route needs an admin key. */
        AdminOnly: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 403;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "forbidden";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The number or its account at the provider is locked, restricted, unpaid or disabled. */
        AccountBlocked: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 403;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "d360_account_blocked";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description There is no such thing for this key. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 404;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "not_found";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description There is no such thing for this key, or nobody on WhatsApp under the number. `not_found` is also the answer when the contact was erased while the message was on its way; it was perhaps sent. */
        SendNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 404;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "not_found" | "number_not_on_whatsapp";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The Idempotency-Key was used with another body. */
        KeyReused: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 409;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "idempotency_key_reused";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description What follows the position is not kept any more. */
        CursorExpired: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 410;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "cursor_expired";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The state of things forbids it; `detail` says what to do first. */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 409;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "conflict";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The state of things forbids it, or the Idempotency-Key was used with another body. */
        ConflictOrKeyReused: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 409;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "conflict" | "idempotency_key_reused";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The channel has a contact with this identifier; `contactId` names it. */
        ContactExists: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 409;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "contact_exists";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The channel has a contact with this identifier; `contactId` names it. Or the Idempotency-Key was used with another body. */
        ContactExistsOrKeyReused: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 409;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "contact_exists" | "idempotency_key_reused";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The session is finished. */
        SessionFinished: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 409;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "session_finished";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The session is finished, the channel is in mode `gateway`, which has no sessions to send into (`conflict`), the message was deleted before it was sent (`conflict`), or the Idempotency-Key was used with another body. */
        SessionFinishedOrKeyReused: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 409;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "session_finished" | "conflict" | "idempotency_key_reused";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The body is larger than the route takes. */
        TooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 413;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "payload_too_large";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The body is larger than the route takes, or the file larger than the channel or its provider does. */
        SendTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 413;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "payload_too_large" | "media_too_large";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The file is larger than is taken here. */
        FileTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 413;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "media_too_large";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The Content-Type is not JSON. */
        NotJSON: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 415;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "unsupported_media_type";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The Content-Type is not JSON, or the provider does not take files of this type. */
        SendUnsupportedType: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 415;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "unsupported_media_type" | "media_type_unsupported";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description Some fields or query parameters are wrong; `errors` names each. */
        Invalid: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 422;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "validation_failed";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description A field is wrong, or the provider cannot do this; `capability` and `provider` say what and which. */
        CannotDo: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 422;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "validation_failed" | "capability_unsupported" | "recipient_unavailable" | "reply_window_closed";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description A field is wrong, or the message cannot go: see the codes. `reply_window_closed` lists the `templates` that reopen the conversation, `channel_ambiguous` the `channels` to choose from. */
        SendRefused: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 422;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "validation_failed" | "capability_unsupported" | "reply_window_closed" | "recipient_unavailable" | "media_unavailable" | "channel_ambiguous";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description Too fast, for the provider or for us. */
        RateLimited: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 429;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "d360_rate_limited" | "rate_limited";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description A failure of ours. What is behind it stands in the log under the requestId. */
        Internal: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 500;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "internal";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description A failure of ours or the provider's. Of a message that was perhaps sent, `_id` names it, and its `messageStatus` is `unknown` until its status comes; it must not be sent again. In mode `gateway`, which keeps no message, `messageId` is what the number's webhook names it by. */
        ProviderFailed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 500;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "internal" | "d360_internal_error";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description There is no connection to the provider; certainly nothing was done. */
        ProviderUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 503;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "provider_unavailable";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The provider gave no answer in time. It was perhaps done: `_id` names the message, whose `messageStatus` is `unknown` until its status comes; it must not be sent again. In mode `gateway`, which keeps no message, `messageId` is what the number's webhook names it by. */
        ProviderTimeout: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 504;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "provider_timeout";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The number cannot be connected now; `detail` says what to do. */
        NotConnected: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 400;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "whatsapp_connection_closed";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The body is not JSON, what should be a number is none, or the number cannot be connected now. */
        NumberMalformed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 400;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "malformed_request" | "invalid_number" | "whatsapp_connection_closed";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description What should be a number is none, or the number cannot be connected now. */
        NumberUnreadable: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 400;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "invalid_number" | "whatsapp_connection_closed";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description WhatsApp does not let the number do that: it is no admin of the group, or not in it. */
        GroupForbidden: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 403;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "forbidden";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description Somebody changed the same at this moment, or a limit of WhatsApp's is reached; `detail` says which. */
        GroupConflict: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 409;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "conflict";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description A field is wrong, the file cannot be fetched, or several accounts have a channel of this number and an admin key does not say which; `channels` lists them. */
        GroupPhotoInvalid: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 422;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "validation_failed" | "media_unavailable" | "channel_ambiguous";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The number is linked already, or WhatsApp does not wait for this step; `detail` says what to do first. */
        NumberConflict: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 409;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "conflict";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description A field or query parameter is wrong, or several accounts have a channel of this number and an admin key does not say which; `channels` lists them. */
        NumberInvalid: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 422;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "validation_failed" | "channel_ambiguous";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description Too many wrong access codes came from this address, where API keys go on working, or the number asks too much of WhatsApp. Retry-After says when to try again. */
        TooManyGuesses: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 429;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "rate_limited";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description WhatsApp did not do it, or no server holds the connection now; it may be tried again. */
        NumberUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 503;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "provider_unavailable";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description WhatsApp gave no answer in time, or none before its connection was cut. It was perhaps done, where `detail` does not say that it certainly was; look before asking again. */
        NumberTimeout: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * Format: uri-reference
                     * @description Where the code is explained.
                     */
                    type: string;
                    /** @description What it is in a few words, in the caller's language. */
                    title: string;
                    /**
                     * @description The HTTP status.
                     * @constant
                     */
                    status: 504;
                    /**
                     * @description Which failure it is.
                     * @enum {unknown}
                     */
                    code: "provider_timeout";
                    /** @description For people: what happened, to which id, and what to do. */
                    detail: string;
                    /** @description The request's X-Request-Id. */
                    requestId: string;
                    /** @description What is wrong, field by field. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description The provider's own code. */
                    providerCode?: string;
                    /** @description The message that was stored although the send failed, or, not stored, was perhaps sent. */
                    _id?: components["schemas"]["Id"];
                    /**
                     * @description The message was perhaps sent.
                     * @constant
                     */
                    messageStatus?: "unknown";
                    /** @description WhatsApp's id of a message that was perhaps sent and is not kept (mode `gateway`); the number's webhook tells by it what became of the message. */
                    messageId?: string;
                    /** @description The contact that has the identifier already. */
                    contactId?: components["schemas"]["Id"];
                    /** @description The channel that has the number already. */
                    channelId?: components["schemas"]["Id"];
                    /** @description What still uses it. */
                    usedBy?: components["schemas"]["Id"];
                    /** @description What the provider lacks. */
                    capability?: string;
                    /** @description Which provider lacks it. */
                    provider?: components["schemas"]["Provider"];
                    /** @description The names of the templates that can reopen the conversation. */
                    templates?: string[];
                    /** @description The channels that could send. */
                    channels?: components["schemas"]["Id"][];
                    /** @description The messages that the id could mean. */
                    messages?: components["schemas"]["Id"][];
                };
            };
        };
        /** @description The event was taken. Its session's next one follows. */
        Delivered: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description There is nobody any more. The platform config is disabled; its events are kept for replay. */
        Gone: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description This event is refused. It is tried five times over ten minutes, then parked; its session goes on. */
        Refused: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The platform is down, as with no answer at all, a redirect, or 429. It is probed with a growing pause, and gets everything, in order, as soon as it answers; what has waited for three days is parked, and can be replayed. An event that fails so again and again while others are taken counts as refused. */
        Down: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
    };
    parameters: {
        /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
        RequestId: string;
        /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
        AcceptLanguage: string;
        /** @description The same key and body get the first answer again, kept for 24 hours at least; the same key with another body is 409. Counted per account, method and path. 401, 429, 503 and what was refused before anything was done are not kept. */
        IdempotencyKey: string;
        /** @description The account. */
        ClientIdentifier: components["schemas"]["ClientIdentifier"];
        /** @description The `_id` of an API key; not the key itself. */
        ApiKeyId: components["schemas"]["Id"];
        /** @description The `_id` of a tag. */
        TagId: components["schemas"]["Id"];
        /** @description The `_id` of a platform config. */
        PlatformConfigId: components["schemas"]["Id"];
        /** @description The `_id` of a channel. */
        ChannelId: components["schemas"]["Id"];
        /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
        ClientNumber: string;
        /** @description A number with its country code, or a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`). */
        NumberContact: string;
        /** @description A group's id, `…-group` or `…@g.us`. */
        Group: string;
        /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
        Chat: string;
        /** @description The `_id` of a contact. One that was merged into another answers with that one. */
        ContactId: components["schemas"]["Id"];
        /** @description The `_id` of a session. */
        SessionId: components["schemas"]["Id"];
        /** @description The `_id` of a message, or the provider's id, percent-encoded. */
        MessageId: string;
        /** @description The `_id` of a delivery. */
        DeliveryId: components["schemas"]["Id"];
        /** @description The `_id` of a file. */
        MediaId: components["schemas"]["Id"];
        /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
        Page: number;
        /** @description The most items of an answer. 0 is read as 20. */
        Limit: number;
        /** @description `nextBefore` of an answer about the same chat: the messages before those. Left out, the newest. */
        ChatBefore: string;
        /** @description Ask the phone for what is missing of the page. */
        ChatOlder: boolean;
        /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
        Cursor: string;
        /** @description Rising or falling. Each list says which it takes when none is given. */
        Order: "asc" | "desc";
        /** @description The event's `id`; the same in every delivery, so that what comes twice can be told. */
        WebhookId: string;
        /** @description When this delivery was made, in Unix seconds. */
        WebhookTimestamp: string;
        /** @description `v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}` with the platform config's secret (Standard Webhooks). Several, set apart by spaces, while a replaced secret still signs: any one will do. */
        WebhookSignature: string;
    };
    requestBodies: never;
    headers: {
        /** @description The request's `X-Request-Id`, or the one that was made for it. */
        RequestId: string;
        /** @description `true` where the answer is an earlier one of the same Idempotency-Key. */
        Replayed: "true";
        /** @description When another try makes sense, in seconds, where that is known. */
        RetryAfter: number;
        /** @description `Bearer`, where a key or secret is missing or wrong. */
        Authenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    sendMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessage"];
            };
        };
        responses: {
            /** @description The provider took the message. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendAnswer"];
                };
            };
            /** @description The message is queued: it is tried for ten minutes, then it is `failed`. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendAnswer"];
                };
            };
        };
    };
    sendToNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendToNumber"];
            };
        };
        responses: {
            /** @description The provider took the message. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendAnswer"];
                };
            };
            /** @description The message is queued: it is tried for ten minutes, then it is `failed`. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendAnswer"];
                };
            };
        };
    };
    startD360: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartConversation"];
            };
        };
        responses: {
            /** @description The provider took the message. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendAnswer"];
                };
            };
            /** @description The message is queued: it is tried for ten minutes, then it is `failed`. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendAnswer"];
                };
            };
        };
    };
    getMessage: {
        parameters: {
            query?: {
                /** @description The channel of a provider's id; beside our id, the one that the message must be on. */
                channelId?: components["schemas"]["Id"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a message, or the provider's id, percent-encoded. */
                messageId: components["parameters"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    deleteMessage: {
        parameters: {
            query: {
                /** @description The number of the channel that sent it, with or without the ninth digit; also where `channelId` names the channel. */
                senderId: string;
                /** @description The provider of that channel. */
                channelSlug: components["schemas"]["Provider"];
                /** @description The channel itself; needed with an admin key only. */
                channelId?: components["schemas"]["Id"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a message, or the provider's id, percent-encoded. */
                messageId: components["parameters"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was taken back. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedMessage"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageList"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
                /** @description Only those of this status. */
                status?: components["schemas"]["SessionStatus"];
                /** @description Only those of this channel. */
                channelId?: components["schemas"]["Id"];
                /** @description Only those of this contact. */
                contactId?: components["schemas"]["Id"];
                /** @description Only those that this platform holds. */
                platformSlug?: string;
                /** @description Only those that this agent answers. */
                agentId?: string;
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
        };
    };
    transferSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferSession"];
            };
        };
        responses: {
            /** @description The session as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    finishSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is finished. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FinishedSession"];
                };
            };
        };
    };
    readSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is read. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadSession"];
                };
            };
        };
    };
    typeInSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a session. */
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypeInSession"];
            };
        };
        responses: {
            /** @description It is shown. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TypedInSession"];
                };
            };
        };
    };
    listContacts: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
                /** @description Only people, or only groups. */
                type?: components["schemas"]["ContactKind"];
                /** @description Only those of this network; all are on whatsapp. */
                channelType?: "whatsapp" | "facebook" | "instagram" | "telegram";
                /** @description What a word of `name` or `customName` begins with, and how it goes on; case and accents do not matter. A word begins where letters or digits do. Of each name eight words are found. */
                name?: string;
                /** @description Only the contact with this number, business-scoped user id or group, on each channel, deleted ones included. */
                contactIdentifier?: string;
                /** @description Only those with any of these tags: repeated, or set apart by commas. */
                tagIds?: components["schemas"]["Id"][];
                /** @description Only those of this channel. */
                channelId?: components["schemas"]["Id"];
                /** @description What they are sorted by; `name` is the one that people see. */
                sort?: "createdAt" | "name";
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of contacts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactList"];
                };
            };
        };
    };
    createContact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateContact"];
            };
        };
        responses: {
            /** @description The contact. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
        };
    };
    getContact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a contact. One that was merged into another answers with that one. */
                contactId: components["parameters"]["ContactId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The contact. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
        };
    };
    replaceContact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a contact. One that was merged into another answers with that one. */
                contactId: components["parameters"]["ContactId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateContact"];
            };
        };
        responses: {
            /** @description The contact as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
        };
    };
    eraseContact: {
        parameters: {
            query?: {
                /** @description Erases the same person on the account's other channels too, deleted ones included. */
                allChannels?: boolean;
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a contact. One that was merged into another answers with that one. */
                contactId: components["parameters"]["ContactId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was erased. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedContact"];
                };
            };
        };
    };
    updateContact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a contact. One that was merged into another answers with that one. */
                contactId: components["parameters"]["ContactId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateContact"];
            };
        };
        responses: {
            /** @description The contact as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
        };
    };
    exportContact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a contact. One that was merged into another answers with that one. */
                contactId: components["parameters"]["ContactId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactExport"];
                };
            };
        };
    };
    listTags: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tags. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagList"];
                };
            };
        };
    };
    createTag: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTag"];
            };
        };
        responses: {
            /** @description The tag. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
        };
    };
    getTag: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a tag. */
                tagId: components["parameters"]["TagId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tag. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
        };
    };
    deleteTag: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a tag. */
                tagId: components["parameters"]["TagId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateTag: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a tag. */
                tagId: components["parameters"]["TagId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateTag"];
            };
        };
        responses: {
            /** @description The tag as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
        };
    };
    listChannels: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of channels. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelList"];
                };
            };
        };
    };
    createChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateChannel"];
            };
        };
        responses: {
            /** @description The channel. `webhook.secret` is shown here only, unless the caller gave it. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
        };
    };
    getChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
        };
    };
    deleteChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateChannel"];
            };
        };
        responses: {
            /** @description The channel as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
        };
    };
    getChannelCapabilities: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What its provider can do. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capabilities"];
                };
            };
        };
    };
    setChannelWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
        };
    };
    listChannelTemplates: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of templates. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateList"];
                };
            };
        };
    };
    listPlatformConfigs: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of platform configs. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformConfigList"];
                };
            };
        };
    };
    createPlatformConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePlatformConfig"];
            };
        };
        responses: {
            /** @description The platform config with its signing secret, which is not shown again. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformConfig"];
                };
            };
        };
    };
    getPlatformConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The platform config. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformConfig"];
                };
            };
        };
    };
    deletePlatformConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updatePlatformConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdatePlatformConfig"];
            };
        };
        responses: {
            /** @description The platform config as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformConfig"];
                };
            };
        };
    };
    rotatePlatformSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The platform config with its new secret, which is not shown again. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformConfig"];
                };
            };
        };
    };
    testPlatformConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event is on its way. `GET .../deliveries` shows what becomes of it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestStarted"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description Only events of these types; repeated, or separated by commas. */
                type?: string[];
                /** @description Only events that are for these platforms; repeated, or separated by commas. */
                platformSlug?: string[];
                /** @description Only events of these sessions; repeated, or separated by commas. */
                sessionId?: components["schemas"]["Id"][];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
                /** @description Only those of this status. */
                status?: components["schemas"]["DeliveryStatus"];
                /** @description Only those of events of this type; one that there is not is 422. */
                type?: string;
                /** @description Only those to this platform. */
                platformSlug?: string;
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
        };
    };
    replayDeliveries: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayDeliveries"];
            };
        };
        responses: {
            /** @description They are on their way. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a delivery. */
                deliveryId: components["parameters"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    replayDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of a delivery. */
                deliveryId: components["parameters"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, on its way. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of accounts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
        };
    };
    createAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountWrite"];
            };
        };
        responses: {
            /** @description The account. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
        };
    };
    deleteAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NamedWrite"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of API keys. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NamedWrite"];
            };
        };
        responses: {
            /** @description The key, which is not shown again. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
        };
    };
    getApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of an API key; not the key itself. */
                apiKeyId: components["parameters"]["ApiKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The API key, without the key. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
        };
    };
    deleteApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of an API key; not the key itself. */
                apiKeyId: components["parameters"]["ApiKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
                /** @description The `_id` of an API key; not the key itself. */
                apiKeyId: components["parameters"]["ApiKeyId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NamedWrite"];
            };
        };
        responses: {
            /** @description The API key as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
        };
    };
    uploadMedia: {
        parameters: {
            query?: {
                /** @description The file's name, before any other that the request gives. */
                fileName?: string;
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The account. */
                clientIdentifier: components["parameters"]["ClientIdentifier"];
            };
            cookie?: never;
        };
        /** @description The file. */
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description The file. */
                    file: string;
                };
                "*/*": unknown;
            };
        };
        responses: {
            /** @description The file. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
        };
    };
    getMedia: {
        parameters: {
            query?: {
                /** @description Until when the link is good, in Unix seconds. */
                expires?: string;
                /** @description The link's signature. */
                signature?: string;
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a file. */
                mediaId: components["parameters"]["MediaId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    /** @description Changes with the bytes, which never do. */
                    ETag?: string;
                    /** @description `inline` or `attachment`, with the file's name. */
                    "Content-Disposition"?: string;
                    /** @description `sandbox`. */
                    "Content-Security-Policy"?: string;
                    /** @description `nosniff`. */
                    "X-Content-Type-Options"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description The bytes that were asked for. */
            206: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    /** @description Changes with the bytes, which never do. */
                    ETag?: string;
                    /** @description `inline` or `attachment`, with the file's name. */
                    "Content-Disposition"?: string;
                    /** @description `sandbox`. */
                    "Content-Security-Policy"?: string;
                    /** @description `nosniff`. */
                    "X-Content-Type-Options"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
        };
    };
    receiveD360: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["D360Webhook"];
            };
        };
        responses: {
            /** @description It is stored. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookReceipt"];
                };
            };
        };
    };
    receiveWhatsAppWeb: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The `_id` of a platform config. */
                platformConfigId: components["parameters"]["PlatformConfigId"];
                /** @description The `_id` of a channel. */
                channelId: components["parameters"]["ChannelId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhatsAppWebWebhook"];
            };
        };
        responses: {
            /** @description It is stored. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookReceipt"];
                };
            };
        };
    };
    getNumberStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberStatus"];
                };
            };
        };
    };
    setNumberWebhookByQuery: {
        parameters: {
            query: {
                /** @description Where the events are to be posted. */
                url: string;
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberWebhook"];
                };
            };
        };
    };
    getNumberWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberWebhook"];
                };
            };
        };
    };
    setNumberWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetNumberWebhook"];
            };
        };
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberWebhook"];
                };
            };
        };
    };
    deleteNumberWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getNumberQR: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The code. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberQR"];
                    "image/png": unknown;
                };
            };
        };
    };
    pairNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PairNumber"];
            };
        };
        responses: {
            /** @description The code. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PairingCode"];
                };
            };
        };
    };
    answerNumberPasskey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyAnswer"];
            };
        };
        responses: {
            /** @description How the number is then; mostly it goes on to `open` by itself. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberStatus"];
                };
            };
        };
    };
    confirmNumberPasskey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the number is then. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberStatus"];
                };
            };
        };
    };
    connectNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the number is then. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberStatus"];
                };
            };
        };
    };
    disconnectNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the number is then. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberStatus"];
                };
            };
        };
    };
    resetNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the number is then. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberStatus"];
                };
            };
        };
    };
    logoutNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the number is then. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberStatus"];
                };
            };
        };
    };
    validateNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, or a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`). */
                contact: components["parameters"]["NumberContact"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether it is there. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberValidation"];
                };
            };
        };
    };
    listNumberContacts: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the contacts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberContactList"];
                };
            };
        };
    };
    getNumberContact: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, or a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`). */
                contact: components["parameters"]["NumberContact"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberContact"];
                };
            };
        };
    };
    getNumberContactPhoto: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, or a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`). */
                contact: components["parameters"]["NumberContact"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                };
            };
        };
    };
    listGroups: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the groups. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupList"];
                };
            };
        };
    };
    createGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateGroup"];
            };
        };
        responses: {
            /** @description The group. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupMade"];
                };
            };
        };
    };
    joinGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JoinGroup"];
            };
        };
        responses: {
            /** @description Which group it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupJoined"];
                };
            };
        };
    };
    getGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupDetail"];
                };
            };
        };
    };
    setGroupSubject: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupSubject"];
            };
        };
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupDetail"];
                };
            };
        };
    };
    setGroupDescription: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupDescription"];
            };
        };
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupDetail"];
                };
            };
        };
    };
    addGroupParticipants: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupParticipants"];
            };
        };
        responses: {
            /** @description What came of each, in the order of the request. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupOutcomes"];
                };
            };
        };
    };
    removeGroupParticipants: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupParticipants"];
            };
        };
        responses: {
            /** @description What came of each, in the order of the request. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupOutcomes"];
                };
            };
        };
    };
    setGroupAdmins: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupAdmins"];
            };
        };
        responses: {
            /** @description What came of each, in the order of the request. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupAdminOutcomes"];
                };
            };
        };
    };
    getGroupInvite: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupInvite"];
                };
            };
        };
    };
    revokeGroupInvite: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new link. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupInvite"];
                };
            };
        };
    };
    leaveGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has left. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getNumberAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberAccount"];
                };
            };
        };
    };
    setNumberAbout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberAbout"];
            };
        };
        responses: {
            /** @description It is changed. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    setNumberName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberName"];
            };
        };
        responses: {
            /** @description It is changed. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    setNumberPresence: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberPresence"];
            };
        };
        responses: {
            /** @description It is shown so. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getLinkedNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The number. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkedNumber"];
                };
            };
        };
    };
    getNumberPlatform: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The platform. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberPlatform"];
                };
            };
        };
    };
    getNumberVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberVersion"];
                };
            };
        };
    };
    checkAccessCode: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessCode"];
                };
            };
        };
    };
    renewAccessCode: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new code. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAccessCode"];
                };
            };
        };
    };
    setGroupPhoto: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupPhoto"];
            };
        };
        responses: {
            /** @description It is changed. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    removeGroupPhoto: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is none any more. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listChats: {
        parameters: {
            query?: {
                /** @description Counts from 1; 0 is read as 1. `page` × `limit` is 10,000 at most; walk further with `cursor`. */
                page?: components["parameters"]["Page"];
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description The `nextCursor` of an answer to the same query. `page` is ignored beside it. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Rising or falling. Each list says which it takes when none is given. */
                order?: components["parameters"]["Order"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the chats. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationList"];
                };
            };
        };
    };
    archiveChat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is archived. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    archiveGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is archived. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    unarchiveChat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in the list again. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    unarchiveGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in the list again. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    muteChat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MuteChat"];
            };
        };
        responses: {
            /** @description It is muted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    muteGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MuteChat"];
            };
        };
        responses: {
            /** @description It is muted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    unmuteChat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not muted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    unmuteGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not muted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readChat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is read. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is read. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listChatMessages: {
        parameters: {
            query?: {
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description `nextBefore` of an answer about the same chat: the messages before those. Left out, the newest. */
                before?: components["parameters"]["ChatBefore"];
                /** @description Ask the phone for what is missing of the page. */
                older?: components["parameters"]["ChatOlder"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationMessages"];
                };
            };
        };
    };
    clearChat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A number with its country code, a WhatsApp address of a person (`…@c.us`, `…@s.whatsapp.net`, `…@lid`), or a group's id (`…-group`, `…@g.us`). */
                chat: components["parameters"]["Chat"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is empty. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    sendFromNumber: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendFromNumber"];
            };
        };
        responses: {
            /** @description WhatsApp took the message. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberSendAnswer"];
                };
            };
            /** @description The message is queued: it is tried for ten minutes, then it is `failed`. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberSendAnswer"];
                };
            };
        };
    };
    listGroupMessages: {
        parameters: {
            query?: {
                /** @description The most items of an answer. 0 is read as 20. */
                limit?: components["parameters"]["Limit"];
                /** @description `nextBefore` of an answer about the same chat: the messages before those. Left out, the newest. */
                before?: components["parameters"]["ChatBefore"];
                /** @description Ask the phone for what is missing of the page. */
                older?: components["parameters"]["ChatOlder"];
            };
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationMessages"];
                };
            };
        };
    };
    sendToGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Draft"];
            };
        };
        responses: {
            /** @description WhatsApp took the message. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberSendAnswer"];
                };
            };
            /** @description The message is queued: it is tried for ten minutes, then it is `failed`. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotent-Replayed": components["headers"]["Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberSendAnswer"];
                };
            };
        };
    };
    clearGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The language of a problem's `title`, `pt-BR` (the default) or `en`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description The number of a channel on WhatsApp Web with its country code, in digits. A Brazilian mobile is found with and without its ninth digit; `web` or `+` before the digits is taken too. */
                clientNumber: components["parameters"]["ClientNumber"];
                /** @description A group's id, `…-group` or `…@g.us`. */
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is empty. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They can. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    getOpenAPI: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in answers, problems and logs. 128 printable characters at most; any other is replaced. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    onSessionCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionCreatedEvent"] | components["schemas"]["ErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onSessionTransferred: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionTransferredEvent"] | components["schemas"]["ErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onSessionFinished: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionFinishedEvent"] | components["schemas"]["ErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onMessageReceived: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageReceivedEvent"] | components["schemas"]["ErasedEvent"] | components["schemas"]["PassedOnEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onMessageSent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageSentEvent"] | components["schemas"]["ErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onMessageStatusChanged: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageStatusChangedEvent"] | components["schemas"]["ErasedEvent"] | components["schemas"]["PassedOnEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onMessageRevoked: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageRevokedEvent"] | components["schemas"]["ErasedEvent"] | components["schemas"]["PassedOnEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onMessageEdited: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageEditedEvent"] | components["schemas"]["ErasedEvent"] | components["schemas"]["PassedOnEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onMessageMediaChanged: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageMediaChangedEvent"] | components["schemas"]["ErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onMessageReacted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageReactedEvent"] | components["schemas"]["ErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onContactCreated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactCreatedEvent"] | components["schemas"]["ErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onContactUpdated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactUpdatedEvent"] | components["schemas"]["ErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onContactMerged: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactMergedEvent"] | components["schemas"]["ErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onContactErased: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onChannelStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelStatusEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onChannelQR: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelQREvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onPlatformTest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlatformTestEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberMessageEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberGroupMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberGroupMessageEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberAttachment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberAttachmentEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberMessageSent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberMessageSentEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberMessageDelivered: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberMessageDeliveredEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberMessageRead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberMessageReadEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberMessagePlayed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberMessagePlayedEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberMessageRevoked: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberMessageRevokedEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberMessageDeleted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberMessageDeletedEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberGroupUpdate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberGroupUpdateEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberGroupJoin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberGroupJoinEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberGroupLeave: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberGroupLeaveEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberGroupPermission: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberGroupPermissionEvent"] | components["schemas"]["NumberErasedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberQRCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberQRCodeEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberAuthenticated: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberAuthenticatedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberLoggedIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberLoggedInEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberConnectionState: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberConnectionStateEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberConnectionFailure: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberConnectionFailureEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
    onNumberDisconnected: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberDisconnectedEvent"];
            };
        };
        responses: {
            "2XX": components["responses"]["Delivered"];
        };
    };
}
