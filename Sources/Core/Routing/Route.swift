/// One endpoint at its full path, with the handler it belongs to and that handler's context.
///
/// An object, since each request hands it on several times, which then costs one count.
package final class Route: Sendable {
    package let handler: any Handler
    package let endpoint: Endpoint
    /// Mount, base path and the endpoint's path.
    package let pattern: String

    package init(handler: any Handler, endpoint: Endpoint, pattern: String) {
        self.handler = handler
        self.endpoint = endpoint
        self.pattern = pattern
    }
}
