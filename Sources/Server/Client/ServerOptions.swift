internal import Glibc
internal import RoostCore

/// The options by which a command finds its server, and who it is to it.
enum ServerOptions {
    static let project = Option<String>(
        "project", "DIR", "the project whose server is asked",
        default: "this folder or one above it that has one")
    static let url = Option<String>("url", "URL", "a server by its address, such as http://127.0.0.1:8080")
    static let unix = Option<String>("unix", "PATH", "a server by its Unix domain socket")
    static let apiKeyFile = Option<String>(
        "api-key-file", "PATH", "the first key of this file is sent; one a line as KEY or NAME:KEY")
    static let apiKey = Option<String>(
        "api-key", "KEY",
        "the key itself; everybody on this machine can read it in the list of processes, so ROOST_API_KEY or a file is better"
    )

    static let section = OptionSection("Server", [project, url, unix, apiKeyFile, apiKey])

    /// A client for the server that the options name.
    ///
    /// - Throws: ``UsageError`` when they contradict each other, ``ClientError`` when there is no such server, and
    ///   ``CommandFailure`` for a key file that cannot be used.
    static func client(_ values: ParsedOptions) throws -> RoostClient {
        let client = RoostClient(address: try address(values), key: try key(values))
        if let announcement = client.address.announcement { try check(announcement, client) }
        return client
    }

    /// A server that was killed leaves its discovery file, and its port may be another project's by now.
    private static func check(_ announcement: ServerAddress.Announcement, _ client: RoostClient) throws {
        var client = client
        client.http.patience = .seconds(10)
        guard try client.get("/health")["pid"]?.int != announcement.processID else { return }
        throw ClientError.otherServer(address: client.address.description, project: announcement.project)
    }

    private static func address(_ values: ParsedOptions) throws -> ServerAddress {
        let ways: [Option<String>] = [unix, url, project]
        let flags = ways.filter { values.isFlag($0) }
        guard flags.count < 2 else {
            throw UsageError(
                "only one of " + flags.map { "--\($0.name)" }.joined(separator: ", ") + " can be given")
        }
        // What stands on the command line counts more than any variable.
        let way = flags.first ?? ways.first { values[$0] != nil }
        guard let way, let text = values[way] else { return try ServerFinder.nearest(to: ".") }
        switch way.name {
        case unix.name: return ServerAddress(endpoint: .unix(text))
        case url.name: return try ServerAddress(url: text)
        default: return try ServerFinder.server(of: text)
        }
    }

    private static func key(_ values: ParsedOptions) throws -> String? {
        if values.isFlag(apiKey), values.isFlag(apiKeyFile) {
            throw UsageError("only one of --api-key and --api-key-file can be given")
        }
        if let key = values[apiKey], !values.isFlag(apiKeyFile) {
            return try checked(key, from: "the API key")
        }
        guard let path = values[apiKeyFile] else { return nil }
        guard let bytes = Files.read(path, maximum: 8 << 20) else {
            throw CommandFailure("the API key file '\(path)' cannot be read")
        }
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let text = line.filter { $0 != " " && $0 != "\t" }
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            let key = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).last
            return try checked(String(key ?? ""), from: "the first key of '\(path)'")
        }
        throw CommandFailure("the API key file '\(path)' holds no key")
    }

    /// What is no key must not reach a header field. No part of it is in the message.
    private static func checked(_ key: String, from source: String) throws -> String {
        guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandFailure("\(source) is none: a key is visible ASCII without spaces")
        }
        return key
    }
}
