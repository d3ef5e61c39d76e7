/// One endpoint at its full path, with the handler it belongs to and that handler's context.
///
/// An object, since each request hands it on several times, which then costs one count.
package final class Route: Sendable {
    package let handler: any Handler
    package let endpoint: Endpoint
    /// Mount, base path and the endpoint's path.
    package let pattern: String
    /// Its place in the registry: small, and no other route's, so that what is counted for it can stand in an array.
    package let number: Int

    package init(handler: any Handler, endpoint: Endpoint, pattern: String, number: Int) {
        self.number = number
        self.handler = handler
        self.endpoint = endpoint
        self.pattern = pattern
    }
}
