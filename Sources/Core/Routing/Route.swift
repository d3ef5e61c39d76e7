/// One endpoint at its full path, with the handler it belongs to and that handler's context.
package struct Route: Sendable {
    package let handler: any Handler
    package let endpoint: Endpoint
    /// Mount, base path and the endpoint's path.
    package let pattern: String
}
