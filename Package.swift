// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every Swift target of this package.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "roost",
    products: [
        .executable(name: "roost", targets: ["roost"]),
        .executable(name: "roost-python", targets: ["roost-python"]),
        .executable(name: "roost-webhooks", targets: ["roost-webhooks"]),
        .library(name: "RoostCore", targets: ["RoostCore"]),
        .library(name: "RoostEventLoop", targets: ["RoostEventLoop"]),
        .library(name: "RoostHTTP", targets: ["RoostHTTP"]),
        .library(name: "RoostPersistence", targets: ["RoostPersistence"]),
        .library(name: "RoostPython", targets: ["RoostPython"]),
        .library(name: "RoostServer", targets: ["RoostServer"]),
        .library(name: "RoostWebhooks", targets: ["RoostWebhooks"]),
    ],
    targets: [
        // System libraries and the thinnest C shims.
        .systemLibrary(
            name: "CPython", path: "Sources/CPython", pkgConfig: "python3-embed",
            providers: [.apt(["libpython3-dev"])]),
        .systemLibrary(
            name: "CSQLite", path: "Sources/CSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CLinux", path: "Sources/CLinux"),
        .target(name: "CConnect", path: "Sources/CConnect"),

        // Core ← EventLoop ← HTTP, PythonHandler, Webhooks; Core ← Persistence; all ← Server.
        .target(name: "RoostCore", path: "Sources/Core", swiftSettings: settings),
        .target(
            name: "RoostEventLoop", dependencies: ["RoostCore", "CLinux"],
            path: "Sources/EventLoop", swiftSettings: settings),
        .target(
            name: "RoostHTTP", dependencies: ["RoostCore", "RoostEventLoop", "CLinux"],
            path: "Sources/HTTP", swiftSettings: settings),
        .target(
            name: "RoostPersistence", dependencies: ["RoostCore", "CSQLite"],
            path: "Sources/Persistence", swiftSettings: settings),
        .target(
            name: "RoostPythonWire", path: "Sources/PythonWire", swiftSettings: settings),
        .target(
            name: "RoostPython",
            dependencies: ["RoostCore", "RoostEventLoop", "RoostPythonWire", "CLinux"],
            path: "Sources/PythonHandler", swiftSettings: settings),
        .executableTarget(
            name: "roost-python", dependencies: ["RoostPythonWire", "CPython", "CLinux"],
            path: "Sources/PythonWorker",
            resources: [.embedInCode("Runner/")],
            swiftSettings: settings),
        .target(
            name: "RoostWebhooks", dependencies: ["RoostCore", "RoostEventLoop", "CLinux"],
            path: "Sources/Webhooks", swiftSettings: settings),
        // The only target that links Foundation: a process of its own, there while there is something to send.
        .executableTarget(
            name: "roost-webhooks", dependencies: ["RoostWebhooks", "RoostCore", "CConnect"],
            path: "Sources/WebhookSender", swiftSettings: settings),
        .target(
            name: "RoostServer",
            dependencies: [
                "RoostCore", "RoostEventLoop", "RoostHTTP", "RoostPersistence", "RoostPython",
                "RoostWebhooks", "ExampleHandlers", "CLinux",
            ],
            path: "Sources/Server", swiftSettings: settings),
        .executableTarget(
            name: "roost", dependencies: ["RoostServer"], path: "Sources/Roost",
            swiftSettings: settings),
        .target(
            name: "ExampleHandlers", dependencies: ["RoostCore", "RoostPersistence"],
            path: "Examples/ExampleHandlers", swiftSettings: settings),

        // Here and not in Benchmarks/Package.swift, because what it measures has `package` access.
        .executableTarget(
            name: "roost-micro", dependencies: ["RoostCore", "RoostEventLoop", "RoostHTTP"],
            path: "Benchmarks/Micro", swiftSettings: settings),
        .executableTarget(
            name: "roost-history-bench", dependencies: ["RoostCore", "RoostPersistence"],
            path: "Benchmarks/History", swiftSettings: settings),

        .testTarget(
            name: "CoreTests", dependencies: ["RoostCore"], path: "Tests/CoreTests",
            swiftSettings: settings),
        .testTarget(
            name: "HTTPTests", dependencies: ["RoostHTTP", "RoostEventLoop", "RoostCore", "CLinux"],
            path: "Tests/HTTPTests", exclude: ["Requests"], swiftSettings: settings),
        .testTarget(
            name: "PersistenceTests", dependencies: ["RoostPersistence", "RoostCore", "CSQLite"],
            path: "Tests/PersistenceTests", swiftSettings: settings),
        .testTarget(
            name: "PythonTests",
            dependencies: [
                "RoostPython", "RoostCore", "RoostEventLoop", "RoostPythonWire", "roost-python",
            ],
            path: "Tests/PythonTests", swiftSettings: settings),
        .testTarget(
            name: "PythonWorkerTests", dependencies: ["RoostPythonWire", "roost-python", "CLinux"],
            path: "Tests/PythonWorkerTests", swiftSettings: settings),
        .testTarget(
            name: "WebhooksTests",
            dependencies: [
                "RoostWebhooks", "RoostPersistence", "RoostEventLoop", "RoostCore", "roost-webhooks",
                "CLinux",
            ],
            path: "Tests/WebhooksTests", swiftSettings: settings),
        .testTarget(
            name: "ServerTests", dependencies: ["RoostServer", "RoostCore", "ExampleHandlers"],
            path: "Tests/ServerTests", swiftSettings: settings),
        .testTarget(
            name: "ContractTests",
            dependencies: [
                "roost", "roost-python", "roost-webhooks", "RoostWebhooks", "RoostEventLoop", "RoostCore",
                "CLinux",
            ],
            path: "Tests/ContractTests", exclude: ["Metrics/read-metrics"], swiftSettings: settings),
    ]
)
