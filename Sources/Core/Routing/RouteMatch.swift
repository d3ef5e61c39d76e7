/// A route that answers a request, and what its path parameters stand for.
package struct RouteMatch: Sendable {
    package let route: Route
    /// Name and percent-decoded text of each path parameter.
    package let parameters: [(name: String, value: String)]
}
