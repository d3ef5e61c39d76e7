/// What a service found out about a request at its head (the route), handed back to it with the body.
///
/// Opaque to the HTTP layer.
public struct AdmissionTicket: Sendable {
    package let route: RouteMatch?
    /// The name of the client, where clients have keys.
    package var clientName: String?
    /// Fields to add to the answer, whatever it is.
    package var responseFields = HTTPFields()

    package init(route: RouteMatch?) { self.route = route }

    /// For services that need none.
    public static let none = AdmissionTicket(route: nil)
}
