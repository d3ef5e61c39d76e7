/// How many webhooks are sent at once.
package struct WebhookLimits: Sendable, Equatable {
    /// In all.
    package var total = 32
    /// To one host.
    package var perHost = 4
    /// In all to hosts whose last attempt failed. They get one place each: a receiver that hangs takes places from
    /// others that hang, not from those that answer.
    package var failing = 16

    /// The defaults.
    package init() {}
}
