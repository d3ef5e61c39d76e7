/// How many webhooks are sent at once.
///
/// Receivers that failed at their last attempt get one place each, and all of them together half of the places that
/// there are, at one host and in all: a receiver that hangs takes places from others that hang, not from those that
/// answer.
package struct WebhookLimits: Sendable, Equatable {
    /// In all.
    package var total = 32
    /// To one host, which many receivers may share.
    package var perHost = 8
    /// To one receiver.
    package var perReceiver = 4

    /// In all to receivers that fail.
    var failing: Int { total / 2 }
    /// To those at one host.
    var failingPerHost: Int { max(1, perHost / 2) }

    /// The defaults.
    package init() {}
}
