internal import RoostCore

/// "UnrealPythonREST API Reference", the main contract; its jobs look as the server's own endpoints show them.
struct ReferencePresenter: Presenter {
    var honoursAsync: Bool { true }

    func translate(_ failure: APIFailure, id: String?) -> APIFailure { failure }
}
