// swift-tools-version: 6.2
import PackageDescription

// Apart from the root package, so that who uses Roost never meets Hummingbird. Run it through Scripts/bench.

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "roost", path: ".."),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    ],
    targets: [
        .executableTarget(
            name: "hummingbird-hello",
            dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            path: "Sources/HummingbirdHello",
            swiftSettings: [.swiftLanguageMode(.v6)]
        )
    ]
)
