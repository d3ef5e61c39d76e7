/// What a service says to a request's head.
public enum Admission: Sendable {
    /// Read the body, up to the limit in bytes, and come back with it and the ticket.
    case proceed(ticket: AdmissionTicket, maximumBody: Int)
    /// Answer this at once. The body is not wanted: it is skipped if short, else the connection closes.
    case respond(Response)
}
