/// What happens to one job, from its beginning and then live, ending after `done`.
public struct JobEvents: Sendable {
    package let live: LiveJob
}
