internal import Glibc

/// The folder that a server serves.
struct Project: Sendable, Equatable {
    /// Absolute, without symbolic links and without a trailing slash.
    let folder: String
    /// The base name of its `*.uproject` file, else the folder's name.
    let name: String

    /// - Throws: ``StartError`` when there is no such folder.
    init(folder: String) throws(StartError) {
        guard let path = Files.canonical(folder), Files.isFolder(path) else {
            throw StartError("--project \(folder): there is no such folder")
        }
        self.folder = path
        let file = Files.names(in: path).first { $0.hasSuffix(".uproject") && $0.utf8.count > 9 }
        name = file.map { String($0.dropLast(9)) } ?? path.split(separator: "/").last.map(String.init) ?? "/"
    }
}
