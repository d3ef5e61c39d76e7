/// A found route.
package struct RouteMatch: Sendable {
}
