/// What a service found out about a request at its head (the route), handed back to it with the body.
///
/// Opaque to the HTTP layer.
public struct AdmissionTicket: Sendable {
    package let route: RouteMatch?

    package init(route: RouteMatch?) { self.route = route }

    /// For services that need none.
    public static let none = AdmissionTicket(route: nil)
}
