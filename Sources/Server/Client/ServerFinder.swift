/// Finds the server of a project by its discovery file.
enum ServerFinder {
    /// The server of exactly this project folder.
    ///
    /// - Throws: ``StartError`` when there is no such folder, ``ClientError`` when no server announces itself there.
    static func server(of folder: String) throws -> ServerAddress {
        let project = try Project(folder: folder)
        guard let address = address(in: project.folder) else {
            throw ClientError.noServerFound(folder: project.folder)
        }
        return address
    }

    /// The server of this folder or the nearest one above it that has one.
    ///
    /// - Throws: ``ClientError`` when there is none up to the root.
    static func nearest(to folder: String) throws -> ServerAddress {
        let start = Files.canonical(folder) ?? "/"
        guard let project = Files.upwards(from: start, first: { address(in: $0) != nil }),
            let address = address(in: project)
        else { throw ClientError.noServerFound(folder: start) }
        return address
    }

    private static func address(in project: String) -> ServerAddress? {
        let path = DiscoveryFile.path(in: project == "/" ? "" : project)
        guard let content = Files.read(path), let owner = DiscoveryFile.owner(in: content) else { return nil }
        return ServerAddress(
            endpoint: .tcp(host: "localhost", port: owner.port),
            announcement: .init(project: project, processID: owner.processID))
    }
}
